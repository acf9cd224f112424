import type { Change } from './command.ts';
import { type Position, samePosition } from './position.ts';

/** A record as it travels from one copy to the next: the changes of some commands that were carried out together. */
export type Entry = { readonly position: Position; readonly changes: readonly Change[] };

/**
 * The records of a copy that may have to be sent again, in order. What came before them is in the table alone: whoever lacks it
 * needs the whole state.
 */
export class Records {
  private entries: Entry[] = [];
  /** The position after which the records begin. */
  private base: Position;
  private readonly kept: number;

  /** `kept`: so many committed records are kept for copies that lag. */
  constructor(base: Position, kept = 100) {
    this.base = base;
    this.kept = kept;
  }

  reset(base: Position): void {
    this.base = base;
    this.entries = [];
  }

  add(entry: Entry): void {
    this.entries.push(entry);
  }

  /** True if a copy at this position is a beginning of this one, and what it lacks is here. */
  continue(position: Position): boolean {
    return (
      samePosition(position, this.base) ||
      this.entries.some((entry) => samePosition(entry.position, position))
    );
  }

  after(sequence: number): readonly Entry[] {
    const first = this.entries.findIndex(({ position }) => position.sequence > sequence);
    return first < 0 ? [] : this.entries.slice(first);
  }

  /** Those with numbers in this range, the first not included. */
  between(after: number, to: number): readonly Entry[] {
    return this.after(after).filter(({ position }) => position.sequence <= to);
  }

  /** Forgets the oldest once there are twice as many committed ones as are kept. */
  trim(committed: number): void {
    const count = this.entries.filter(({ position }) => position.sequence <= committed).length;
    if (count < 2 * this.kept) return;
    this.base = this.entries[count - this.kept - 1]!.position;
    this.entries = this.entries.slice(count - this.kept);
  }
}
