/**
 * Sets of configurations, kept small: a configuration that another one of the set can stand in for is not added, or is
 * removed when that one comes. No objects: a configuration is a run of 32-bit words in one typed array,
 *
 *   state | used, one bit per slot | free, one bit per slot
 *
 * where a slot holds an open operation (see `configurations.ts` for what the bits mean). `used` and `free` exclude each other.
 *
 * **When A can stand in for B** (every future that B accepts, A accepts). Same state, and slot by slot:
 * - a pure operation: used is best (it is done and changed nothing), then free, then neither;
 * - another operation with a completion ahead: free stands in for anything (it may be taken, or left out); else equal;
 * - one that never completes: unused stands in for used (it need not be taken), and free for not free.
 * With a dead state, in which nothing but total operations can happen, every state stands in for it.
 */
export class Antichain {
  /** Words of a configuration. */
  readonly stride: number;
  /** Words of each of the two bit sets. */
  readonly width: number;
  words: Int32Array;
  /** For each configuration the last entry of its trace; only kept up where the search traces. */
  traces: Int32Array;
  count = 0;
  /** Slots of pure operations, and of others that never complete. Shared with the search. */
  private readonly pure: Int32Array;
  private readonly lasting: Int32Array;
  private readonly dead: number;
  /** Whether every state may stand in for the dead one: no negative observation is open or ahead. */
  deadIsLeast = false;
  /**
   * At most so many configurations that differ only in which never-completing operations they used; those that used
   * the fewest are kept. A search that is so narrowed proves `valid` if it succeeds, and nothing if it fails.
   */
  narrowness = Number.POSITIVE_INFINITY;
  /** Whether, of too many, the first are kept instead: for a queue, where one that is replaced may have been expanded. */
  firstComeFirstKept = false;
  /** Whether narrowness ever dropped a configuration that nothing stands in for. */
  lossy = false;

  private next: Int32Array;
  private heads = new Int32Array(AT_FIRST);
  private lengths = new Int32Array(AT_FIRST);
  private stamps = new Int32Array(AT_FIRST);
  private generation = 1;
  private table = NO_TABLE;
  private tabled = 0;

  constructor(width: number, pure: Int32Array, lasting: Int32Array, dead: number) {
    this.width = width;
    this.stride = 1 + 2 * width;
    this.pure = pure;
    this.lasting = lasting;
    this.dead = dead;
    this.words = new Int32Array(this.stride * AT_FIRST);
    this.traces = new Int32Array(AT_FIRST);
    this.next = new Int32Array(AT_FIRST);
  }

  get bytes(): number {
    return 4 * (this.words.length + 2 * this.next.length + 3 * this.heads.length + this.table.length);
  }

  clear(): void {
    this.count = 0;
    this.generation++;
    if (this.tabled > 0) {
      this.table.fill(-1);
      this.tabled = 0;
    }
  }

  /** Adds the configuration at `from[at]`, unless one stands in for it. Removed ones get the state -1. */
  add(from: Int32Array, at: number, trace: number): boolean {
    const { stride } = this;
    const state = from[at]!;
    if (state >= this.heads.length) this.growStates(state);
    if (this.stamps[state] !== this.generation) {
      this.stamps[state] = this.generation;
      this.heads[state] = -1;
      this.lengths[state] = 0;
    }
    if (!this.sweep(state, from, at)) return false;
    if (this.deadIsLeast) {
      if (state === this.dead) {
        for (let n = 0; n < this.count && n < SCAN; n++) {
          if (this.words[n * stride] !== -1 && this.relation(this.words, n * stride, from, at) & A_FOR_B)
            return false;
        }
      } else if (this.stamps[this.dead] === this.generation) this.sweepDead(from, at);
    }
    const length = this.lengths[state]!;
    if (length >= SCAN && this.known(from, at)) return false;
    const n = this.count++;
    if (n * stride + stride > this.words.length) this.grow();
    for (let w = 0; w < stride; w++) this.words[n * stride + w] = from[at + w]!;
    this.traces[n] = trace;
    if (length >= SCAN) this.register(n);
    else {
      this.next[n] = this.heads[state]!;
      this.heads[state] = n;
      this.lengths[state] = length + 1;
    }
    return true;
  }

  /** Closes the gaps that removed configurations left. Only `clear` may follow, not `add`. */
  compact(): void {
    const { stride, words } = this;
    let kept = 0;
    for (let n = 0; n < this.count; n++) {
      if (words[n * stride] === -1) continue;
      if (kept !== n) {
        words.copyWithin(kept * stride, n * stride, n * stride + stride);
        this.traces[kept] = this.traces[n]!;
      }
      kept++;
    }
    this.count = kept;
  }

  /** False if a configuration of this state stands in for the new one; removes those that the new one stands in for. */
  private sweep(state: number, from: Int32Array, at: number): boolean {
    const { words, next, stride } = this;
    let previous = -1;
    let alike = 0;
    let worst = -1;
    let worstUse = this.narrowness === Number.POSITIVE_INFINITY ? 0 : this.lastingUse(from, at);
    for (let n = this.heads[state]!; n >= 0; n = next[n]!) {
      const relation = this.relation(words, n * stride, from, at);
      if (relation & A_FOR_B) return false;
      if (relation & B_FOR_A) {
        words[n * stride] = -1;
        this.lengths[state] = this.lengths[state]! - 1;
        if (previous < 0) this.heads[state] = next[n]!;
        else next[previous] = next[n]!;
        continue;
      }
      previous = n;
      if (this.narrowness === Number.POSITIVE_INFINITY || !this.alike(from, at, n * stride)) continue;
      alike++;
      const use = this.lastingUse(words, n * stride);
      if (use > worstUse) {
        worst = n;
        worstUse = use;
      }
    }
    if (alike < this.narrowness) return true;
    this.lossy = true;
    if (worst < 0 || this.firstComeFirstKept) return false;
    this.unlink(state, worst);
    return true;
  }

