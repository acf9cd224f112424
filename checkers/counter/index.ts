import type { OperationPair } from '../../histories/index.ts';
import { Pace } from '../budget.ts';
import type { Checker } from '../checker.ts';
import { Reports } from '../shared/reports.ts';
import { HARMLESS_OPTION, type HarmlessOption, structuresOf } from '../shared/structures.ts';
import { timelessReason } from '../shared/timeless.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { plural } from '../shared/words.ts';
import { type Bounds, upperBounds } from './bounds.ts';
import { type CounterHistory, counterHistoryOf } from './counter-history.ts';
import { inconsistentReads, outOfBounds } from './explanation.ts';

export interface CounterOptions extends HarmlessOption {
  /** What a counter holds before anything was added. */
  readonly initial?: number;
}

/**
 * Counters with `add` integer (a negative one makes it what is called a pn-counter) and `read` -> integer. Every read must lie between what the adds that certainly
 * took effect before it add up to, and what those that may have do: `out-of-bounds` otherwise. An add certainly took effect if it was acknowledged before the
 * read was invoked; it may have if it was invoked before the read was over and did not fail; a lower bound counts uncertain adds if
 * they are negative, an upper bound if they are positive. An indeterminate add stays uncertain for ever.
 * The same holds for the difference between a read and any read that was over before it was invoked: `inconsistent-reads` otherwise.
 *
 * Exact for these two definitions. Sound for linearizability: what is reported cannot be explained by any order of the operations. Not complete for it: whether
 * some of the uncertain adds sum up to exactly what was read is not asked (in general that is the subset sum problem), nor what follows from reads that overlap.
 *
 * Unknown if no read succeeded, nothing was added, or the time is over.
 */
export const counter: Checker<CounterOptions> = {
  name: 'counter',
  summary: 'every read of a counter lies between what was certainly added and what may have been',
  cost: 'O(n log n)',
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
    const reports = new Reports();
    const counts = { adds: 0, reads: 0, exactReads: 0, outOfBounds: 0, inconsistentReads: 0 };
    const pace = new Pace(budget);
    let judged = 0;
    let malformedReads = 0;
    let notIntegers = 0;
    for (const structure of structures) {
      const counting = counterHistoryOf(structure, options.initial ?? 0);
      if (counting === undefined) {
        notIntegers++;
        continue;
      }
      malformedReads += counting.malformed;
      judge(counting, reports, counts, pace);
      if (pace.ended) break;
      judged++;
    }
    counts.outOfBounds = reports.count('out-of-bounds');
    counts.inconsistentReads = reports.count('inconsistent-reads');
    return verdictOf(
      this.name,
      {
        anomalies: reports.anomalies,
        reason:
          reason ?? pace.reason(judged, plural(structures.length, 'key')) ?? missing(counts, notIntegers),
      },
      {
        ...figures,
        ...counts,
        ...(malformedReads > 0 && { malformedReads }),
        ...(notIntegers > 0 && { keysWithoutIntegers: notIntegers }),
      },
    );
  },
};

interface Counts {
  adds: number;
  reads: number;
  exactReads: number;
}

function missing({ adds, reads }: Counts, notIntegers: number): string | undefined {
  if (reads > 0 && adds > 0) return undefined;
  if (reads + adds === 0 && notIntegers > 0)
    return 'not all that was added are integers that sum up exactly, so no counter can be judged';
  return reads === 0 ? 'no read succeeded' : 'nothing was added, or all adds failed';
}

/** Stops once the time is over: what was found until then holds. */
function judge(counting: CounterHistory, reports: Reports, counts: Counts, pace: Pace): void {
  const steps = counting.pairs.length;
  if (pace.over(steps)) return;
  const upper = upperBounds(counting, 1);
  if (pace.over(steps)) return;
  const lower = upperBounds(counting, -1);
  const reads = counting.pairs.filter((_, at) => counting.readAt[at]! >= 0);
  counts.reads += reads.length;
  counts.adds += counting.pairs.length - reads.length;
  for (const [at, read] of reads.entries()) {
    if (pace.over()) return;
    const value = read.completion?.value as number;
    if (upper.tightened[at]! === -lower.tightened[at]!) counts.exactReads++;
    judgeRead(counting, reports, reads, read, value, at, upper, 1);
    judgeRead(counting, reports, reads, read, value, at, lower, -1);
  }
}

function judgeRead(
  counting: CounterHistory,
  reports: Reports,
  reads: readonly OperationPair[],
  read: OperationPair,
  value: number,
  at: number,
  { alone, tightened, earlier }: Bounds,
  sign: 1 | -1,
): void {
  if (sign * value > alone[at]!) {
    reports.add('out-of-bounds', () => outOfBounds(counting, read, sign * alone[at]!, sign));
  } else if (sign * value > tightened[at]!) {
    const before = reads[earlier[at]!]!;
    reports.add('inconsistent-reads', () =>
      inconsistentReads(counting, before, read, sign * tightened[at]!, sign),
    );
  }
}
