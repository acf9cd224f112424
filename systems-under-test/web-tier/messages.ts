import type { Json, Nanos } from '../../harness/contract/index.ts';

/**
 * A request of a user, as it travels from client to balancer to front end: `open` a session with the store, `visit` for so much work, or a
 * command of that session with its number. `patience`: how long the sender still waits. A duration and not an instant, since nobody's clock is
 * another's; each hop takes off what it used.
 */
export type UserRequest = {
  readonly f: string;
  readonly patience: Nanos;
  readonly key?: Json;
  readonly value?: Json;
  readonly session?: string;
  readonly number?: number;
};

/**
 * `fail`: certainly not carried out. `info`: nobody knows. `no-session`: not carried out, the store does not know the session.
 * `node`: the front end that did the work.
 */
export type Reply = {
  readonly type?: 'ok' | 'fail' | 'info' | 'no-session';
  readonly value?: Json;
  readonly error?: Json;
  readonly session?: string;
  readonly node?: string;
};

/** What the autoscaler asks front ends, and what they say. Times in CPU time of this front end. */
export type Report = {
  readonly ready: boolean;
  /** Spent on work since its start. */
  readonly busy: Nanos;
  /** Work that waits. */
  readonly queued: Nanos;
};
