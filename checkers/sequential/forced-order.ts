import type { Pace } from '../budget.ts';
import { Chains } from '../sessions/chains.ts';
import { DerivedOrder } from '../sessions/derived-order.ts';
import { int32s, uint8s } from '../transactions/arrays.ts';
import { INITIAL, NONE, type Program } from './program.ts';

/**
 * One step of the forced order.
 * - `overwritten`: `before` wrote the key of `via`, which comes after it and returned `after`: so it comes before `after`;
 * - `overwrites`: `before` returned what `via` wrote (NONE: the initial value), which comes before `after`, a write of the key.
 */
export interface Derivation {
  readonly before: number;
  readonly after: number;
  readonly via: number;
  readonly kind: 'overwritten' | 'overwrites';
  /** It follows from derivations below this number. */
  readonly limit: number;
}

export interface ForcedOrder {
  readonly derivations: readonly Derivation[];
  /** Operations each of which must come before the next, and the last before the first: there is no sequential order. */
  readonly cycle?: readonly number[];
  /** False if the time was over before it was known. */
  readonly complete: boolean;
}

/** Cycles are sought from that many operations. */
const STARTS_MAX = 24;

/** Bytes of the clocks, and of what moved in them. */
export function clockBytes({ count, processes }: Program): number {
  return 5 * count * processes.length;
}

/**
 * The order that every sequential execution must have, as far as it follows from the order of the processes, from which write each read returned (where
 * that is certain) and from two rules: no write of a key comes between a write and a read of it. A cycle is a proof. Without one there may still be no sequential
 * execution: to know is NP-complete (Gibbons and Korach 1997).
 *
 * Cost: O(n p) a round for n operations of p processes, few rounds.
 */
export function forcedOrder(program: Program, pace: Pace): ForcedOrder {
  return new Saturation(program, pace).run();
}

class Saturation {
  private readonly program: Program;
  private readonly pace: Pace;
  private readonly width: number;
  private readonly clocks: Int32Array;
  private readonly order: Int32Array;
  /** 1 for each entry of the clocks that moved when the operations were sorted last: nothing new follows from the others. */
  private readonly moved: Uint8Array;
  private readonly certain: Uint8Array;
  /** Certain writes, by process and key. */
  private readonly written: Chains;
  /** By write, the last reads of it in each process. */
  private readonly readers: Map<number, number[]> = new Map();
  private readonly derivations: Derivation[] = [];
  private readonly into: (number[] | undefined)[];

  constructor(program: Program, pace: Pace) {
    const { count, processes, keys, process, key, position } = program;
    this.program = program;
    this.pace = pace;
    this.width = processes.length;
    this.clocks = int32s(count * this.width);
    this.order = int32s(count);
    this.moved = uint8s(count * this.width);
    this.into = new Array(count).fill(undefined);
    this.written = new Chains(processes.length, keys.length);
    this.certain = certainOperations(program);
    for (let n = 0; n < count; n++) {
      if (this.certain[n] === 0) continue;
      if (program.isWrite[n] === 1) this.written.push(process[n]!, key[n]!, position[n]!, n);
      if (program.reads[n] === NONE || program.source[n]! < INITIAL) continue;
      this.addReader(program.source[n] === INITIAL ? -2 - key[n]! : program.source[n]!, n);
    }
  }

  run(): ForcedOrder {
    const { derivations } = this;
    this.beforeAllWrites();
    for (;;) {
      const sorted = this.sort();
      if (this.pace.ended) return { derivations, complete: false };
      if (!sorted) return { derivations, cycle: this.shortestCycle(), complete: true };
      const limit = derivations.length;
      this.derive(limit);
      if (this.pace.ended) return { derivations, complete: false };
      if (derivations.length === limit) return { derivations, complete: true };
    }
  }

  private addReader(write: number, reader: number): void {
    const readers = this.readers.get(write);
    if (readers === undefined) this.readers.set(write, [reader]);
    else {
      const same = readers.findIndex((other) => this.program.process[other] === this.program.process[reader]);
      if (same < 0) readers.push(reader);
      else readers[same] = reader;
    }
  }

  private add(before: number, after: number, via: number, kind: Derivation['kind'], limit: number): void {
    this.derivations.push({ before, after, via, kind, limit });
    const into = this.into[after];
    if (into === undefined) this.into[after] = [before];
    else into.push(before);
  }

  /** Reads of the initial value come before the first write of each process. */
  private beforeAllWrites(): void {
    const { keys, processes, isWrite, key } = this.program;
    for (let k = 0; k < keys.length; k++) {
      const readers = this.readers.get(-2 - k);
      if (readers === undefined) continue;
      for (let p = 0; p < processes.length; p++) {
        if (this.written.lastAt(p, k, processes[p]!.length) < 0) continue;
        const first = processes[p]!.find((n) => isWrite[n] === 1 && key[n] === k)!;
        for (const reader of readers) if (reader !== first) this.add(reader, first, NONE, 'overwrites', 0);
      }
    }
  }

