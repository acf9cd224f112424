import { Pace } from '../budget.ts';
import type { Checker } from '../checker.ts';
import { Reports } from '../shared/reports.ts';
import { timelessReason } from '../shared/timeless.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { plural } from '../shared/words.ts';
import { explainLoss, explainStep, explainUnseen, explainWrong } from './explanation.ts';
import { type Log, logsOf } from './logs.ts';
import { lossesOf } from './losses.ts';
import { type LogOperation, logOperationsOf } from './operations.ts';
import { misstepsOf } from './positions.ts';
import { precommittedReads, wrongValues } from './values.ts';

export interface KafkaOptions {
  /** Offsets of a log may have gaps: markers of transactions, compaction. */
  readonly gaps?: boolean;
  /** Every consumer begins at the beginning of a log (unless it is told where by the system's groups). */
  readonly fromBeginning?: boolean;
  /** In the end consumers had polled all that there was: what nobody polled is a violation. */
  readonly caughtUp?: boolean;
}

/**
 * Logs with offsets, one for each key, as Kafka and its kin keep them: `send`, `poll` and `txn` with lists of `["send", key, value]` (-> `["send", key, [offset, value]]`) and `["poll"]`
 * (-> `["poll", {key: [[offset, value]...]}]`), `assign` and `subscribe` with lists of keys, `crash`.
 * - `lost-write`: an acknowledged send that nobody polled, although consumers went past its offset; `unseen`, with `caughtUp`: nobody polled it at all.
 * - `garbage-read`, `aborted-read`, `future-read`: polled, but never sent, only by sends that certainly failed, or not sent yet; `precommitted-read`: a transaction polled what it sent itself.
 * - `inconsistent-offsets`: two values at one offset; `duplicate`: a value at more offsets than it was sent.
 * - `poll-skip`, `nonmonotonic-poll`: a consumer skipped messages, or went back, from one operation to the next; `int-poll-skip`, `int-nonmonotonic-poll`: within one.
 * - `nonmonotonic-send`, `int-nonmonotonic-send`: a producer's later message has the smaller offset.
 *
 * After `jepsen.tests.kafka`, by offsets instead of values. A consumer that subscribes may be moved at any time, so that only what one poll returns is judged. An
 * indeterminate send may be in the log or not; an indeterminate poll may have returned anything, so while there are such, a message is called lost only if a
 * consumer is seen to jump over it. Cycles between transactions are not looked for, and what a transaction sends need not be contiguous.
 *
 * Unknown if nothing was polled, or the time is over.
 */
export const kafka: Checker<KafkaOptions> = {
  name: 'kafka',
  summary: 'logs with offsets: nothing lost, skipped, repeated, reordered or made up',
  cost: 'O(n log n) in the messages sent and polled',
  options: {
    type: 'object',
    properties: {
      gaps: { description: 'offsets may have gaps', type: 'boolean', default: true },
      fromBeginning: {
        description: 'every consumer begins at the beginning of a log',
        type: 'boolean',
        default: true,
      },
      caughtUp: {
        description: 'in the end all that there was had been polled',
        type: 'boolean',
        default: false,
      },
    },
    additionalProperties: false,
  },
  check(history, { gaps = true, fromBeginning = true, caughtUp = false }, budget) {
    const read = logOperationsOf(history);
    const malformed = 'malformed' in read ? read.malformed : undefined;
    const timeless = timelessReason(history);
    if ('malformed' in read || timeless !== undefined) {
      return verdictOf(this.name, { anomalies: [], reason: malformed ?? timeless }, {});
    }
    const { operations, others } = read;
    const logs = logsOf(operations);
    const pace = new Pace(budget);
    const missteps = misstepsOf(operations, logs, gaps, pace);
    const reports = new Reports();
    const names = new Map<string, number>();
    const report = (name: string, explain: Parameters<Reports['add']>[1]): void => {
      names.set(name, (names.get(name) ?? 0) + 1);
      reports.add(name, explain);
    };
    const unknownPolls = operations.filter(({ outcome, hasPoll }) => outcome === 'info' && hasPoll).length;
    let unseen = 0;
    let judged = 0;
    for (const log of logs.values()) {
      if (pace.over(log.senders.size + log.readers.size + missteps.length)) break;
      judged++;
      for (const wrong of wrongValues(log)) report(wrong.name, () => explainWrong(wrong));
      const losses = lossesOf(log, missteps, fromBeginning && unknownPolls === 0);
      unseen += losses.unseen.length;
      for (const loss of losses.lost) report('lost-write', () => explainLoss(loss));
      if (caughtUp && unknownPolls === 0 && losses.unseen.length > 0) {
        report('unseen', () =>
          explainUnseen(
            log,
            losses.unseen.map(({ sent }) => sent),
          ),
        );
      }
    }
    for (const wrong of precommittedReads(operations, logs)) report(wrong.name, () => explainWrong(wrong));
    for (const step of missteps) report(step.name, () => explainStep(step));
    const figures = sizes(operations, logs);
    const outOfTime = pace.reason(judged, plural(logs.size, 'key'));
    return verdictOf(
      this.name,
      { anomalies: reports.anomalies, reason: figures.polled === 0 ? 'nothing was polled' : outOfTime },
      {
        ...figures,
        ...(others > 0 && { otherOperations: others }),
        unseen,
        ...(unknownPolls > 0 && { indeterminatePolls: unknownPolls }),
        found: Object.fromEntries([...names].sort()),
      },
    );
  },
};

function sizes(operations: readonly LogOperation[], logs: ReadonlyMap<string, Log>) {
  let sent = 0;
  let acknowledged = 0;
  let polled = 0;
  for (const { sends, polls, outcome } of operations) {
    sent += sends.length;
    if (outcome === 'ok') acknowledged += sends.length;
    polled += polls.length;
  }
  return { operations: operations.length, keys: logs.size, sent, acknowledged, polled };
}
