import type { Pace } from '../budget.ts';
import { Antichain } from './antichain.ts';
import { type Calls, CONSTANT, type Machine, TOTAL } from './model.ts';
import { Slots } from './slots.ts';
import { HIDDEN, NORMAL, Trace, WITH_HIDDEN } from './trace.ts';

/*
 * Just-in-time linearization (Lowe, "Testing for linearizability", 2017), as a breadth-first sweep over the events of one
 * key. It keeps the set of all configurations, a state with what is known of each open operation, that some linearization
 * of the past can be in. Nothing is linearized before a completion demands it; then every order of open operations
 * that ends in the completing one is tried, and configurations without it are dropped. No configuration left: not
 * linearizable. What keeps the set small, each with its reason; the tests compare the verdicts with brute force:
 *
 * 1. **Pure operations are linearized as soon as they match.** In a continuation that linearizes one later, it can be
 *    taken from there and put here: no state changes.
 *
 * 2. **Hidden operations.** When a constant operation w (a write) is linearized, each open total operation x could also
 *    have been linearized just before it, leaving no trace. Whether it was is left open: x becomes *free*: it may be
 *    linearized later, or never, in which case it sits before w; its completion is the last chance to choose. The same holds for any operation that would leave the
 *    present state as it is. A free operation stands in for a used one and for one that is neither.
 *
 * 3. **Reads served by hidden operations.** With w, open pure operations become free too: if x is constant, free, and
 *    leaves a state that r matches, then `x, r, w` is an order. It is settled when r or x completes: if x completes
 *    unused, it did sit there, so r was served; if r completes first, a branch is made in which x is used up that way.
 *    (If r is free and unserved, the state has not been x's since w, so x is free because of w and not by luck.)
 *
 * 4. **No two constant operations in a row** within one expansion: `x, w` ends in what `w` alone ends in, with x hidden
 *    (by 2), and the pure operations that x served are served by 3. Nor a constant operation right after one that never completes
 *    and that served nothing: it need not have been taken.
 *
 * 5. **Equal operations are exchangeable**: of two open ones with the same function, argument and result, the
 *    one that completes first is taken first, unless it is free and the other is not. In any continuation of the other choice their roles can be swapped.
 *
 * 6. **Dead states.** When nobody will observe a value any more, states with it are merged into one in which only
 *    total operations can happen (and negative observations: "it was not 5"). Unless a negative observation is open or ahead, every
 *    state stands in for the dead one, and no total or never-completing operation is linearized into
 *    it but the one whose completion demands it: the same future is possible without, linearizing it when it completes.
 *
 * 7. Configurations for which another stands in are dropped (`antichain.ts`).
 */

export interface SearchLimits {
  /** Configurations generated. */
  readonly steps: number;
  readonly memoryBytes: number;
  readonly pace?: Pace;
}

/** How the search treats operations that never complete (`info`), of which hundreds may be open. */
export interface SearchMode {
  /** Keep an order of the operations for each configuration. */
  readonly traced?: boolean;
  /** `Antichain.narrowness`. A narrowed search that fails may say `lost`. */
  readonly narrowness?: number;
  /** Of equal ones, how many are open at once; more are left out as if they never happened. */
  readonly lastingPerInput?: number;
  /** Let them take effect any number of times: then `invalid` is certain and `valid` means nothing. */
  readonly reusable?: boolean;
  /** The last so many operations are not part of the history: `ask` about them. */
  readonly questions?: number;
}

/** The configurations at one moment of the sweep, and how one leads to others when a completion demands it. */
export class Configurations {
  protected readonly calls: Calls;
  protected readonly machine: Machine;
  protected readonly width: number;
  protected readonly stride: number;
  protected readonly trace: Trace | undefined;
  protected readonly slots: Slots;
  protected frontier: Antichain;
  protected results: Antichain;
  protected readonly queue: Antichain;
  /** Whether the configuration of the queue was reached by a constant operation (rule 4). */
  protected restricted = new Uint8Array(64);
  protected readonly current: Int32Array;
  /** The position that the sweep has come to. */
  protected now = 0;
  protected steps = 0;
  /** Whether the completing operation could only be linearized into the dead state: not worth it if it can stay hidden (rule 6). */
  protected uselessNow = false;
  private readonly scratch: Int32Array;
  private readonly reusable: boolean;
  /** Whether the last `settle` found anything. */
  private served = false;

