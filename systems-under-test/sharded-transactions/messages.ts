import type { Json } from '../../harness/contract/index.ts';
import type { Key } from '../shared/value-table.ts';

/**
 * One step of a transaction: `["r", key, null]`, `["w", key, value]`, `["append", key, element]`, `["cas", key, [expected, next]]`, and
 * `["add", key, [amount, opening, least]]`, which adds to a number that is `opening` until it is written, and must not fall below `least`.
 */
export type Micro = readonly [f: string, key: Key, value: Json];

/**
 * A transaction's name: the timestamp that its coordinator drew when it began (Percolator's start timestamp). Unique, and
 * growing with time, so that a group can tell names that it has forgotten from new ones.
 */
export type TransactionId = number;

/** When a transaction was committed; null if it was aborted. */
export type Outcome = number | null;

/** The part of a transaction that one group shall prepare. */
export type Prepare = {
  readonly id: TransactionId;
  /** The group that decides. */
  readonly coordinator: string;
  readonly micros: readonly Micro[];
};

/** The first of these in the log of the coordinating group is the decision. */
export type Decide = {
  readonly id: TransactionId;
  readonly timestamp: Outcome;
  /** The other groups that prepared: the decision is remembered until each has carried it out. */
  readonly others: readonly string[];
};

/** Carries out at a participant what was decided. */
export type Finish = { readonly id: TransactionId; readonly timestamp: Outcome };

/** A participant has carried the decision out. */
export type Acknowledge = { readonly id: TransactionId; readonly group: string };

/** What a server of a group is asked by other servers. All may be asked again without harm. */
export type PeerRequest =
  | { readonly f: 'prepare'; readonly value: Prepare }
  | { readonly f: 'finish'; readonly value: Finish }
  /** What became of it? Whoever is asked decides, if nobody else is about to. */
  | { readonly f: 'resolve'; readonly value: TransactionId }
  | { readonly f: 'snapshot'; readonly value: SnapshotQuestion }
  /** To the oracle: the next timestamp. */
  | { readonly f: 'timestamp'; readonly value: null };

/** The keys as they were at this time. */
export type SnapshotQuestion = { readonly timestamp: number; readonly keys: readonly Key[] };

export type SnapshotAnswer =
  | { readonly values: readonly Json[] }
  /** These are prepared and write to the keys; they may have been committed at that time. */
  | { readonly undecided: readonly TransactionId[] }
  /** The versions of that time are gone. */
  | { readonly tooOld: true };
