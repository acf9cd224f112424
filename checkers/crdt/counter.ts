import type { OperationPair } from '../../histories/index.ts';
import { Pace } from '../budget.ts';
import type { Checker } from '../checker.ts';
import { type CounterHistory, counterHistoryOf } from '../counter/counter-history.ts';
import { Reports } from '../shared/reports.ts';
import { endOfPair, HARMLESS_OPTION, type HarmlessOption, structuresOf } from '../shared/structures.ts';
import { timelessReason } from '../shared/timeless.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { describeOperation, indicesOf, list, ofKey, plural } from '../shared/words.ts';
import { type FinalRead, finalReadsOf } from './final-reads.ts';
import { hasSubsetSum } from './subset-sum.ts';

export interface CrdtCounterOptions extends HarmlessOption {
  /** What a counter holds before anything was added. */
  readonly initial?: number;
}

/**
 * A replicated counter once it has settled: `add` integer, `read` -> integer, judged by the final reads (see `set`). Each must be the sum of the adds that were
 * acknowledged before it, plus some of those that are indeterminate or overlap with it: `wrong-sum` otherwise. Whether some of them sum up to what is missing is decided
 * exactly where their sums lie within a range of a few million; else by bounds and the greatest common divisor, and what is left open makes the verdict unknown.
 *
 * Unknown too if there are no final reads, or nothing was added.
 */
export const crdtCounter: Checker<CrdtCounterOptions> = {
  name: 'crdt-counter',
  summary: 'a replicated counter in the end holds the sum of what was added',
  cost: 'O(n) for each final read, and a subset sum of the indeterminate adds, up to 16 M steps',
  options: {
    type: 'object',
    properties: {
      initial: { description: 'what a counter holds at first', type: 'integer', default: 0 },
      ...HARMLESS_OPTION,
    },
    additionalProperties: false,
  },
  check(history, options, budget) {
    const { structures, figures, reason } = structuresOf(history, ['add', 'read'], options);
    const timeless = timelessReason(history);
    if (timeless !== undefined) return verdictOf(this.name, { anomalies: [], reason: timeless }, figures);
    const readsOf = finalReadsOf(history);
    const reports = new Reports();
    const pace = new Pace(budget ?? {});
    const counts = { adds: 0, finalReads: 0, undecided: 0 };
    for (const structure of structures) {
      const counting = counterHistoryOf(structure, options.initial ?? 0);
      if (counting === undefined) continue;
      const adds = counting.pairs.filter(({ invocation }) => invocation.f === 'add');
      counts.adds += adds.length;
      for (const read of readsOf(structure)) {
        if (!Number.isSafeInteger(read.completion.value)) continue;
        if (pace.over(1 + adds.length)) break;
        counts.finalReads++;
        judge(counting, adds, read, reports, counts);
      }
    }
    return verdictOf(
      this.name,
      {
        anomalies: reports.anomalies,
        reason: reason ?? pace.reason(counts.finalReads, 'the final reads') ?? missing(counts),
      },
      { ...figures, ...counts },
    );
  },
};

function missing(counts: { adds: number; finalReads: number; undecided: number }): string | undefined {
  if (counts.finalReads === 0) return 'no read at the end returned an integer of a counter of integers';
  if (counts.adds === 0) return 'nothing was added';
  return counts.undecided === 0
    ? undefined
    : `the sums of indeterminate adds are too many to be tried for ${plural(counts.undecided, 'final read')} (the bound is 16777216 steps each)`;
}

function judge(
  { key, initial }: CounterHistory,
  adds: readonly OperationPair[],
  read: FinalRead,
  reports: Reports,
  counts: { undecided: number },
): void {
  const begun = adds.filter(({ invocation }) => invocation.index < read.completion.index);
  const certain = begun.filter((add) => endOfPair(add) < read.invocation.index);
  const open = begun.filter((add) => endOfPair(add) >= read.invocation.index);
  const sum = initial + certain.reduce((total, { invocation }) => total + (invocation.value as number), 0);
  const value = read.completion.value as number;
  const decided = hasSubsetSum(
    open.map(({ invocation }) => invocation.value as number),
    value - sum,
  );
  if (decided === 'unknown') counts.undecided++;
  if (decided !== false) return;
  const uncertain =
    open.length === 0
      ? 'no add is indeterminate'
      : `no choice of the ${plural(open.length, 'uncertain add')} (${list(open.map(describeOperation))}) adds up to the difference of ${value - sum}`;
  reports.add('wrong-sum', () => ({
    ...(key !== undefined && { key }),
    explanation: `In the end ${describeOperation(read)} of the counter${ofKey(key)}, but the ${plural(certain.length, 'add')} acknowledged before make ${sum} (it began with ${initial}), and ${uncertain}.`,
    operations: indicesOf([...open.slice(0, 32), read]),
    data: { value, acknowledged: sum },
  }));
}