  /** `from`: configurations to go on from, with their open operations and their trace. */
  constructor(calls: Calls, machine: Machine, slots: number, mode: SearchMode, from?: Configurations) {
    this.calls = calls;
    this.machine = machine;
    this.width = (slots + 31) >>> 5;
    this.stride = 1 + 2 * this.width;
    this.reusable = mode.reusable ?? false;
    this.trace = from?.trace ?? (mode.traced ? new Trace() : undefined);
    this.slots = from?.slots.copy() ?? new Slots(slots, calls, machine);
    const set = (): Antichain => {
      const made = new Antichain(this.width, this.slots.pure, this.slots.lasting, machine.dead);
      made.narrowness = mode.narrowness ?? Number.POSITIVE_INFINITY;
      return made;
    };
    this.frontier = set();
    this.results = set();
    this.queue = set();
    this.queue.firstComeFirstKept = true;
    this.current = new Int32Array(this.stride);
    this.scratch = new Int32Array(this.stride);
    if (from === undefined) return;
    for (let c = 0; c < from.frontier.count; c++) {
      this.frontier.add(from.frontier.words, c * this.stride, from.frontier.traces[c]!);
    }
  }

  /** The state itself, or the dead one if nobody observes it any more. */
  protected alive(state: number): number {
    const { machine } = this;
    if (machine.dead < 0 || state < 0) return state;
    return machine.lastObserved(state) < this.now ? machine.dead : state;
  }

  protected isFree(slot: number): boolean {
    return ((this.current[1 + this.width + (slot >>> 5)]! >>> (slot & 31)) & 1) === 1;
  }

  /**
   * Files a configuration: with the results if the completing operation is done in it, else to be expanded. Where it has
   * been free, this is its last chance to be linearized after all: then both. (`wasFree`: so it was before the last step, and
   * that it stays hidden has been filed already.)
   */
  protected settled(
    configuration: Int32Array,
    trace: number,
    slot: number,
    restricted: boolean,
    wasFree: boolean,
  ): void {
    const { width } = this;
    const word = slot >>> 5;
    const bit = 1 << (slot & 31);
    const used = (configuration[1 + word]! & bit) !== 0;
    const hidden = !used && (configuration[1 + width + word]! & bit) !== 0 && !(this.slots.pure[word]! & bit);
    if (!used && !(hidden && this.uselessNow) && this.queue.add(configuration, 0, trace)) {
      const at = this.queue.count - 1;
      if (at >= this.restricted.length) {
        const larger = new Uint8Array(this.restricted.length * 2);
        larger.set(this.restricted);
        this.restricted = larger;
      }
      this.restricted[at] = restricted ? 1 : 0;
    }
    if (!used && !(hidden && !wasFree)) return;
    let last = trace;
    if (hidden) {
      if (this.trace) last = this.trace.push(last, this.slots.slotOperation[slot]!, HIDDEN, this.now);
      if (this.slots.slotFlags[slot]! & CONSTANT)
        last = this.serve(configuration, this.slots.slotInput[slot]!, last);
    }
    configuration[1 + word]! &= ~bit;
    configuration[1 + width + word]! &= ~bit;
    this.results.add(configuration, 0, last);
  }

  /** Marks as done the free pure operations that the hidden constant input serves (rule 3). */
  private serve(configuration: Int32Array, input: number, trace: number): number {
    const { machine, width } = this;
    const state = machine.step(configuration[0]!, input);
    let last = trace;
    for (let w = 0; w < width; w++) {
      let free = this.slots.pure[w]! & configuration[1 + width + w]!;
      while (free !== 0) {
        const bit = free & -free;
        free ^= bit;
        const slot = (w << 5) + 31 - Math.clz32(bit);
        if (machine.step(state, this.slots.slotInput[slot]!) < 0) continue;
        configuration[1 + w]! |= bit;
        configuration[1 + width + w]! &= ~bit;
        if (this.trace) last = this.trace.push(last, this.slots.slotOperation[slot]!, WITH_HIDDEN, this.now);
      }
    }
    return last;
  }

