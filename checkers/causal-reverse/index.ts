import type { History, Json, OperationPair } from '../../histories/index.ts';
import { Pace } from '../budget.ts';
import type { Checker } from '../checker.ts';
import { type Identity, identityOf } from '../shared/identity.ts';
import { Reports } from '../shared/reports.ts';
import { endOfPair, HARMLESS_OPTION, type HarmlessOption, structuresOf } from '../shared/structures.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { describeOperation, indicesOf, inWords, seconds } from '../shared/words.ts';
import { forbidding, isClaimed, UNCLAIMED_OPTION, type UnclaimedOption } from '../transactions/claimed.ts';

export type CausalReverseOptions = UnclaimedOption & HarmlessOption;

/** Who wrote a value. */
interface Written {
  readonly value: Json;
  readonly identity: Identity;
  /** Of the writes that did not fail, the one invoked first. */
  first: OperationPair | undefined;
  /** Of the acknowledged ones, the one that completed first. */
  acknowledged: OperationPair | undefined;
  /** One that failed. */
  failed: OperationPair | undefined;
}

/**
 * Effects without their causes: `write` of a value inserts it, `read` shows all values inserted. Where one write was acknowledged before another was invoked, a
 * read that shows the second must show the first: transactions that are strictly serializable keep that order; serializable ones need not, and the reversal
 * was first seen in CockroachDB (Jepsen's `comments` and `causal-reverse`). The anomalies:
 *
 * - `causal-reverse`: a read shows a write, and not one that was acknowledged before it was invoked;
 * - `garbage-read`, `aborted-read`, `future-read`: a value that nobody wrote, whose writes had all failed, or were all invoked later.
 *
 * Exact for that, also where values are written repeatedly: of a value shown, the earliest write may be the one; an absent value was written by nobody. An indeterminate write that
 * is shown has happened, at its invocation or later. The first is judged only where the history claims a model that forbids it (strong snapshot isolation,
 * strict serializability), or claims nothing. With keys, each key is a table of its own.
 */
export const causalReverse: Checker<CausalReverseOptions> = {
  name: 'causal-reverse',
  summary: 'a read that shows a write shows all that were acknowledged before it was invoked',
  cost: 'O(n log n) and linear in the values read',
  options: {
    type: 'object',
    properties: { ...UNCLAIMED_OPTION, ...HARMLESS_OPTION },
    additionalProperties: false,
  },
  check(history, options, budget) {
    const { structures, figures, reason } = structuresOf(history, ['write', 'read'], options);
    if (reason !== undefined) return verdictOf(this.name, { anomalies: [], reason }, figures);
    const claimed = isClaimed(history, options, forbidding('G-single-realtime'));
    const reports = new Reports();
    const pace = new Pace(budget ?? {});
    const counts = { writes: 0, reads: 0, valuesRead: 0, reversed: 0, malformedReads: 0 };
    for (const { key, pairs } of structures) {
      const of = key === undefined ? {} : { key };
      const values = valuesOf(pairs);
      const acknowledged = byCompletion(values);
      counts.writes += acknowledged.length;
      for (const read of pairs) {
        if (read.invocation.f !== 'read' || read.completion?.type !== 'ok') continue;
        const shown = read.completion.value;
        if (!Array.isArray(shown)) {
          counts.malformedReads++;
          continue;
        }
        if (pace.over(1 + shown.length)) break;
        counts.reads++;
        counts.valuesRead += shown.length;
        const seen = new Set<Identity>();
        let latest: Written | undefined;
        for (const value of shown as readonly Json[]) {
          const identity = identityOf(value);
          if (seen.has(identity)) continue;
          seen.add(identity);
          const written = values.get(identity);
          const wrong = sourceless(read, value, written);
          if (wrong !== undefined) {
            reports.add(wrong.name, () => ({ ...of, ...wrong.anomaly() }));
            continue;
          }
          if (latest === undefined || written!.first!.invocation.index > latest.first!.invocation.index)
            latest = written;
        }
        if (latest === undefined) continue;
        const missing = acknowledged.find(({ identity }) => !seen.has(identity));
        if (missing === undefined) continue;
        if (endOfPair(missing.acknowledged!) > latest.first!.invocation.index) continue;
        counts.reversed++;
        const [cause, effect] = [missing, latest];
        if (claimed) reports.add('causal-reverse', () => ({ ...of, ...reversal(read, cause, effect) }));
      }
    }
    const { malformedReads, ...rest } = counts;
    const all = {
      ...figures,
      ...rest,
      ...(malformedReads > 0 && { malformedReads }),
      ...(!claimed && { judged: unpromised(history) }),
    };
    const outOfTime = pace.reason(counts.reads, 'the reads');
    const untested =
      outOfTime !== undefined
        ? { reason: outOfTime }
        : counts.reads === 0
          ? { reason: 'no read of a list of values was acknowledged' }
          : counts.writes === 0
            ? { reason: 'no write was acknowledged' }
            : {};
    return verdictOf(this.name, { anomalies: reports.anomalies, ...untested }, all);
  },
};

