import type { Json } from '../../harness/contract/index.ts';
import type { Dot } from './version-vector.ts';

/** What marks a write: `time` in microseconds of a wall clock, or a counter. With siblings it is for people who look at them; nothing depends on it. */
export interface Mark {
  readonly dot: Dot;
  readonly time: number;
}

/**
 * What the copies of a key are and become. States are plain data, equal states have equal encodings, and `merge` is commutative, associative and idempotent: copies that have
 * heard of the same writes are equal, however they heard of them.
 */
export interface Resolution {
  /** The state after a write at one copy. `context`: what its client had read, as `context` gave it, or null. */
  write(current: Json | undefined, value: Json, context: Json, mark: Mark): Json;
  /** Of what two copies know. The first one itself, if the second knows nothing that it does not. */
  merge(a: Json, b: Json): Json;
  /** What a reader is shown: no value, one, or siblings. */
  values(state: Json): readonly Json[];
  /** What a reader has seen, to be handed in with the write that follows from it. */
  context(state: Json): Json;
  /** The greatest time in it. */
  time(state: Json): number;
  /** The greatest number of this actor in it; 0 if there is none. */
  greatest(state: Json, actor: string): number;
}