  /** Sorts the operations so that each comes after what precedes it, with their clocks. False if they form a cycle. */
  private sort(): boolean {
    const { count, processes, source, process, position, reads } = this.program;
    const { clocks, width, order } = this;
    const clock = new Int32Array(width);
    const done = uint8s(count);
    const cursor = int32s(width);
    const waiting = int32s(count).fill(-1);
    const nextWaiting = int32s(width).fill(-1);
    const ready = Array.from({ length: width }, (_, p) => width - 1 - p);
    let placed = 0;
    for (let p = ready.pop(); p !== undefined; p = ready.pop()) {
      const operations = processes[p]!;
      while (cursor[p]! < operations.length) {
        if (this.pace.over(1 + (width >> 3))) return false;
        const n = operations[cursor[p]!]!;
        const from = this.certain[n] === 1 && reads[n] !== NONE ? Math.max(-1, source[n]!) : -1;
        let missing = from >= 0 && done[from] === 0 ? from : -1;
        const into = this.into[n];
        if (missing < 0 && into !== undefined) missing = into.find((before) => done[before] === 0) ?? -1;
        if (missing >= 0) {
          nextWaiting[p] = waiting[missing]!;
          waiting[missing] = p;
          break;
        }
        const before = position[n]! > 1 ? operations[cursor[p]! - 1]! : -1;
        if (before < 0) clock.fill(0);
        else for (let q = 0; q < width; q++) clock[q] = clocks[before * width + q]!;
        if (from >= 0) this.raise(clock, from);
        if (into !== undefined) for (const earlier of into) this.raise(clock, earlier);
        clock[process[n]!] = position[n]!;
        this.move(n, clock);
        order[placed++] = n;
        done[n] = 1;
        cursor[p]!++;
        for (let q = waiting[n]!; q >= 0; q = nextWaiting[q]!) ready.push(q);
      }
    }
    if (placed < count) this.stuck = processes.flatMap((operations, p) => operations[cursor[p]!] ?? []);
    return placed === count;
  }

  private stuck: number[] = [];

  private raise(clock: Int32Array, by: number): void {
    const { clocks, width } = this;
    const row = by * width;
    for (let p = 0; p < width; p++) if (clocks[row + p]! > clock[p]!) clock[p] = clocks[row + p]!;
  }

  private move(n: number, clock: Int32Array): void {
    const { clocks, width, moved } = this;
    const row = n * width;
    for (let p = 0; p < width; p++) {
      moved[row + p] = clocks[row + p] === clock[p] ? 0 : 1;
      clocks[row + p] = clock[p]!;
    }
  }

  private derive(limit: number): void {
    const { count, reads, source, key, isWrite, process, position } = this.program;
    const { clocks, width, moved } = this;
    for (let i = 0; i < count && !this.pace.over(1 + (width >> 3)); i++) {
      const n = this.order[i]!;
      const from = reads[n] === NONE ? UNREAD : source[n]!;
      if (this.certain[n] === 0 || (from < 0 && isWrite[n] === 0)) continue;
      for (let p = 0; p < width; p++) {
        if (moved[n * width + p] === 0) continue;
        // An operation does not come before itself.
        const until = clocks[n * width + p]! - (p === process[n] ? 1 : 0);
        if (until <= 0) continue;
        const write = this.written.lastAt(p, key[n]!, until);
        if (write < 0) continue;
        if (from >= 0 && write !== from && clocks[from * width + p]! < position[write]!) {
          this.add(write, from, n, 'overwritten', limit);
        }
        if (isWrite[n] === 0) continue;
        for (const reader of this.readers.get(write) ?? []) {
          if (reader !== n && clocks[n * width + process[reader]!]! < position[reader]!) {
            this.add(reader, n, write, 'overwrites', limit);
          }
        }
      }
    }
  }

  /** Some operation that is stuck waits, in the end, for itself. */
  private shortestCycle(): number[] {
    const order = forcedBy(this.program, this.derivations);
    let shortest: number[] = [];
    const starts = new Set(this.stuck);
    for (const { after } of this.derivations.slice(-STARTS_MAX)) starts.add(after);
    for (const start of [...starts].slice(0, 2 * STARTS_MAX)) {
      const path = order.path(start, start, this.derivations.length).slice(1);
      if (path.length > 0 && (shortest.length === 0 || path.length < shortest.length)) shortest = path;
    }
    return shortest.length > 0 ? shortest : this.walk(order);
  }

  /** None of the starts was on a cycle, but following what they wait for leads to one. */
  private walk(order: DerivedOrder): number[] {
    const { process, reads, source } = this.program;
    const stuckAt = new Map(this.stuck.map((n) => [process[n]!, n]));
    let n = this.stuck[0]!;
    for (let step = 0; step <= this.stuck.length; step++) {
      const waits = [...(this.into[n] ?? []), ...(reads[n] !== NONE && source[n]! >= 0 ? [source[n]!] : [])];
      const next = waits.map((before) => ({ before, at: stuckAt.get(process[before]!) }));
      n = next.find(({ before, at }) => at !== undefined && at <= before)?.at ?? n;
    }
    return order.path(n, n, this.derivations.length).slice(1);
  }
}

const UNREAD = -3;

/** Those that certainly happened: indeterminate ones only if some operation that certainly happened returned what they wrote. */
function certainOperations({ count, optional, source, reads }: Program): Uint8Array {
  const certain = uint8s(count);
  const open: number[] = [];
  for (let n = 0; n < count; n++) {
    if (optional[n] === 1) continue;
    certain[n] = 1;
    open.push(n);
  }
  for (let n = open.pop(); n !== undefined; n = open.pop()) {
    const from = reads[n] === NONE ? UNREAD : source[n]!;
    if (from < 0 || certain[from] === 1) continue;
    certain[from] = 1;
    open.push(from);
  }
  return certain;
}

/** The order as a graph for explanations. */
export function forcedBy(
  { source, reads, processes, process, position }: Program,
  derivations: readonly Derivation[],
): DerivedOrder {
  return new DerivedOrder((n) => {
    const told: number[] = [];
    if (reads[n] !== NONE && source[n]! >= 0) told.push(source[n]!);
    if (position[n]! > 1) told.push(processes[process[n]!]![position[n]! - 2]!);
    return told;
  }, derivations);
}
