import type { Changes, State } from './copy.ts';

/**
 * What the server asks of the backup. `hello` opens a conversation, which ends every earlier one: what a server that is gone has sent
 * cannot arrive later and be taken for the words of the one that took its place.
 */
export type Request =
  | { readonly f: 'hello' }
  /** Records from this number on. */
  | {
      readonly f: 'ship';
      readonly token: string;
      readonly from: number;
      readonly records: readonly Changes[];
    }
  | { readonly f: 'snapshot'; readonly token: string; readonly state: State }
  | { readonly f: 'restore' };

/** `token` names the conversation; `sequence` is that of the last record which the backup has on stable storage. */
export type Position = { readonly type: 'ok'; readonly token: string; readonly sequence: number };
export type Restored = { readonly type: 'ok'; readonly state: State };
/** Of an earlier conversation, or nothing sound is there. */
export type Refused = { readonly type: 'refused' };
