import type { Json, OperationPair } from '../../histories/index.ts';
import { ElementIds } from '../shared/element-ids.ts';
import { endOfPair, NEVER, type Structure } from '../shared/structures.ts';

/** Something that came out: by a dequeue, or as one of many by a drain. */
export interface Taken {
  readonly element: number;
  readonly by: OperationPair;
  /** Index of the completion. */
  readonly at: number;
}

/** What went into one queue and came out again. */
export interface QueueHistory {
  readonly key: string | number | undefined;
  readonly ids: ElementIds;
  /** Enqueues that did not fail, in the order of invocation, with the number of the element. */
  readonly entered: readonly { readonly element: number; readonly by: OperationPair }[];
  /** By element: the first enqueue that failed. */
  readonly refused: ReadonlyMap<number, OperationPair>;
  /** In the order of completion. */
  readonly taken: readonly Taken[];
  /** Those that found the queue empty, or left it empty, in the order of invocation. */
  readonly empties: readonly OperationPair[];
  /** Dequeues of which nobody knows whether they took something, in the order of invocation. */
  readonly unknownDequeues: readonly OperationPair[];
  /** The same for drains: any number of elements. */
  readonly unknownDrains: readonly OperationPair[];
  /** Drains that succeeded but whose value is no list. */
  readonly malformed: number;
}

const EMPTY = new Set<Json | undefined>(['empty', 'exhausted']);

/**
 * A dequeue found the queue empty if it failed with the error `empty` or `exhausted`, or if it returned null and nobody enqueues null.
 * Cost: n log n.
 */
export function queueHistoryOf({ key, pairs }: Structure): QueueHistory {
  const ids = new ElementIds();
  const entered: { element: number; by: OperationPair }[] = [];
  const refused = new Map<number, OperationPair>();
  for (const by of pairs) {
    if (by.invocation.f !== 'enqueue') continue;
    const element = ids.add(by.invocation.value);
    if (by.completion?.type !== 'fail') entered.push({ element, by });
    else if (!refused.has(element)) refused.set(element, by);
  }
  const nullIsElement = ids.find(null) >= 0;
  const taken: Taken[] = [];
  const empties: OperationPair[] = [];
  const unknownDequeues: OperationPair[] = [];
  const unknownDrains: OperationPair[] = [];
  let malformed = 0;
  for (const by of pairs) {
    const { invocation, completion } = by;
    const { f } = invocation;
    if (f === 'enqueue') continue;
    if (completion === undefined || completion.type === 'info') {
      (f === 'drain' ? unknownDrains : unknownDequeues).push(by);
    } else if (completion.type === 'fail') {
      if (f === 'dequeue' && EMPTY.has(completion.error)) empties.push(by);
    } else if (f === 'drain') {
      empties.push(by);
      if (!Array.isArray(completion.value)) malformed++;
      else for (const value of completion.value) taken.push(takenBy(ids, value, by));
    } else if (completion.value === null && !nullIsElement) empties.push(by);
    else taken.push(takenBy(ids, completion.value, by));
  }
  taken.sort((a, b) => a.at - b.at);
  return { key, ids, entered, refused, taken, empties, unknownDequeues, unknownDrains, malformed };
}

function takenBy(ids: ElementIds, value: Json, by: OperationPair): Taken {
  return { element: ids.add(value), by, at: by.completion?.index ?? NEVER };
}

/**
 * For every enqueue the moment by which its element must have been taken: the completion of the first operation to complete that found the queue empty and was invoked after the
 * enqueue had been acknowledged; `NEVER` if there is none. Cost: n log n.
 */
export function deadlinesOf({ entered, empties }: QueueHistory, drained: boolean): Int32Array {
  const invoked = Int32Array.from(empties, ({ invocation }) => invocation.index);
  const soonest = new Int32Array(empties.length + 1).fill(drained ? NEVER - 1 : NEVER);
  for (let at = empties.length - 1; at >= 0; at--) {
    soonest[at] = Math.min(soonest[at + 1]!, empties[at]!.completion?.index ?? NEVER);
  }
  return Int32Array.from(entered, ({ by }) => {
    const acknowledged = endOfPair(by);
    if (acknowledged === NEVER) return NEVER;
    let low = 0;
    let high = empties.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (invoked[middle]! > acknowledged) high = middle;
      else low = middle + 1;
    }
    return soonest[low]!;
  });
}
