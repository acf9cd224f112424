import type { Json } from '../../../harness/contract/index.ts';
import type { Key, Level, Transaction } from '../transaction.ts';
import { WriteLocks } from '../write-locks.ts';

/**
 * One version of each key, written in place and read by everybody at once. Locks keep two transactions from writing over each other (no dirty
 * writes, Adya's G0); an abort puts back what was there before.
 */
export class ReadUncommitted implements Level {
  private readonly values = new Map<Key, Json>();
  private readonly locks = new WriteLocks();
  /** What a key held before this transaction wrote it. */
  private readonly before = new Map<Transaction, Map<Key, Json>>();
  private readonly lock: boolean;

  constructor({ lock }: { readonly lock: boolean }) {
    this.lock = lock;
  }
  begin(): number {
    return 0;
  }
  read(_transaction: Transaction, key: Key): Json {
    return this.values.get(key) ?? null;
  }
  admit(transaction: Transaction, key: Key): boolean | Promise<boolean> {
    return this.lock ? this.locks.acquire(transaction, key) : true;
  }
  write(transaction: Transaction, key: Key, value: Json): void {
    let before = this.before.get(transaction);
    if (before === undefined) {
      before = new Map();
      this.before.set(transaction, before);
    }
    if (!before.has(key)) before.set(key, this.values.get(key) ?? null);
    this.values.set(key, value);
  }
  commit(transaction: Transaction): boolean {
    this.end(transaction);
    return true;
  }
  abort(transaction: Transaction): void {
    for (const [key, value] of this.before.get(transaction) ?? []) this.values.set(key, value);
    this.end(transaction);
  }
  private end(transaction: Transaction): void {
    this.before.delete(transaction);
    this.locks.release(transaction);
  }
}
