import type { Json } from '../../harness/contract/index.ts';

export type Key = string | number;

/** A transaction that has begun and is neither committed nor aborted. */
export interface Transaction {
  /** Its place in the order of beginnings: the smaller, the older. */
  readonly age: number;
  /** It has promised to write nothing. */
  readonly readOnly: boolean;
  /** The last commit that its snapshot contains. Means nothing to levels without snapshots. */
  readonly snapshot: number;
  readonly keysRead: Set<Key>;
  /** Its own writes, by key. */
  readonly written: Map<Key, Json>;
}

/** A level of isolation: what a transaction sees, and whether it may commit. Written for one thread: nothing happens in between. */
export interface Level {
  /** A transaction begins: the last commit that it is to see. */
  begin(readOnly: boolean): number;
  read(transaction: Transaction, key: Key): Json;
  /** Whether it may write the key, perhaps after waiting for others. If not, it must abort. */
  admit(transaction: Transaction, key: Key): boolean | Promise<boolean>;
  write(transaction: Transaction, key: Key, value: Json): void;
  /** False if it must abort instead. */
  commit(transaction: Transaction): boolean;
  abort(transaction: Transaction): void;
}
