import type { Json } from '../../harness/contract/index.ts';
import type { Position } from '../shared/position.ts';

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
