import type { Pace } from '../budget.ts';
import { int32s, uint8s } from '../transactions/arrays.ts';
import type { Derivation } from './forced-order.ts';
import { NONE, type Program } from './program.ts';

export interface SearchResult {
  readonly result: 'valid' | 'invalid' | 'steps' | 'memory' | 'time';
  /** Operations placed, over all attempts. */
  readonly steps: number;
  /** States from which nothing led further. */
  readonly states: number;
  /** Of the longest order found: by process, how many operations are in it, and by key the value then. */
  readonly longest: { readonly placed: number; readonly positions: Int32Array; readonly values: Int32Array };
}

interface Choice {
  readonly candidates: readonly number[];
  next: number;
  /** Length of the log before the choice. */
  readonly mark: number;
}

/**
 * Searches for one order of all operations, depth first. What has been placed is a prefix of each process; a read that can be placed is placed at once, since it
 * changes nothing. A write is placed only if the value that it replaces is not needed any more (nobody is left who looks at it, or somebody is
 * who will write it again) and everything that the forced order puts before it is there. States that led nowhere are remembered: prefixes, and the values of keys.
 *
 * Exact. Cost: O(p) a step for p processes; exponential in p at worst.
 */
export function search(
  program: Program,
  forced: readonly Derivation[],
  bounds: { readonly steps: number; readonly memoryBytes: number },
  pace: Pace,
): SearchResult {
  return new Search(program, forced).run(bounds, pace);
}

class Search {
  private readonly program: Program;
  /** By operation, what must be placed before it. */
  private readonly before: (number[] | undefined)[];
  private readonly positions: Int32Array;
  private readonly current: Int32Array;
  /** By value: operations left that certainly look at it; operations left that may write it. */
  private readonly lookers: Int32Array;
  private readonly writers: Int32Array;
  /** By value: whether an indeterminate operation looks at it. */
  private readonly mayMatch: Uint8Array;
  private readonly certain: number;
  private placedCertain = 0;
  /** Placed operations, each followed by the value that it replaced (NONE for reads). */
  private readonly log: number[] = [];

  constructor(program: Program, forced: readonly Derivation[]) {
    this.program = program;
    this.before = new Array(program.count).fill(undefined);
    for (const { before, after } of forced) {
      const list = this.before[after];
      if (list === undefined) this.before[after] = [before];
      else list.push(before);
    }
    this.positions = int32s(program.processes.length);
    this.current = int32s(program.keys.length);
    this.current.set(program.initial);
    this.lookers = int32s(program.values);
    this.writers = int32s(program.values);
    this.mayMatch = uint8s(program.values);
    let certain = 0;
    for (let n = 0; n < program.count; n++) {
      if (program.optional[n] === 0) certain++;
      if (program.optional[n] === 0 && program.reads[n] !== NONE) this.lookers[program.reads[n]!]!++;
      if (program.optional[n] === 1 && program.reads[n] !== NONE) this.mayMatch[program.reads[n]!] = 1;
      if (program.writes[n] !== NONE) this.writers[program.writes[n]!]!++;
    }
    this.certain = certain;
  }

