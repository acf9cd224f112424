import type { Outcome, TransactionId } from './messages.ts';

/** Transactions of which a group remembers that they are over. */
const MOST = 200;

export type FinishedState = {
  readonly outcomes: readonly (readonly [id: TransactionId, outcome: Outcome])[];
  readonly floor: TransactionId;
};

/**
 * Transactions that are over, so that a message about one that arrives late or twice changes nothing. Only the last ones are remembered one by
 * one; all those with names up to the floor count as over too, which may abort one that has taken very long, but never carries one out twice.
 */
export class Finished {
  private readonly outcomes = new Map<TransactionId, Outcome>();
  private floor: TransactionId = 0;

  has(id: TransactionId): boolean {
    return id <= this.floor || this.outcomes.has(id);
  }

  /** Undefined if it is not over, or forgotten. */
  outcome(id: TransactionId): Outcome | undefined {
    return this.outcomes.get(id);
  }

  add(id: TransactionId, outcome: Outcome): void {
    this.outcomes.set(id, outcome);
    if (this.outcomes.size <= MOST) return;
    const [oldest] = this.outcomes.keys();
    this.outcomes.delete(oldest!);
    this.floor = Math.max(this.floor, oldest!);
  }

  state(): FinishedState {
    return { outcomes: [...this.outcomes], floor: this.floor };
  }

  restore({ outcomes, floor }: FinishedState): void {
    this.outcomes.clear();
    for (const [id, outcome] of outcomes) this.outcomes.set(id, outcome);
    this.floor = floor;
  }
}
