import type { Json } from '../../harness/contract/index.ts';

/** Who plays which part. Views are numbered from 1; number 0 is the view before the first, with nobody in it. */
export type View = {
  readonly number: number;
  /** Empty in view 0. */
  readonly primary: string;
  readonly backups: readonly string[];
  /** True for the very first view: its primary begins with nothing. */
  readonly founding: boolean;
};

export const NO_VIEW: View = { number: 0, primary: '', backups: [], founding: false };

export function members(view: View): readonly string[] {
  return view.number === 0 ? [] : [view.primary, ...view.backups];
}

/**
 * One tenure of a primary: the view, and the incarnation of its process. A primary that restarts within its view makes records that differ
 * from those it lost, so the view alone does not name them.
 */
export type Epoch = readonly [view: number, incarnation: number];

/** The last record of a copy. Two copies at the same position are equal: one primary made all records of an epoch, in order. */
export type Position = { readonly epoch: Epoch; readonly sequence: number };

export const START: Position = { epoch: [0, 0], sequence: 0 };

export function sameEpoch(a: Epoch, b: Epoch): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

export function samePosition(a: Position, b: Position): boolean {
  return a.sequence === b.sequence && sameEpoch(a.epoch, b.epoch);
}

/** Negative if a is behind b. */
export function comparePositions(a: Position, b: Position): number {
  return a.epoch[0] - b.epoch[0] || a.epoch[1] - b.epoch[1] || a.sequence - b.sequence;
}

/** What a server tells the view service. */
export type Ping = {
  readonly f: 'ping';
  readonly incarnation: number;
  /** Pings of one incarnation are numbered: a late one is ignored. */
  readonly nth: number;
  /** Number of the view it has adopted; 0 if none. */
  readonly view: number;
  /** Number of the last view at whose beginning it had the whole state; 0 if it has none. */
  readonly ready: number;
  readonly position: Position;
  /** A primary's backups that do not answer it, and servers outside the view that do. */
  readonly unreachable: readonly string[];
  readonly reachable: readonly string[];
};

export type Fields = { readonly [name: string]: Json };
