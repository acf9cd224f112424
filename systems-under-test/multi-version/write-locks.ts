import type { Key, Transaction } from './transaction.ts';

interface Waiting {
  readonly transaction: Transaction;
  readonly key: Key;
  readonly granted: (granted: boolean) => void;
}

/**
 * Exclusive locks, held until the end of the transaction. Deadlocks cannot happen, by wait-die (Rosenkrantz, Stearns and Lewis 1978): whoever is
 * older than the holder waits, whoever is younger gives up, so that all waiting is for younger ones.
 */
export class WriteLocks {
  private readonly holders = new Map<Key, Transaction>();
  private waiting: Waiting[] = [];

  /** False if the transaction must abort. */
  acquire(transaction: Transaction, key: Key): boolean | Promise<boolean> {
    const holder = this.holders.get(key);
    if (holder === undefined) this.holders.set(key, transaction);
    if (holder === undefined || holder === transaction) return true;
    if (transaction.age > holder.age) return false;
    return new Promise((granted) => this.waiting.push({ transaction, key, granted }));
  }

  /** Gives up everything that it holds or waits for. */
  release(transaction: Transaction): void {
    const given = this.waiting.filter((waiting) => waiting.transaction === transaction);
    this.waiting = this.waiting.filter((waiting) => waiting.transaction !== transaction);
    for (const { granted } of given) granted(false);
    for (const [key, holder] of this.holders) if (holder === transaction) this.passOn(key);
  }

  /** To the youngest of those that wait, so that the others still wait for a younger one. */
  private passOn(key: Key): void {
    let next: Waiting | undefined;
    for (const waiting of this.waiting) {
      if (waiting.key === key && (next === undefined || waiting.transaction.age > next.transaction.age))
        next = waiting;
    }
    if (next === undefined) {
      this.holders.delete(key);
      return;
    }
    this.holders.set(key, next.transaction);
    this.waiting = this.waiting.filter((waiting) => waiting !== next);
    next.granted(true);
  }
}
