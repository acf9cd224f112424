import { HistoryError } from '../error.ts';
import type { History } from '../history.ts';
import { type HistoryEvent, isNemesis, isOperation } from '../operation.ts';
import { edn, transaction } from './write.ts';
import { writeLines } from './write-lines.ts';

/** What the log can carry as the name of an operation. */
const NAME = /^[^\s:]+$/;

/**
 * Writes a history as the text log of Jepsen, one operation a line: `INFO sixways - 0 :invoke :write 5`. Keys become tuples
 * `[key value]`. Times, ids, nodes, phases of the run and observations have no place there, and order is all that is left of time. Cost: linear.
 * @throws HistoryError `unwritable`, `not-expressible` for a name that is no keyword
 */
export function writeLog(file: string, { events }: History): void {
  writeLines(file, logLines(events));
}

/** The lines of such a file, without their ends. */
export function* logLines(events: readonly HistoryEvent[]): Generator<string> {
  for (const event of events) {
    if (!isOperation(event) && !isNemesis(event)) continue;
    const { index, process, type, f } = event;
    if (!NAME.test(f)) {
      const message = `operation ${index}: expected a name without blanks and colons for a log, got ${JSON.stringify(f)}`;
      throw new HistoryError('not-expressible', message);
    }
    const who = typeof process === 'number' ? process : `:${process}`;
    const { key, error } = isOperation(event) ? event : {};
    const plain = f === 'txn' ? transaction(event.value) : edn(event.value);
    const value = key === undefined ? plain : `[${edn(key)} ${plain}]`;
    yield `INFO sixways - ${who} :${type} :${f} ${value}${error === undefined ? '' : ` ${edn(error)}`}`;
  }
}
