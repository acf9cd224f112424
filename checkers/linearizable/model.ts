import type { Json } from '../../histories/index.ts';

/** One paired operation of a client on one key, as a model sees it. */
export interface Call {
  readonly f: string;
  /** The argument, from the invocation. */
  readonly value: Json;
  /** The result, from an `ok`; undefined when nobody knows (`info`, or never completed) and for a `fail`. */
  readonly result: Json | undefined;
  /** `fail` reaches a model only where the failure is an observation (a compare-and-set that did not match). */
  readonly outcome: 'ok' | 'fail' | 'info';
  /** Who called: only for models that are `owned`. */
  readonly owner?: Json;
}

/** What kind of effect an operation has. Flags of an input; the search prunes by them, so they must be true. */
export const PURE = 1;
/** It can happen in every state (it may change it). */
export const TOTAL = 2;
/** Total, and the state after it is the same whatever the state before: it overwrites. */
export const CONSTANT = 4;

/** Effect of a call, for the generic machine: `partial` is anything that is none of the others. */
export type Effect = 'pure' | 'total' | 'constant' | 'partial';

export const FLAGS_OF: { readonly [effect in Effect]: number } = {
  pure: PURE,
  total: TOTAL,
  constant: TOTAL | CONSTANT,
  partial: 0,
};

/** What the option `initial` must be. */
export interface Form {
  /** In words: `a list`. */
  readonly name: string;
  fits(state: Json): boolean;
}

export const LIST: Form = { name: 'a list', fits: (state) => Array.isArray(state) };
export const OBJECT: Form = {
  name: 'an object',
  fits: (state) => typeof state === 'object' && state !== null && !Array.isArray(state),
};
export const INTEGER: Form = { name: 'an integer', fits: (state) => Number.isSafeInteger(state) };
export const TEXT: Form = { name: 'a string', fits: (state) => typeof state === 'string' };
export const TRUTH: Form = { name: 'true or false', fits: (state) => typeof state === 'boolean' };

/** The options of `linearizable` that a model needs. */
export interface ModelOptions {
  /** State before the first operation. */
  readonly initial: Json;
}

/**
 * A sequential specification: what one copy of the object, used by one client at a time, would do.
 * States and arguments are JSON. `apply` is all that is needed; `machine` is for models that can do better than
 * interning and memoising whole states.
 */
export interface Model {
  readonly name: string;
  readonly summary: string;
  /** Functions it knows. Any other `f` in a history is an error of the caller, not a verdict. */
  readonly functions: readonly string[];
  /** State before the first operation where the options give none (null). */
  readonly initial: Json;
  /** What a state is, for the option `initial`: `a list`. Anything, if the model does not say. */
  readonly form?: Form;
  /** The state after the call, or undefined if it cannot happen in this state (or cannot have had this result). */
  apply(state: Json, call: Call): Json | undefined;
  effect(call: Call): Effect;
  /** Says what is wrong with the call's argument or result, if it is not of this model's shape. */
  malformed?(call: Call): string | undefined;
  /** Whether it is a register: `read` returns the last `write`. Then zones may decide it. */
  readonly isRegister?: boolean;
  /** Functions that take something out. Answered null, or failed as `empty`, they may count as having found nothing (option `empty`). */
  readonly removals?: readonly string[];
  /** Whether calls carry their owner. */
  readonly owned?: boolean;
  /**
   * Names of the independent parts of the object that a call is about (elements of a set, keys of a map), or undefined if it is
   * about all. Parts that no call connects are decided one by one: each is an object of its own, and linearizability is local.
   */
  parts?(call: Call): readonly string[] | undefined;
  /** How a part of its own is a register. */
  readonly register?: PartAsRegister;
  /** The call with what it read as null taken to be not known (option `nilReads`). Without it, such reads are left out. */
  withoutNils?(call: Call): Call;
  /** For explanations. */
  readonly probe?: Probe;
  /** A machine over integers for the operations of one key. */
  machine?(calls: Calls, options: ModelOptions): Machine;
}

/** For a part by its name: the initial value, and what it is called in words; each call as a read or a write; a state in words. */
export interface PartAsRegister {
  initial(part: string, initial: Json): Json;
  subject(part: string): string;
  translate(call: Call): Call;
  inWords?(state: Json): string;
}

/** How to ask what states an object could have been in. */
export interface Probe {
  /** A completed call that can happen in this state and in no other, and changes nothing. */
  seeing(state: Json): Call;
  /**
   * States that the object may have been in at some moment between two positions, every one of them among them if
   * `exhaustive`. The shorter the better: each costs a search.
   */
  candidates(calls: Calls, initial: Json, from: number, to: number): Json[];
  readonly exhaustive: boolean;
}

/** The operations of one key that take part in a search, in the order of their invocations. */
export interface Calls {
  readonly count: number;
  call(n: number): Call;
  /** Position of the invocation of operation n; positions are distinct and increase with time. */
  readonly invoked: Int32Array;
  /** Position of its completion, or `NEVER`. */
  readonly returned: Int32Array;
}

/** Later than every position. */
export const NEVER = 0x7fffffff;

/** A model over integers: states and inputs (a function with its argument and result) are small non-negative numbers. */
export interface Machine {
  readonly initial: number;
  /** Input of operation n of the key. */
  readonly inputs: Int32Array;
  /** `PURE`, `TOTAL`, `CONSTANT` of each input. */
  readonly flags: Uint8Array;
  /** State after the input, or -1 if it cannot happen in this state. */
  step(state: number, input: number): number;
  /**
   * A state in which nothing can happen but total operations and those of `negative` inputs, and which every state
   * that nobody will look at any more may be replaced by. -1: the model has none.
   */
  readonly dead: number;
  /** Position of the last completion of an operation that can tell this state from `dead`; `NEVER` if one stays open, -1 for `dead`. */
  lastObserved(state: number): number;
  /** The state after the input wherever it can happen, or -1 if that depends on the state before. */
  leadsTo(input: number): number;
  /** Position of the last completion of an operation that can happen in `dead` but not in some other state; -1: none. */
  readonly lastNegative: number;
}