  run({ steps: stepsMax, memoryBytes }: { steps: number; memoryBytes: number }, pace: Pace): SearchResult {
    const failed = new Set<string>();
    const choices: Choice[] = [];
    const longest = { placed: -1, positions: this.positions.slice(), values: this.current.slice() };
    // Two bytes a number and what the set needs for an entry.
    const bytesOfState = 2 * (this.positions.length + this.current.length) + 64;
    let steps = 0;
    const end = (result: SearchResult['result']): SearchResult => ({
      result,
      steps,
      states: failed.size,
      longest,
    });
    for (;;) {
      steps += this.placeReads();
      if (this.placedCertain === this.certain) return end('valid');
      if (this.placedCertain > longest.placed) {
        longest.placed = this.placedCertain;
        longest.positions.set(this.positions);
        longest.values.set(this.current);
      }
      const candidates = failed.size > 0 && failed.has(this.state()) ? [] : this.candidates();
      choices.push({ candidates, next: 0, mark: this.log.length });
      let choice = choices.at(-1)!;
      while (choice.next === choice.candidates.length) {
        this.undo(choice.mark);
        failed.add(this.state());
        choices.pop();
        if (choices.length === 0) return end('invalid');
        choice = choices.at(-1)!;
        this.undo(choice.mark);
        if (failed.size * bytesOfState > memoryBytes) return end('memory');
      }
      this.place(choice.candidates[choice.next++]!);
      if (++steps > stepsMax) return end('steps');
      if (pace.over(1 + (this.positions.length >> 3))) return end('time');
      pace.tell(Math.max(0, longest.placed), this.certain);
    }
  }

  /** Places reads until none can be placed. Gives their number. */
  private placeReads(): number {
    const { processes, writes, reads, key, optional } = this.program;
    let placed = 0;
    for (let p = 0; p < processes.length; p++) {
      for (;;) {
        const n = processes[p]![this.positions[p]!];
        if (n === undefined || writes[n] !== NONE || optional[n] === 1) break;
        if (this.current[key[n]!] !== reads[n]) break;
        this.place(n);
        placed++;
      }
    }
    return placed;
  }

  private candidates(): number[] {
    const { processes, optional } = this.program;
    const found: number[] = [];
    for (let p = 0; p < processes.length; p++) {
      const n = processes[p]![this.positions[p]!];
      if (n !== undefined && this.isPossible(n)) found.push(n);
    }
    // As the clients went on in time; what need not have happened last.
    return found.sort((a, b) => optional[a]! - optional[b]! || a - b);
  }

  private isPossible(n: number): boolean {
    const { reads, writes, key, optional, process, position } = this.program;
    if (writes[n] === NONE) return false;
    const value = this.current[key[n]!]!;
    if (reads[n] !== NONE && reads[n] !== value) return false;
    const others = this.lookers[value]! - (reads[n] === NONE || optional[n] === 1 ? 0 : 1);
    if (others > 0 && writes[n] !== value && this.writers[value] === 0) return false;
    for (const before of this.before[n] ?? []) {
      if (this.positions[process[before]!]! < position[before]!) return false;
    }
    return true;
  }

  private place(n: number): void {
    const { reads, writes, key, optional, process } = this.program;
    this.positions[process[n]!]!++;
    if (optional[n] === 0) this.placedCertain++;
    if (optional[n] === 0 && reads[n] !== NONE) this.lookers[reads[n]!]!--;
    let replaced = NONE;
    if (writes[n] !== NONE) {
      this.writers[writes[n]!]!--;
      replaced = this.current[key[n]!]!;
      this.current[key[n]!] = writes[n]!;
    }
    this.log.push(n, replaced);
  }

  private undo(mark: number): void {
    const { reads, writes, key, optional, process } = this.program;
    while (this.log.length > mark) {
      const replaced = this.log.pop()!;
      const n = this.log.pop()!;
      this.positions[process[n]!]!--;
      if (optional[n] === 0) this.placedCertain--;
      if (optional[n] === 0 && reads[n] !== NONE) this.lookers[reads[n]!]!++;
      if (writes[n] === NONE) continue;
      this.writers[writes[n]!]!++;
      this.current[key[n]!] = replaced;
    }
  }

  /** Prefixes and values; a value that nobody left looks at is as good as any other. */
  private state(): string {
    const parts: number[] = [];
    for (const position of this.positions) parts.push(position & 0xffff, position >>> 16);
    for (const value of this.current) {
      const seen = this.lookers[value]! > 0 || this.mayMatch[value] === 1 ? value + 1 : 0;
      parts.push(seen & 0xffff, seen >>> 16);
    }
    let text = '';
    for (const part of parts) text += String.fromCharCode(part);
    return text;
  }
}
