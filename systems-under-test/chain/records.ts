import { type Position, samePosition } from '../shared/position.ts';
import type { Entry } from './configuration.ts';

/** So many committed records are kept for a successor or a newcomer that lags. */
const COMMITTED_KEPT = 100;

/**
 * The records of a copy that may have to be sent again, in order. What came before them is in the table alone: whoever lacks it
 * needs the whole state.
 */
export class Records {
  private entries: Entry[] = [];
  /** The position after which the records begin. */
  private base: Position;
  private readonly same: (a: Position, b: Position) => boolean;

  /** `same`: when two positions are one; by epoch and number if absent. */
  constructor(base: Position, same = samePosition) {
    this.base = base;
    this.same = same;
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
      this.same(position, this.base) || this.entries.some((entry) => this.same(entry.position, position))
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
    if (count < 2 * COMMITTED_KEPT) return;
    this.base = this.entries[count - COMMITTED_KEPT - 1]!.position;
    this.entries = this.entries.slice(count - COMMITTED_KEPT);
  }
}
