import type { Json } from '../../../harness/contract/index.ts';

/** An operation as it reaches a replica. */
export interface Call {
  readonly f: string;
  readonly value: Json;
  /** The replica's own name for this copy of its data. */
  readonly actor: string;
  /** Its wall clock, in microseconds. */
  readonly time: number;
}

/**
 * A state-based replicated data type (Shapiro, Preguiça, Baquero and Zawirski, _A comprehensive study of Convergent and Commutative Replicated Data Types_, INRIA RR-7506,
 * 2011, section 2.2): states form a semilattice, operations only go up in it, and `merge` is the least upper bound. So replicas that have heard of the same operations are equal. Equal states have
 * equal encodings.
 */
export interface DataType {
  /** The state after the operation; the present one (or undefined), if it changes nothing. */
  apply(current: Json | undefined, call: Call): Json | undefined;
  /** The first one itself, if the second adds nothing to it. */
  merge(a: Json, b: Json): Json;
  /** What a reader is shown; `undefined` is what was never touched. */
  show(state: Json | undefined): Json;
}
