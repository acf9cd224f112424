import { isObservation, isOperation, type Json } from '../../histories/index.ts';
import { Pace } from '../budget.ts';
import type { Anomaly, Checker, Verdict } from '../checker.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { inWords, list, plural } from '../shared/words.ts';
import { type Key, merge, splitByKey } from './split-by-key.ts';

/** Keys whose figures are shown: the others are counted. */
const SHOWN = 16;

export interface IndependentSettings {
  /** The key is in the value, `[key, value]`, as Jepsen's `independent` writes it, and not in `key`. Default false. */
  readonly tagged?: boolean;
}

/**
 * A checker for each key by itself: for what is promised for single objects only, and for checkers that know nothing of keys. Exact if
 * the promise is local to a key (linearizability is; serializability of transactions over several keys is not).
 *
 * Each key's history has the operations of that key, and all faults and phases, but no observations of hosts. Operations
 * without a key are taken together. A key of which no operation succeeded is counted as `unanswered` where it cannot be judged. Steps and memory of the budget are for each key, its time is for all: keys that it does not suffice for are
 * unknown and named. Cost: that of the checker for each key, and keys × faults.
 *
 * @throws UncheckableHistory for values that are not `[key, value]`, if `tagged`; and what the checker throws.
 */
export function independent<Options>(
  checker: Checker<Options>,
  { tagged = false }: IndependentSettings = {},
): Checker<Options> {
  const name = `independent(${checker.name})`;
  return {
    name,
    summary: `for each key: ${checker.summary}`,
    cost: `for each key: ${checker.cost}`,
    options: checker.options,
    check(history, options, budget) {
      const keys = splitByKey(history, tagged);
      const others = history.events.filter((event) => !isOperation(event) && !isObservation(event));
      const pace = new Pace(budget ?? {});
      const judged: Judged[] = [];
      const left: (Key | undefined)[] = [];
      let total = 0;
      for (const operations of keys.values()) total += operations.length;
      let done = 0;
      for (const [key, operations] of keys) {
        if (pace.over(operations.length)) {
          left.push(key);
          continue;
        }
        const before = done;
        const verdict = checker.check({ ...history, events: merge(operations, others) }, options, {
          ...budget,
          progress: (part, of) =>
            budget?.progress?.(before + Math.floor((operations.length * part) / Math.max(1, of)), total),
        });
        const answered = operations.some(({ type }) => type === 'ok');
        judged.push({ key, verdict, operations: operations.length, answered });
        done += operations.length;
      }
      const reason =
        left.length === 0
          ? undefined
          : `the bound of ${pace.bound} was reached after ${plural(judged.length, 'key')}, before ${list(left.map(nameOf))}`;
      return merged(name, judged, left.length, reason);
    },
  };
}

interface Judged {
  readonly key: Key | undefined;
  readonly verdict: Verdict;
  readonly operations: number;
  /** Somebody was told something of this key. */
  readonly answered: boolean;
}

function merged(name: string, judged: readonly Judged[], left: number, late: string | undefined): Verdict {
  // Those that fail, and of these the smallest, first.
  const rank = { invalid: 0, unknown: 1, valid: 2 };
  const sorted = [...judged].sort(
    (a, b) => rank[a.verdict.validity] - rank[b.verdict.validity] || a.operations - b.operations,
  );
  const failing = sorted.filter(({ verdict }) => verdict.validity === 'invalid');
  const unknown = sorted.filter(({ verdict }) => verdict.validity === 'unknown');
  // Of a key that nobody got an answer about nothing can be said, and need not be: as long as another could be judged.
  const isJudged = sorted.some(({ verdict }) => verdict.validity === 'valid');
  const undecided = unknown.filter(({ answered }) => answered || !isJudged);
  const anomalies = failing.flatMap(({ key, verdict }) =>
    verdict.anomalies.map(
      (anomaly): Anomaly => (key === undefined || anomaly.key !== undefined ? anomaly : { ...anomaly, key }),
    ),
  );
  const reasons: string[] = late === undefined ? [] : [late];
  const first = undecided[0];
  if (first !== undefined) {
    const rest = undecided.length === 1 ? '' : ` (${undecided.length} of ${judged.length} keys are unknown)`;
    reasons.push(`${nameOf(first.key)}: ${first.verdict.reason ?? 'no reason given'}${rest}`);
  }
  if (judged.length + left === 0) reasons.push('the history has no operations');
  const figures: { [figure: string]: Json } = {
    keys: judged.length + left,
    invalid: failing.length,
    unknown: undecided.length + left,
    ...(unknown.length > undecided.length && { unanswered: unknown.length - undecided.length }),
    ...(failing.length > 0 && {
      failing: list(
        failing.map(({ key }) => nameOf(key)),
        SHOWN,
      ),
    }),
    byKey: sorted.slice(0, SHOWN).map(({ key, verdict }) => ({
      key: key ?? null,
      validity: verdict.validity,
      ...(verdict.reason !== undefined && { reason: verdict.reason }),
      ...verdict.figures,
    })),
  };
  return verdictOf(name, { anomalies, reason: reasons.join('; ') || undefined }, figures);
}

function nameOf(key: Key | undefined): string {
  return key === undefined ? 'operations without a key' : `key ${inWords(key)}`;
}
