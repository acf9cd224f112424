import { type HistoryEvent, isOperation, type Operation } from '../../histories/index.ts';

/** A history that no checker can judge: a defect of what recorded or imported it, not of the system under test. */
export class UncheckableHistory extends Error {
  readonly code = 'uncheckable-history';
  constructor(message: string) {
    super(message);
    this.name = 'UncheckableHistory';
  }
}

/** Operations of clients on one key, paired. Positions are those in the history's list of events. */
export interface KeyOperations {
  readonly key: string | number | undefined;
  /** Positions of the invocations, ascending. */
  readonly invocations: number[];
  /** Position of each one's completion, or -1 where none was recorded. */
  readonly completions: number[];
}

/** What the open operations are filed under when they have no key. */
const NO_KEY = Symbol('no key');

/**
 * Pairs each invocation with its completion and splits them by key, keys in order of first appearance.
 *
 * Checking keys one by one is exact: linearizability is local (Herlihy and Wing 1990, theorem 1): a history over
 * several objects is linearizable if and only if its restriction to each object is. That holds as long as one
 * operation touches one key, which is what `Operation.key` says.
 *
 * Cost: linear. @throws UncheckableHistory for a completion without invocation or a second invocation of a process.
 */
export function pairByKey(events: readonly HistoryEvent[]): KeyOperations[] {
  const keys = new Map<string | number | symbol, KeyOperations>();
  const open = new Map<number, { to: KeyOperations; at: number; position: number }>();
  for (let position = 0; position < events.length; position++) {
    const event = events[position]!;
    if (!isOperation(event)) continue;
    const pending = open.get(event.process);
    if (event.type === 'invoke') {
      if (pending !== undefined) {
        const first = events[pending.position] as Operation;
        throw new UncheckableHistory(
          `operation ${event.index}: process ${event.process} invokes ${event.f} while its ${first.f} of operation ${first.index} is still open; expected one operation at a time`,
        );
      }
      const name = event.key ?? NO_KEY;
      let to = keys.get(name);
      if (to === undefined) {
        to = { key: event.key, invocations: [], completions: [] };
        keys.set(name, to);
      }
      open.set(event.process, { to, at: to.invocations.length, position });
      to.invocations.push(position);
      to.completions.push(-1);
    } else {
      if (pending === undefined) {
        throw new UncheckableHistory(
          `operation ${event.index}: process ${event.process} completes ${event.f} (${event.type}); expected an open invocation of this process, found none`,
        );
      }
      pending.to.completions[pending.at] = position;
      open.delete(event.process);
    }
  }
  return [...keys.values()];
}
