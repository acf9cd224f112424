import type { Json } from '../../harness/contract/index.ts';
import type { Change } from '../shared/command.ts';
import type { Position } from '../shared/position.ts';
import type { Entry } from '../shared/records.ts';

export type Fields = { readonly [name: string]: Json };

/** A site wants to lead in the term of this number; `pre`: would it be let? */
export type Elect = {
  readonly f: 'elect';
  readonly pre: boolean;
  readonly term: number;
  readonly position: Position;
};

export type Elected = { readonly granted: boolean; readonly term: number };

/** Records that continue a copy at `after`; without any it is a heartbeat. */
export type Append = {
  readonly f: 'append';
  readonly term: number;
  readonly after: Position;
  readonly entries: readonly Entry[];
};

/** The whole state, for this incarnation of a site whose copy the records at hand do not continue. */
export type Install = {
  readonly f: 'install';
  readonly term: number;
  readonly incarnation: number;
  readonly position: Position;
  readonly entries: readonly Change[];
};

/**
 * - `ok`: everything up to the leader's position is on this site's disk;
 * - `differs`: the copy stands elsewhere;
 * - `old`: a newer term is known;
 * - `unable`: neither, for now.
 */
export type Appended =
  | { readonly type: 'ok'; readonly position: Position }
  | { readonly type: 'differs'; readonly position: Position; readonly incarnation: number }
  | { readonly type: 'old'; readonly term: number }
  | { readonly type: 'unable' };
