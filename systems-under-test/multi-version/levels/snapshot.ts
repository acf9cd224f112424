import type { Json, Nanos } from '../../../harness/contract/index.ts';
import type { Key, Level, Transaction } from '../transaction.ts';
import { Versions } from '../versions.ts';

export interface SnapshotOptions {
  readonly now: () => Nanos;
  /** Commit only if nobody wrote since the snapshot what this transaction wrote: the first committer wins. */
  readonly validateWrites: boolean;
  /** Commit only if nobody wrote since the snapshot what this transaction read. */
  readonly validateReads: boolean;
  /** Read-only transactions see the store as it was so long ago. */
  readonly lag: Nanos;
  /** Flaw: every read sees what is committed at that moment, instead of the snapshot. */
  readonly readLatest: boolean;
}

/**
 * Transactions read a snapshot and their own writes, and write at the commit, all at once.
 *
 * With validated writes that is snapshot isolation (Berenson et al. 1995). With validated reads too, a transaction that commits has seen what it would see
 * at the moment of its commit: backward optimistic concurrency control (Kung and Robinson 1981), serializable in the order of commits;
 * transactions that only read need no validation, as their snapshot is a moment between two commits. Where that moment is before their
 * beginning (`lag`) the whole is serializable, but not strictly: they do not see what was acknowledged before.
 */
export class Snapshot implements Level {
  private readonly versions = new Versions();
  private readonly options: SnapshotOptions;
  /** Snapshots of open transactions. */
  private readonly inUse: number[] = [];

  constructor(options: SnapshotOptions) {
    this.options = options;
  }
  begin(readOnly: boolean): number {
    const { now, lag } = this.options;
    const snapshot = readOnly && lag > 0 ? this.versions.before(now() - lag) : this.versions.last;
    this.inUse.push(snapshot);
    return snapshot;
  }
  read({ written, keysRead, snapshot }: Transaction, key: Key): Json {
    if (written.has(key)) return written.get(key)!;
    keysRead.add(key);
    return this.options.readLatest ? this.versions.read(key) : this.versions.read(key, snapshot);
  }
  admit(): boolean {
    return true;
  }
  write({ written }: Transaction, key: Key, value: Json): void {
    written.set(key, value);
  }
  commit(transaction: Transaction): boolean {
    const { written, keysRead, snapshot } = transaction;
    const { validateWrites, validateReads, now, lag } = this.options;
    const changed = (key: Key): boolean => this.versions.changedAfter(key, snapshot);
    if (written.size > 0) {
      if (validateWrites && [...written.keys()].some(changed)) return false;
      if (validateReads && [...keysRead].some(changed)) return false;
      this.versions.install(written, now());
    }
    this.end(transaction);
    this.versions.forget(written.keys(), Math.min(this.versions.before(now() - lag), ...this.inUse));
    return true;
  }
  abort(transaction: Transaction): void {
    this.end(transaction);
  }
  private end({ snapshot }: Transaction): void {
    this.inUse.splice(this.inUse.indexOf(snapshot), 1);
  }
}
