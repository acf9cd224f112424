import type { Json, Nanos } from '../../../harness/contract/index.ts';
import type { Key, Level, Transaction } from '../transaction.ts';
import { Versions } from '../versions.ts';
import { WriteLocks } from '../write-locks.ts';

export interface ReadCommittedOptions {
  readonly now: () => Nanos;
  /** Flaw: reads see what others have not committed. */
  readonly dirtyReads: boolean;
  /** Flaw: the writes of an aborted transaction stay. */
  readonly keepAborted: boolean;
}

/**
 * Every statement sees what is committed at that moment, and the transaction's own writes. Writes are buffered until the commit, and locked, so
 * that an append builds on the last committed list.
 */
export class ReadCommitted implements Level {
  private readonly versions = new Versions();
  private readonly locks = new WriteLocks();
  private readonly options: ReadCommittedOptions;
  /** Those with writes that are not committed. */
  private readonly writers = new Set<Transaction>();

  constructor(options: ReadCommittedOptions) {
    this.options = options;
  }
  begin(): number {
    return 0;
  }
  read({ written }: Transaction, key: Key): Json {
    if (written.has(key)) return written.get(key)!;
    if (this.options.dirtyReads) {
      for (const other of this.writers) if (other.written.has(key)) return other.written.get(key)!;
    }
    return this.versions.read(key);
  }
  admit(transaction: Transaction, key: Key): boolean | Promise<boolean> {
    return this.locks.acquire(transaction, key);
  }
  write(transaction: Transaction, key: Key, value: Json): void {
    this.writers.add(transaction);
    transaction.written.set(key, value);
  }
  commit(transaction: Transaction): boolean {
    this.versions.install(transaction.written, this.options.now());
    this.versions.forget(transaction.written.keys(), this.versions.last);
    this.end(transaction);
    return true;
  }
  abort(transaction: Transaction): void {
    if (this.options.keepAborted) this.commit(transaction);
    else this.end(transaction);
  }
  private end(transaction: Transaction): void {
    this.writers.delete(transaction);
    this.locks.release(transaction);
  }
}
