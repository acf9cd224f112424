import { Pace } from '../budget.ts';
import type { Checker } from '../checker.ts';
import { Reports } from '../shared/reports.ts';
import { HARMLESS_OPTION, type HarmlessOption, type Structure, structuresOf } from '../shared/structures.ts';
import { timelessReason } from '../shared/timeless.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { plural } from '../shared/words.ts';
import { losses, surplus } from './explanation.ts';
import { lossesOf } from './losses.ts';
import { match } from './matching.ts';
import { deadlinesOf, queueHistoryOf } from './queue-history.ts';

export interface TotalQueueOptions extends HarmlessOption {
  /** An element that comes out more often than it was put in is a violation; otherwise it is counted only (at least once). */
  readonly exactlyOnce?: boolean;
  /** The queue was emptied in the end, even where no drain or dequeue of the history says so. */
  readonly drained?: boolean;
}

/**
 * What goes in must come out: `enqueue` v, `dequeue` -> v, `drain` -> [v...], in whatever order.
 * - `lost`: an acknowledged element that never came out, although later a dequeue found the queue empty or a drain emptied it.
 * - `unexpected`: an element came out that nobody had tried to put in, or only with certain failure, or not yet.
 * - `duplicate`: it came out more often than anybody tried to put it in; a violation if it must be `exactlyOnce`.
 *
 * Exact about indeterminate operations: such an enqueue may come out (`recovered`) or not; such a dequeue may have taken any one element at any time from
 * its invocation on, so that only more missing elements than there are such dequeues prove a loss; such a drain may have taken all.
 * What is missing where nothing says that the queue was empty may still be in it (`remaining`), unless the option `drained` says so: Jepsen's `total-queue` takes it for granted.
 * The order of elements, and an element that comes out after the queue was found empty, are for `linearizable` to judge.
 *
 * Unknown if nothing was acknowledged, nothing came out and nothing says that the queue was empty, or the time is over.
 */
export const totalQueue: Checker<TotalQueueOptions> = {
  name: 'total-queue',
  summary: 'what goes into a queue comes out: nothing lost, nothing unexpected, duplicates counted',
  cost: 'O(n log n) in the elements put in and taken out',
  options: {
    type: 'object',
    properties: {
      exactlyOnce: {
        description: 'an element that comes out twice is a violation',
        type: 'boolean',
        default: false,
      },
      drained: {
        description: 'the queue was emptied in the end, even where the history does not show it',
        type: 'boolean',
        default: false,
      },
      ...HARMLESS_OPTION,
    },
    additionalProperties: false,
  },
  check(history, options, budget) {
    const { structures, figures, reason } = structuresOf(history, ['enqueue', 'dequeue', 'drain'], options);
    const reports = new Reports();
    const counts = {
      enqueued: 0,
      acknowledged: 0,
      dequeued: 0,
      lost: 0,
      missing: 0,
      remaining: 0,
      unexpected: 0,
      duplicated: 0,
      recovered: 0,
      foundEmpty: 0,
    };
    const timeless = timelessReason(history);
    if (timeless !== undefined) return verdictOf(this.name, { anomalies: [], reason: timeless }, figures);
    const pace = new Pace(budget);
    let judged = 0;
    for (const structure of structures) {
      judge(structure, options, reports, counts, pace);
      if (pace.ended) break;
      judged++;
    }
    const outOfTime = pace.reason(judged, plural(structures.length, 'key'));
    return verdictOf(
      this.name,
      {
        anomalies: reports.anomalies,
        reason: reason ?? outOfTime ?? missing(counts, options.drained === true),
      },
      { ...figures, ...counts },
    );
  },
};

type Counts = {
  [name in 'enqueued' | 'acknowledged' | 'dequeued' | 'lost' | 'missing' | 'remaining']: number;
} & {
  [name in 'unexpected' | 'duplicated' | 'recovered' | 'foundEmpty']: number;
};

function missing({ acknowledged, dequeued, foundEmpty }: Counts, drained: boolean): string | undefined {
  if (acknowledged + dequeued === 0) return 'no enqueue was acknowledged, and nothing came out';
  if (foundEmpty === 0 && !drained)
    return 'no drain succeeded and no dequeue found the queue empty, so what did not come out may still be there (option "drained" says that it is not)';
  return undefined;
}

/** A queue that the time is not enough for counts for nothing. */
function judge(
  structure: Structure,
  options: TotalQueueOptions,
  reports: Reports,
  counts: Counts,
  pace: Pace,
): void {
  if (pace.over(structure.pairs.length)) return;
  const queue = queueHistoryOf(structure);
  const deadlines = deadlinesOf(queue, options.drained === true);
  const matching = match(queue, deadlines, pace);
  if (matching === undefined) return;
  const found = lossesOf(queue, matching.matched, deadlines);
  const acknowledged = queue.entered.filter(({ by }) => by.completion?.type === 'ok').length;
  counts.enqueued += queue.entered.length;
  counts.acknowledged += acknowledged;
  counts.dequeued += queue.taken.length;
  counts.foundEmpty += queue.empties.length;
  counts.missing += found.missing.length;
  counts.remaining += found.remaining;
  counts.lost += found.lost;
  queue.entered.forEach(({ by }, at) => {
    if (matching.matched[at] === 1 && by.completion?.type !== 'ok') counts.recovered++;
  });
  for (const item of matching.surplus) {
    if (item.kind === 'duplicate') {
      counts.duplicated++;
      if (options.exactlyOnce !== true) continue;
    } else counts.unexpected++;
    reports.add(item.kind, () => surplus(queue, item));
  }
  if (found.lost > 0) reports.add('lost', () => losses(queue, found, deadlines));
}
