/**
 * What happened, as the field writes it down: operations of clients, of the nemesis and of the controller, and
 * the observations that the system under test made about itself. Order is by `index`; `time` never decreases.
 */

/** Any JSON value: what operations, messages and observations carry. Numbers are finite. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * - `invoke`: the client is about to call;
 * - `ok`: it certainly happened, between invocation and completion;
 * - `fail`: it certainly did **not** happen and never will;
 * - `info`: nobody knows: it may take effect at any time from its invocation on, or never.
 */
export type OperationType = 'invoke' | 'ok' | 'fail' | 'info';

/** One line of a client: an invocation or its completion. */
export interface Operation {
  /** Position in the history, from 0, without gaps over all events of a history. */
  readonly index: number;
  /** Nanoseconds since the start of the run. Integer. */
  readonly time: number;
  /** The logical process. It has at most one operation open, and is never used again after an `info`. */
  readonly process: number;
  readonly type: OperationType;
  /** What is done: `read`, `write`, `cas`, `add`, `txn`, ... */
  readonly f: string;
  /** The object it is done to, where a workload has many independent ones. */
  readonly key?: string | number;
  /** Argument on `invoke`; result on `ok` (for a write: the argument again). A cas carries `[expected, new]`. */
  readonly value: Json;
  /** Why it failed, or why nobody knows: a stable word such as `timeout`, `refused`, `not-found`. */
  readonly error?: Json;
  /** Stable identity across runs of similar plans: the client's number and which of its operations this is. */
  readonly id?: readonly [client: number, nth: number];
  /** The host that the client talked to, where one is known. */
  readonly node?: string;
  /** `final` marks the reads after recovery; absent otherwise. */
  readonly phase?: string;
}

/**
 * A fault being applied or healed (`process` is `nemesis`), or a phase beginning (`process` is `controller`,
 * `f` is `phase`, `value` is the name of the phase).
 */
export interface NemesisOperation {
  readonly index: number;
  readonly time: number;
  readonly process: 'nemesis' | 'controller';
  readonly type: 'info';
  /** The fault kind for the nemesis; `phase` for the controller. */
  readonly f: string;
  /** For the nemesis: `{fault, action: 'apply' | 'heal' | 'evidence', targets, parameters?, evidence?}` with `fault` the position in the schedule. */
  readonly value: Json;
}

/**
 * What a system said about itself through its host.
 * - `note`: something happened (`kind`, `data`);
 * - `always`: an assertion **failed** (holding ones are not recorded one by one);
 * - `sometimes`: coverage: the condition held for the first time on this host;
 * - `uncaught`: an exception that no code of the system caught; the process died of it.
 */
export interface Observation {
  readonly index: number;
  readonly time: number;
  readonly type: 'note' | 'always' | 'sometimes' | 'uncaught';
  readonly host: string;
  /** What it is about: the kind of the note, the text of the assertion, the name of the error. */
  readonly kind: string;
  readonly data: Json;
}

export type HistoryEvent = Operation | NemesisOperation | Observation;

/** An operation of a client, as opposed to the nemesis, the controller and observations. */
export function isOperation(event: HistoryEvent): event is Operation {
  return typeof (event as Operation).process === 'number';
}

export function isObservation(event: HistoryEvent): event is Observation {
  return (event as Observation).host !== undefined && (event as Operation).process === undefined;
}

export function isNemesis(event: HistoryEvent): event is NemesisOperation {
  return (event as NemesisOperation).process === 'nemesis';
}

export function isPhase(event: HistoryEvent): event is NemesisOperation {
  return (event as NemesisOperation).process === 'controller' && (event as NemesisOperation).f === 'phase';
}
