import { HistoryError } from './error.ts';
import { type HistoryEvent, isOperation, type Operation } from './operation.ts';

/** An invocation with what became of it. Without completion it was still open at the end: like `info`. */
export interface OperationPair {
  readonly invocation: Operation;
  readonly completion?: Operation;
}

/** Who completes whom, as positions in the array of events that was given (the same as `index` for a whole history). */
export interface Pairs {
  /** Positions of the invocations, ascending. */
  readonly invocations: Int32Array;
  /** For each position of an invocation that of its completion; -1 for open invocations and for other events. */
  readonly completionOf: Int32Array;
  /** For each position of a completion that of its invocation; -1 for other events. */
  readonly invocationOf: Int32Array;
}

/**
 * Pairs invocations with completions; events of the nemesis, the controller and observations are passed over.
 * Also takes a part of a history, as long as no completion is in it without its invocation.
 * Cost: linear in the events; 12 bytes for each.
 * @throws HistoryError `no-invocation` or `open-invocation`, naming the index.
 */
export function pairOperations(events: readonly HistoryEvent[]): Pairs {
  const invocations = integers(events.length);
  const completionOf = integers(events.length).fill(-1);
  const invocationOf = integers(events.length).fill(-1);
  const open = new Map<number, number>();
  let count = 0;
  for (let at = 0; at < events.length; at++) {
    const event = events[at]!;
    if (!isOperation(event)) continue;
    const began = open.get(event.process);
    if (event.type === 'invoke') {
      if (began !== undefined && began >= 0) {
        throw openInvocation(event, events[began]!.index);
      }
      invocations[count++] = at;
      open.set(event.process, at);
    } else {
      if (began === undefined || began < 0) {
        throw noInvocation(event);
      }
      completionOf[began] = at;
      invocationOf[at] = began;
      open.set(event.process, -1);
    }
  }
  return { invocations: invocations.subarray(0, count), completionOf, invocationOf };
}

/**
 * Large arrays lie in shared memory, though nobody shares them: of ordinary ones the garbage collector takes every 64 MB for a reason to mark the whole
 * heap, in which the history is.
 */
function integers(length: number): Int32Array {
  return length < 1 << 18 ? new Int32Array(length) : new Int32Array(new SharedArrayBuffer(length * 4));
}

/** The same as objects, in the order of invocation. Cost: linear. */
export function operationPairs(events: readonly HistoryEvent[]): OperationPair[] {
  const { invocations, completionOf } = pairOperations(events);
  return Array.from(invocations, (at) => {
    const invocation = events[at] as Operation;
    const completedAt = completionOf[at]!;
    return completedAt < 0 ? { invocation } : { invocation, completion: events[completedAt] as Operation };
  });
}

/**
 * The same event by event: keeps the invocations that are open, and nothing else.
 *
 *     const pair = pairing.event(event); // of a completion: with its invocation
 */
export class OperationPairing {
  private readonly open = new Map<number, Operation>();

  /** The pair that this operation completes, if it does. @throws HistoryError as `pairOperations` does */
  event(event: Operation): Required<OperationPair> | undefined {
    const invocation = this.open.get(event.process);
    if (event.type === 'invoke') {
      if (invocation !== undefined) throw openInvocation(event, invocation.index);
      this.open.set(event.process, event);
      return undefined;
    }
    if (invocation === undefined) throw noInvocation(event);
    this.open.delete(event.process);
    return { invocation, completion: event };
  }
}

function openInvocation({ index, process }: Operation, open: number): HistoryError {
  return new HistoryError(
    'open-invocation',
    `operation ${index}: process ${process} invokes while its operation ${open} is open`,
  );
}

function noInvocation({ index, process, type }: Operation): HistoryError {
  return new HistoryError(
    'no-invocation',
    `operation ${index}: process ${process} completes (${type}) what it has not invoked`,
  );
}