function unpromised({ header }: History): string {
  return `${header.claims?.consistency} promises nothing of real time`;
}

function valuesOf(pairs: readonly OperationPair[]): Map<Identity, Written> {
  const values = new Map<Identity, Written>();
  for (const pair of pairs) {
    const { invocation, completion } = pair;
    if (invocation.f !== 'write') continue;
    const identity = identityOf(invocation.value);
    let written = values.get(identity);
    if (written === undefined) {
      const { value } = invocation;
      written = { value, identity, first: undefined, acknowledged: undefined, failed: undefined };
      values.set(identity, written);
    }
    if (completion?.type === 'fail') written.failed ??= pair;
    else written.first ??= pair;
    if (
      completion?.type === 'ok' &&
      (written.acknowledged === undefined || endOfPair(pair) < endOfPair(written.acknowledged))
    )
      written.acknowledged = pair;
  }
  return values;
}

/** Acknowledged values, the one that was so first at the beginning. A read passes over those that it shows, and is done at the first other one. */
function byCompletion(values: ReadonlyMap<Identity, Written>): Written[] {
  return [...values.values()]
    .filter(({ acknowledged }) => acknowledged !== undefined)
    .sort((a, b) => endOfPair(a.acknowledged!) - endOfPair(b.acknowledged!));
}

/** What is wrong with a value in itself, if anything. */
function sourceless(read: OperationPair, value: Json, written: Written | undefined) {
  const shows = `${describeOperation(read)} shows ${inWords(value)}`;
  const proof = (name: string, why: string, source?: OperationPair) => ({
    name,
    anomaly: () => ({
      explanation: `The read by ${shows}, ${why}`,
      operations: indicesOf(source === undefined ? [read] : [source, read]),
      data: { value },
    }),
  });
  if (written === undefined) return proof('garbage-read', 'which nobody ever tried to write.');
  const { first, failed } = written;
  if (first === undefined)
    return proof('aborted-read', `whose write failed: ${describeOperation(failed!)}.`, failed);
  if (first.invocation.index > read.completion!.index)
    return proof('future-read', `which was written later: ${describeOperation(first)}.`, first);
  return undefined;
}

function reversal(read: OperationPair, cause: Written, effect: Written) {
  const [first, second] = [cause.acknowledged!, effect.first!];
  return {
    explanation: [
      `The read by ${describeOperation(read)} shows ${inWords(effect.value)} and not ${inWords(cause.value)}.`,
      `But the write of ${inWords(cause.value)} was acknowledged at ${seconds(first.completion!.time)} (${describeOperation(first)}),`,
      `before ${inWords(effect.value)} was written by anybody (${describeOperation(second)}, invoked at ${seconds(second.invocation.time)}): whoever sees the second must see the first.`,
    ].join(' '),
    operations: indicesOf([first, second, read]),
    data: { missing: cause.value, shown: effect.value },
  };
}
