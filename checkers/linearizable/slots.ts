import { type Calls, type Machine, NEVER, PURE, TOTAL } from './model.ts';

const COPIED = [
  'open',
  'pure',
  'total',
  'lasting',
  'slotOperation',
  'slotInput',
  'slotFlags',
  'slotOf',
] as const;

/** The open operations of one key: each has a slot, a bit in the bit sets of every configuration, for as long as it is open. */
export class Slots {
  /** Bit sets over slots: open, pure, total, never completing (of those that are not pure). */
  readonly open: Int32Array;
  readonly pure: Int32Array;
  readonly total: Int32Array;
  readonly lasting: Int32Array;

  /** By slot: its operation (-1: none), with input and flags; by operation: its slot, or -1. */
  readonly slotOperation: Int32Array;
  readonly slotInput: Int32Array;
  readonly slotFlags: Uint8Array;
  readonly slotOf: Int32Array;

  /** Inputs of open operations that are not pure, and for each of them its slots in order of completion. */
  readonly openInputs: number[] = [];
  readonly openSlots: number[][] = [];
  private readonly slotsOfInput = new Map<number, number[]>();

  private readonly freeSlots: number[] = [];
  private readonly calls: Calls;
  private readonly machine: Machine;

  constructor(count: number, calls: Calls, machine: Machine) {
    this.calls = calls;
    this.machine = machine;
    const width = (count + 31) >>> 5;
    this.open = new Int32Array(width);
    this.pure = new Int32Array(width);
    this.total = new Int32Array(width);
    this.lasting = new Int32Array(width);
    this.slotOperation = new Int32Array(count).fill(-1);
    this.slotInput = new Int32Array(count);
    this.slotFlags = new Uint8Array(count);
    this.slotOf = new Int32Array(calls.count).fill(-1);
    for (let slot = count - 1; slot >= 0; slot--) this.freeSlots.push(slot);
  }

  /** The same operations open in the same slots, to go on from here in another way. */
  copy(): Slots {
    const copy = new Slots(this.slotOperation.length, this.calls, this.machine);
    for (const name of COPIED) copy[name].set(this[name]);
    copy.openInputs.push(...this.openInputs);
    for (const [i, input] of this.openInputs.entries()) {
      const slots = [...this.openSlots[i]!];
      copy.openSlots.push(slots);
      copy.slotsOfInput.set(input, slots);
    }
    copy.freeSlots.length = 0;
    copy.freeSlots.push(...this.freeSlots);
    return copy;
  }

  /** Opens operation n and gives its slot. */
  take(n: number): number {
    const slot = this.freeSlots.pop();
    if (slot === undefined) throw new Error(`operation ${n} of the key: expected a free slot, found none`);
    const input = this.machine.inputs[n]!;
    const flags = this.machine.flags[input]!;
    this.slotOperation[slot] = n;
    this.slotInput[slot] = input;
    this.slotFlags[slot] = flags;
    this.slotOf[n] = slot;
    const word = slot >>> 5;
    const bit = 1 << (slot & 31);
    this.open[word]! |= bit;
    if (flags & TOTAL) this.total[word]! |= bit;
    if (flags & PURE) this.pure[word]! |= bit;
    else {
      if (this.calls.returned[n] === NEVER) this.lasting[word]! |= bit;
      this.file(slot, input);
    }
    return slot;
  }

  /** Closes operation n. */
  free(n: number): void {
    const slot = this.slotOf[n]!;
    const word = slot >>> 5;
    const keep = ~(1 << (slot & 31));
    if (!(this.slotFlags[slot]! & PURE)) {
      const input = this.slotInput[slot]!;
      const slots = this.slotsOfInput.get(input)!;
      slots.splice(slots.indexOf(slot), 1);
      if (slots.length === 0) {
        this.slotsOfInput.delete(input);
        const at = this.openInputs.indexOf(input);
        this.openInputs.splice(at, 1);
        this.openSlots.splice(at, 1);
      }
    }
    this.open[word]! &= keep;
    this.pure[word]! &= keep;
    this.total[word]! &= keep;
    this.lasting[word]! &= keep;
    this.slotOperation[slot] = -1;
    this.slotOf[n] = -1;
    this.freeSlots.push(slot);
  }

  /** How many open operations with this input never complete. */
  lastingWith(input: number): number {
    const slots = this.slotsOfInput.get(input);
    if (slots === undefined) return 0;
    let count = 0;
    for (const slot of slots) count += (this.lasting[slot >>> 5]! >>> (slot & 31)) & 1;
    return count;
  }

  private file(slot: number, input: number): void {
    let slots = this.slotsOfInput.get(input);
    if (slots === undefined) {
      slots = [];
      this.slotsOfInput.set(input, slots);
      this.openInputs.push(input);
      this.openSlots.push(slots);
    }
    const { returned } = this.calls;
    const until = returned[this.slotOperation[slot]!]!;
    let at = slots.length;
    while (at > 0 && returned[this.slotOperation[slots[at - 1]!]!]! > until) at--;
    slots.splice(at, 0, slot);
  }
}
