import type { Pace } from '../budget.ts';
import type { QueueHistory, Taken } from './queue-history.ts';

/** Something that came out without an enqueue that may have put it in. */
export interface Surplus extends Taken {
  /** `duplicate` if somebody had tried to put it in before, and that came out already; `unexpected` otherwise. */
  readonly kind: 'duplicate' | 'unexpected';
}

export interface Matching {
  /** What came out although all enqueues of the element that may have been invoked before had come out already. In the order of completion. */
  readonly surplus: readonly Surplus[];
  /** Positions of the enqueues that came out. */
  readonly matched: Uint8Array;
}

/**
 * Says which enqueue came out by which dequeue: one of the same element that was invoked before the dequeue was over, each once. Where there is a choice (an element that
 * was enqueued more than once), it is the one with the earliest deadline, so that what is left over has the latest: dequeues in the order of
 * completion choose from growing pools, and what was not chosen can be chosen later. Undefined if the time is over.
 * Cost: n log n.
 */
export function match(
  { ids, entered, taken }: QueueHistory,
  deadlines: Int32Array,
  pace: Pace,
): Matching | undefined {
  const matched = new Uint8Array(entered.length);
  const size = ids.values.length;
  /** By element: its enqueues in the order of invocation, as chains. */
  const next = new Int32Array(entered.length).fill(-1);
  const first = new Int32Array(size).fill(-1);
  for (let at = entered.length - 1; at >= 0; at--) {
    const { element } = entered[at]!;
    next[at] = first[element]!;
    first[element] = at;
  }
  const pools = new Map<number, number[]>();
  const surplus: Surplus[] = [];
  for (const item of taken) {
    if (pace.over()) return undefined;
    const { element } = item;
    let pool = pools.get(element);
    for (let at = first[element]!; at >= 0 && entered[at]!.by.invocation.index < item.at; at = next[at]!) {
      if (pool === undefined) {
        pool = [];
        pools.set(element, pool);
      }
      insert(pool, at, deadlines);
      first[element] = next[at]!;
    }
    const chosen = pool?.pop();
    if (chosen === undefined)
      surplus.push({ ...item, kind: pool === undefined ? 'unexpected' : 'duplicate' });
    else matched[chosen] = 1;
  }
  return { surplus, matched };
}

/** Keeps the latest deadline first. Acknowledged enqueues come almost in the order of their deadlines, from the front. */
function insert(pool: number[], at: number, deadlines: Int32Array): void {
  let low = 0;
  let high = pool.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (deadlines[pool[middle]!]! <= deadlines[at]!) high = middle;
    else low = middle + 1;
  }
  pool.splice(low, 0, at);
}
