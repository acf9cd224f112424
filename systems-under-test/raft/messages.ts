import type { Json } from '../../harness/contract/index.ts';

/**
 * What servers and clients of the Raft cluster say to each other, and what stands in its log. Everything is plain immutable data: an
 * entry is one object from the message that brought it to the log and into the messages that carry it on.
 *
 * Names follow Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm (Extended Version)", figure 2:
 * AppendEntries is `append`, RequestVote is `vote`, InstallSnapshot is `install`.
 */

/**
 * One entry of the log. `noop`, `members` (whose value is the names of all voters from now on) and `register` carry no key; their `session` and `sequence` are 0, as are those of commands that need no
 * session.
 */
export type Entry = {
  readonly term: number;
  readonly f: string;
  readonly key: string | number | null;
  readonly value: Json;
  readonly session: number;
  readonly sequence: number;
};

/** A place in the log with the digest over everything up to it (`log.ts`). */
export type Position = { readonly index: number; readonly term: number; readonly chain: number };

/** The state machine after applying everything up to a position. */
export type Snapshot = {
  readonly at: Position;
  readonly state: Json;
  /** The voters at that position; absent if they are those that the group was set up with. */
  readonly members?: readonly string[];
};

/** Asks for a vote. `run` is the candidate's incarnation: votes that were given to an earlier one do not count. */
export type Vote = {
  readonly type: 'vote';
  /** True for the question whether a vote *would* be given (thesis, section 9.6). */
  readonly pre: boolean;
  readonly term: number;
  readonly run: number;
  readonly lastIndex: number;
  readonly lastTerm: number;
};

export type Voted = {
  readonly type: 'voted';
  readonly pre: boolean;
  /** The voter's term; for a granted pre-vote, the term that was asked about. */
  readonly term: number;
  readonly run: number;
  readonly granted: boolean;
};

export type Append = {
  readonly type: 'append';
  readonly term: number;
  readonly prevIndex: number;
  readonly prevTerm: number;
  /** Digest of the leader's log up to prevIndex: equal wherever term and index are, or the Log Matching Property is broken. */
  readonly prevChain: number;
  readonly entries: readonly Entry[];
  /** The entries in the shorter form of version 2, as they stand on disk; `entries` is then empty. Version 1 does not know it. */
  readonly packed?: readonly Json[];
  readonly commit: number;
  readonly round: number;
};

/** Answer to `append` and `install`, sent when what it acknowledges is on disk. */
export type Appended = {
  readonly type: 'appended';
  readonly term: number;
  readonly round: number;
  readonly success: boolean;
  /** On success: the follower's log equals the leader's up to here. */
  readonly match: number;
  /** On failure: where the leader shall look next: all entries of a term are skipped at once (extended paper, end of section 5.3). */
  readonly conflictIndex: number;
  readonly version?: number;
};

/** Keeps the leadership and confirms it for reads; touches no log and so waits for no disk. */
export type Heartbeat = {
  readonly type: 'heartbeat';
  readonly term: number;
  /** At most what the leader knows to be in this follower's log. */
  readonly commit: number;
  readonly round: number;
};

/** `version` is that of the sender's program: absent from version 1, which did not say. */
export type Alive = {
  readonly type: 'alive';
  readonly term: number;
  readonly round: number;
  readonly version?: number;
};

export type Install = {
  readonly type: 'install';
  readonly term: number;
  readonly round: number;
  readonly snapshot: Snapshot;
};

/** A server without memory of its term asks for everybody else's (`recovery.ts`). */
export type AskTerm = { readonly type: 'ask-term'; readonly run: number };

/** `term` is null if the sender has no memory either. */
export type TellTerm = { readonly type: 'tell-term'; readonly run: number; readonly term: number | null };

export type ServerMessage =
  | Vote
  | Voted
  | Append
  | Appended
  | Heartbeat
  | Alive
  | Install
  | AskTerm
  | TellTerm;

/** What a client asks. `register` opens a session; a `read` needs none. */
export type ClientRequest = {
  readonly f: string;
  readonly key: string | number | null;
  readonly value: Json;
  readonly session: number;
  readonly sequence: number;
};

export type ClientReply =
  /** Applied: the outcome of the state machine. */
  | { readonly status: 'ok'; readonly value: Json }
  | { readonly status: 'fail'; readonly error: string }
  /** Certainly not accepted here. `leader` is a hint, '' if none is known. */
  | { readonly status: 'not-leader'; readonly leader: string }
  /** Accepted into the log, but this server lost its leadership before it was committed: it may be, or not. */
  | { readonly status: 'unknown'; readonly leader: string }
  /** The session is unknown; it was forgotten or never was. This copy of the request was not carried out. */
  | { readonly status: 'expired' };