  /** Rule 3, for the completing pure operation: each hidden operation that may have served it. */
  protected serveHidden(target: number, trace: number): void {
    const { machine, width, current, scratch } = this;
    const input = this.slots.slotInput[target]!;
    for (let i = 0; i < this.slots.openInputs.length; i++) {
      const by = this.slots.openInputs[i]!;
      if (!(machine.flags[by]! & CONSTANT) || machine.step(machine.step(current[0]!, by), input) < 0)
        continue;
      for (const slot of this.slots.openSlots[i]!) {
        const word = slot >>> 5;
        const bit = 1 << (slot & 31);
        if (!(current[1 + width + word]! & bit)) continue;
        scratch.set(current);
        if (!(this.reusable && this.slots.lasting[word]! & bit)) {
          scratch[1 + word]! |= bit;
          scratch[1 + width + word]! &= ~bit;
        }
        let last = trace;
        if (this.trace) last = this.trace.push(last, this.slots.slotOperation[slot]!, HIDDEN, this.now);
        last = this.serve(scratch, by, last);
        this.steps++;
        this.settled(scratch, last, target, false, false);
        break;
      }
    }
  }

  protected expand(target: number, trace: number, restricted: boolean, quiet: boolean): void {
    const { machine, width, current } = this;
    const { openInputs } = this.slots;
    const state = current[0]!;
    for (let i = 0; i < openInputs.length; i++) {
      const input = openInputs[i]!;
      const flags = machine.flags[input]!;
      if (restricted && flags & CONSTANT) continue;
      const step = machine.step(state, input);
      if (step < 0) continue;
      const next = this.alive(step);
      if (next === state && !(flags & CONSTANT && this.wouldFree())) continue;
      const intoDeath = quiet && next === machine.dead;
      let metFree = false;
      for (const slot of this.slots.openSlots[i]!) {
        const word = slot >>> 5;
        const bit = 1 << (slot & 31);
        if (current[1 + word]! & bit) continue;
        const free = (current[1 + width + word]! & bit) !== 0;
        if (free && metFree) continue;
        if (!(intoDeath && (slot !== target || free) && (flags & TOTAL || this.slots.lasting[word]! & bit))) {
          this.linearize(slot, next, target, trace);
        }
        if (!free) break;
        metFree = true;
      }
    }
  }

  /** Whether a constant operation that leaves the state as it is would at least set others free (rules 2 and 3). */
  private wouldFree(): boolean {
    const { width, current } = this;
    for (let w = 0; w < width; w++) {
      if ((this.slots.pure[w]! | this.slots.total[w]!) & ~current[1 + w]! & ~current[1 + width + w]!)
        return true;
    }
    return false;
  }

  private linearize(slot: number, next: number, target: number, trace: number): void {
    const { width, current, scratch } = this;
    const word = slot >>> 5;
    const bit = 1 << (slot & 31);
    this.steps++;
    scratch.set(current);
    scratch[0] = next;
    const lasting = (this.slots.lasting[word]! & bit) !== 0;
    if (!(lasting && this.reusable)) {
      scratch[1 + word]! |= bit;
      scratch[1 + width + word]! &= ~bit;
    }
    const constant = (this.slots.slotFlags[slot]! & CONSTANT) !== 0;
    if (constant) {
      for (let w = 0; w < width; w++) {
        scratch[1 + width + w]! |= (this.slots.pure[w]! | this.slots.total[w]!) & ~scratch[1 + w]!;
      }
    }
    let last = trace;
    if (this.trace) last = this.trace.push(last, this.slots.slotOperation[slot]!, NORMAL, this.now);
    this.served = false;
    last = this.settle(scratch, last);
    this.settled(scratch, last, target, constant || (lasting && !this.served), this.isFree(target));
  }

  /** Rules 1 and 2 in the state just reached. */
  protected settle(configuration: Int32Array, trace: number): number {
    const { machine, width } = this;
    const state = configuration[0]!;
    let last = trace;
    for (let w = 0; w < width; w++) {
      const pure = this.slots.pure[w]!;
      let rest = this.slots.open[w]! & ~configuration[1 + w]! & (pure | ~configuration[1 + width + w]!);
      while (rest !== 0) {
        const bit = rest & -rest;
        rest ^= bit;
        const slot = (w << 5) + 31 - Math.clz32(bit);
        const next = machine.step(state, this.slots.slotInput[slot]!);
        if (pure & bit ? next < 0 : this.alive(next) !== state) continue;
        this.served = true;
        if (pure & bit) {
          configuration[1 + w]! |= bit;
          configuration[1 + width + w]! &= ~bit;
          if (this.trace) last = this.trace.push(last, this.slots.slotOperation[slot]!, NORMAL, this.now);
        } else configuration[1 + width + w]! |= bit;
      }
    }
    return last;
  }
}