  private unlink(state: number, n: number): void {
    this.words[n * this.stride] = -1;
    this.lengths[state] = this.lengths[state]! - 1;
    if (this.heads[state] === n) {
      this.heads[state] = this.next[n]!;
      return;
    }
    let before = this.heads[state]!;
    while (this.next[before] !== n) before = this.next[before]!;
    this.next[before] = this.next[n]!;
  }

  /** Never-completing operations that the configuration used. */
  private lastingUse(of: Int32Array, at: number): number {
    let use = 0;
    for (let w = 0; w < this.width; w++) use += ones(of[at + 1 + w]! & this.lasting[w]!);
    return use;
  }

  /** Whether two configurations of one state differ in never-completing operations only. */
  private alike(from: Int32Array, at: number, mine: number): boolean {
    for (let w = 0; w < this.width; w++) {
      const used = from[at + 1 + w]! ^ this.words[mine + 1 + w]!;
      const free = from[at + 1 + this.width + w]! ^ this.words[mine + 1 + this.width + w]!;
      if ((used | free) & ~this.lasting[w]!) return false;
    }
    return true;
  }

  private sweepDead(from: Int32Array, at: number): void {
    const { words, next, stride } = this;
    const state = this.dead;
    let previous = -1;
    for (let n = this.heads[state]!; n >= 0; n = next[n]!) {
      if (this.relation(words, n * stride, from, at) & B_FOR_A) {
        words[n * stride] = -1;
        this.lengths[state] = this.lengths[state]! - 1;
        if (previous < 0) this.heads[state] = next[n]!;
        else next[previous] = next[n]!;
      } else previous = n;
    }
  }

  /** Bit 1: A can stand in for B; bit 2: B can stand in for A. Same state taken for granted. */
  private relation(a: Int32Array, aAt: number, b: Int32Array, bAt: number): number {
    const { width, pure, lasting } = this;
    let relation = BOTH;
    for (let w = 1; w <= width; w++) {
      const usedA = a[aAt + w]!;
      const usedB = b[bAt + w]!;
      const freeA = a[aAt + width + w]!;
      const freeB = b[bAt + width + w]!;
      if (usedA === usedB && freeA === freeB) continue;
      const isPure = pure[w - 1]!;
      const isLasting = lasting[w - 1]!;
      const isOther = ~isPure & ~isLasting;
      const onlyA = usedA & ~usedB;
      const onlyB = usedB & ~usedA;
      const either = isPure | isLasting;
      if (
        (isPure & onlyB) |
        (isLasting & onlyA) |
        (either & freeB & ~freeA & ~usedA) |
        (isOther & ~freeA & (onlyA | onlyB | freeB))
      ) {
        relation &= ~A_FOR_B;
      }
      if (
        (isPure & onlyA) |
        (isLasting & onlyB) |
        (either & freeA & ~freeB & ~usedB) |
        (isOther & ~freeB & (onlyA | onlyB | freeA))
      ) {
        relation &= ~B_FOR_A;
      }
      if (relation === 0) return 0;
    }
    return relation;
  }

  // Beyond SCAN configurations of one state only exact duplicates are looked for, in an open-addressed table: comparing
  // each with each would be quadratic, and less pruning is never wrong.

  private hash(from: Int32Array, at: number): number {
    let h = 0x811c9dc5 | 0;
    for (let w = 0; w < this.stride; w++) {
      h = Math.imul(h ^ from[at + w]!, 0x01000193);
      h ^= h >>> 15;
    }
    h = Math.imul(h, 0x2c1b3c6d);
    return (h ^ (h >>> 13)) & (this.table.length - 1);
  }

  private known(from: Int32Array, at: number): boolean {
    if (this.tabled === 0) return false;
    const mask = this.table.length - 1;
    for (let place = this.hash(from, at); ; place = (place + 1) & mask) {
      const n = this.table[place]!;
      if (n < 0) return false;
      let w = 0;
      while (w < this.stride && this.words[n * this.stride + w] === from[at + w]) w++;
      if (w === this.stride) return true;
    }
  }

  private register(n: number): void {
    if (this.tabled * 2 >= this.table.length) {
      const old = this.table;
      this.table = new Int32Array(Math.max(1024, old.length * 2)).fill(-1);
      for (const known of old) if (known >= 0) this.place(known);
    }
    this.place(n);
    this.tabled++;
  }

  private place(n: number): void {
    const mask = this.table.length - 1;
    let place = this.hash(this.words, n * this.stride);
    while (this.table[place]! >= 0) place = (place + 1) & mask;
    this.table[place] = n;
  }

  private grow(): void {
    this.words = resized(this.words, this.words.length * 2);
    this.next = resized(this.next, this.next.length * 2);
    this.traces = resized(this.traces, this.traces.length * 2);
  }

  private growStates(state: number): void {
    const length = Math.max(this.heads.length * 2, state + 1);
    this.heads = resized(this.heads, length);
    this.lengths = resized(this.lengths, length);
    this.stamps = resized(this.stamps, length);
  }
}

function ones(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Configurations and states that there is room for at first: many searches are tiny. */
const AT_FIRST = 8;

const NO_TABLE = new Int32Array(0);

const A_FOR_B = 1;
const B_FOR_A = 2;
const BOTH = 3;

/** How many configurations of one state a new one is compared with. */
const SCAN = 256;

export function resized(array: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(array);
  return larger;
}
