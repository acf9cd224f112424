import type { History, Operation } from '../../../histories/index.ts';
import { Pace } from '../../budget.ts';
import type { Checker } from '../../checker.ts';
import { Reports } from '../../shared/reports.ts';
import { HARMLESS_OPTION, type HarmlessOption, NEVER, structuresOf } from '../../shared/structures.ts';
import { timelessReason } from '../../shared/timeless.ts';
import { verdictOf } from '../../shared/verdicts.ts';
import { describeOperation, indicesOf, ofKey, plural } from '../../shared/words.ts';
import { Clients } from '../clients.ts';
import { type Hold, holdsOf } from './holds.ts';
import { type Misordered, misorderedTokens } from './tokens.ts';

export interface FencedLockOptions extends HarmlessOption {
  /** Nanoseconds after which a lock ends by itself, released or not; never if absent. */
  readonly lease?: number;
  /** Judge that two clients never hold the lock at once. Without, only the tokens are judged. */
  readonly exclusive?: boolean;
}

/**
 * A lock with `acquire` (-> fencing token, an integer, or anything else for a lock without tokens) and `release`, for each key.
 * - `double-hold`: two acquisitions were certainly in force at once. An acknowledged acquire is in force from its completion to the invocation of its client's
 *   next release that may have happened, or to the end of its `lease`. Indeterminate acquires are never certain.
 * - `token-order`: a token is not larger than that of an earlier acquisition, or two are equal. Where all were certainly in force, one after the other, they
 *   are ordered by their completions; otherwise one is before another only if it was over before that was invoked.
 *
 * Exact for a mutex without lease in which a client's release of a lock that it does not hold changes nothing: there is a double hold if and only if the
 * operations cannot be ordered. Except that after an indeterminate release a client's later acquisitions count as uncertain, though that release can end only one of them.
 * The lock is not re-entrant.
 *
 * Unknown if no key was acquired twice.
 */
export const fencedLock: Checker<FencedLockOptions> = {
  name: 'fenced-lock',
  summary: 'a lock is held by one client at a time, and its fencing tokens grow',
  cost: 'O(n log n)',
  options: {
    type: 'object',
    properties: {
      lease: {
        description: 'nanoseconds after which a lock ends by itself, released or not',
        type: 'number',
        exclusiveMinimum: 0,
      },
      exclusive: { description: 'judge that two never hold it at once', type: 'boolean', default: true },
      ...HARMLESS_OPTION,
    },
    additionalProperties: false,
  },
  check(history, options, budget) {
    const { structures, figures, reason } = structuresOf(history, ['acquire', 'release'], options);
    const timeless = timelessReason(history);
    if (timeless !== undefined) return verdictOf(this.name, { anomalies: [], reason: timeless }, figures);
    const clients = Clients.of(history);
    const expiry = expiryOf(history, options.lease);
    const exclusive = options.exclusive ?? true;
    const reports = new Reports();
    const pace = new Pace(budget ?? {});
    let judged = 0;
    const counts = { acquired: 0, compared: 0, tokens: 0, doubleHolds: 0, tokensOutOfOrder: 0 };
    for (const structure of structures) {
      if (pace.over(structure.pairs.length)) break;
      const { key } = structure;
      const holds = holdsOf(structure, clients, expiry);
      const tokens = holds.filter(({ token }) => token !== undefined).length;
      counts.acquired += holds.length;
      counts.compared += Math.max(0, (exclusive ? holds.length : tokens) - 1);
      counts.tokens += tokens;
      const doubles = exclusive ? doubleHolds(holds) : [];
      counts.doubleHolds += doubles.length;
      for (const [first, second] of doubles) {
        reports.add('double-hold', () => doubleHold(key, first, second, options.lease));
      }
      const ordered = exclusive && doubles.length === 0 && holds.every(({ from, until }) => until > from);
      const misordered = misorderedTokens(holds, ordered);
      counts.tokensOutOfOrder += misordered.length;
      for (const found of misordered) reports.add('token-order', () => tokenOrder(key, found));
      judged++;
    }
    const outOfTime = pace.reason(judged, plural(structures.length, 'key'));
    const vacuous =
      counts.compared > 0
        ? undefined
        : `no key was acquired twice${exclusive ? '' : ' with a token'}, so nothing can be compared`;
    return verdictOf(
      this.name,
      { anomalies: reports.anomalies, reason: reason ?? outOfTime ?? vacuous },
      { ...figures, ...counts },
    );
  },
};

/** The index of the first event at or after the end of the lease. */
function expiryOf({ events }: History, lease: number | undefined): (acquire: Operation) => number {
  if (lease === undefined) return () => NEVER;
  return ({ time }) => {
    let low = 0;
    let high = events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (events[middle]!.time >= time + lease) high = middle;
      else low = middle + 1;
    }
    return low < events.length ? events[low]!.index : NEVER;
  };
}

/** For each hold that began while another was in force the one that lasted longest. Cost: linear. */
function doubleHolds(holds: readonly Hold[]): [Hold, Hold][] {
  const found: [Hold, Hold][] = [];
  let longest: Hold | undefined;
  for (const hold of holds) {
    // Never certain: its lease was over before its acquire, or a late release may have ended it.
    if (hold.until <= hold.from) continue;
    if (longest !== undefined && hold.from < longest.until) found.push([longest, hold]);
    if (longest === undefined || hold.until > longest.until) longest = hold;
  }
  return found;
}

function doubleHold(key: string | number | undefined, first: Hold, second: Hold, lease: number | undefined) {
  const end =
    first.release === undefined
      ? `had not released it${lease === undefined ? '' : ', and its lease was not over'}`
      : `released it only later (${describeOperation(first.release)})`;
  return {
    ...(key !== undefined && { key }),
    explanation: `The lock${ofKey(key)} was held twice: ${describeOperation(first.acquire)} had acquired it and ${end}, when ${describeOperation(second.acquire)} acquired it too.`,
    operations: indicesOf([
      first.acquire,
      ...(first.release === undefined ? [] : [first.release]),
      second.acquire,
    ]),
  };
}

function tokenOrder(key: string | number | undefined, { earlier, later, equal }: Misordered) {
  const [a, b] = [earlier.token ?? null, later.token ?? null];
  const how = equal
    ? `the same token ${a}`
    : `token ${a} to the earlier and ${b} to the later of two acquisitions`;
  return {
    ...(key !== undefined && { key }),
    explanation: `The lock${ofKey(key)} gave ${how}: ${describeOperation(earlier.acquire)} = ${a}, and ${describeOperation(later.acquire)} = ${b}. A fencing token must be larger than all before it.`,
    operations: indicesOf([earlier.acquire, later.acquire]),
    data: { tokens: [a, b] },
  };
}
