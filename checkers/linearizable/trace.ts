import { resized } from './antichain.ts';
import type { Machine } from './model.ts';

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

  /** The linearization that a trace stands for, with hidden operations put back in their places. */
  order(last: number, machine: Machine, invoked: Int32Array): number[] | undefined {
    const path: number[] = [];
    for (let n = last; n >= 0; n = this.parents[n]!) path.push(n);
    const built = new Reconstruction(machine, invoked);
    for (let at = path.length - 1; at >= 0; ) {
      const entry = path[at--]!;
      const how = this.entries[entry]! % 3;
      const operation = (this.entries[entry]! - how) / 3;
      if (how === NORMAL) built.append(operation, this.times[entry]!);
      else {
        const group = [operation];
        while (at >= 0 && this.entries[path[at]!]! % 3 === WITH_HIDDEN) {
          group.push((this.entries[path[at--]!]! - WITH_HIDDEN) / 3);
        }
        if (!built.insert(group, this.times[entry]!)) return undefined;
      }
    }
    return built.operations;
  }
}

/** An order being rebuilt: operations, when each was linearized, and the state before each and at the end. */
class Reconstruction {
  readonly operations: number[] = [];
  private readonly times: number[] = [];
  private readonly states: number[];
  private readonly machine: Machine;
  private readonly invoked: Int32Array;

  constructor(machine: Machine, invoked: Int32Array) {
    this.machine = machine;
    this.invoked = invoked;
    this.states = [machine.initial];
  }

  private step(state: number, operation: number): number {
    return this.machine.step(state, this.machine.inputs[operation]!);
  }

  append(operation: number, time: number): void {
    this.operations.push(operation);
    this.times.push(time);
    this.states.push(this.step(this.states.at(-1)!, operation));
  }

  /**
   * Puts a hidden operation, and the pure ones that it served, at the latest place after its invocation at which everything
   * behind it stays as it is: before a constant operation, where it changes nothing, or where nobody looks any more.
   */
  insert(group: readonly number[], now: number): boolean {
    const since = this.invoked[group[0]!]!;
    for (let at = this.operations.length; at >= 0; at--) {
      if (at < this.operations.length && this.times[at]! < since) return false;
      const inserted: number[] = [];
      let state = this.states[at]!;
      for (const operation of group) {
        inserted.push(state);
        state = state < 0 ? -1 : this.step(state, operation);
      }
      if (state < 0 || !this.continues(state, at, now)) continue;
      const time = at < this.times.length ? this.times[at]! : now;
      this.operations.splice(at, 0, ...group);
      this.times.splice(at, 0, ...group.map(() => time));
      this.states.splice(at, 1, ...inserted, state);
      for (let n = at + group.length; n < this.operations.length; n++) {
        const next = this.step(this.states[n]!, this.operations[n]!);
        if (next === this.states[n + 1]) break;
        this.states[n + 1] = next;
      }
      return true;
    }
    return false;
  }

  /** Whether the operations from `at` on can follow in this state, and end in the same state or one just as dead. */
  private continues(from: number, at: number, now: number): boolean {
    let state = from;
    for (let n = at; n < this.operations.length; n++) {
      if (state === this.states[n]) return true;
      state = this.step(state, this.operations[n]!);
      if (state < 0) return false;
    }
    const last = this.states.at(-1)!;
    const { machine } = this;
    return (
      state === last ||
      (machine.dead >= 0 && machine.lastObserved(state) <= now && machine.lastObserved(last) <= now)
    );
  }
}
