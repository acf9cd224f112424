import type { History, HistoryEvent, Json, Validity } from '../histories/index.ts';

/** Bounds given by the user. A checker that reaches one says `unknown` and which. Checkers poll it through `Pace` (`budget.ts`). */
export interface Budget {
  /** Upper bound of elementary search steps (a checker's docstring says what a step is). */
  readonly steps?: number;
  /** Upper bound of bytes that the search may hold. */
  readonly memoryBytes?: number;
  /** Upper bound of real time, for the words of a verdict. A checker has no clock: `expired` measures it (see `timed`). */
  readonly seconds?: number;
  /** Whether the time is over; once true it must stay so. Supplied by the caller, asked every few thousand steps. */
  expired?(): boolean;
  /** Told now and then how much of the work is done, in units of the checker's own; `total` may grow. */
  progress?(done: number, total: number): void;
}

/** One violation, with what a person needs to follow it. */
export interface Anomaly {
  /** The field's name of it: `nonlinearizable`, `lost-write`, `G-single`, `assertion`, ... Stable: shrinking keys on it. */
  readonly name: string;
  readonly key?: string | number;
  /** Which of several composed checkers found it; absent otherwise. */
  readonly checker?: string;
  /** A few sentences, complete in themselves: who did what when, and why that is impossible. */
  readonly explanation: string;
  /** Indices (in the history) of the operations that prove it, ascending. */
  readonly operations: readonly number[];
  /** The same as data, for reports. */
  readonly data?: Json;
}

export interface Verdict {
  readonly checker: string;
  readonly validity: Validity;
  /** At least one if invalid. The first is the smallest found. */
  readonly anomalies: readonly Anomaly[];
  /** Why it is `unknown`: which bound was reached, or what is missing from the history. */
  readonly reason?: string;
  /** How much was looked at (operations, keys, ...): so that a vacuous pass is visible. And figures of interest. */
  readonly figures: { readonly [name: string]: Json };
}

/**
 * A pure function from a history to a verdict.
 * `Options` come from the plan or the command line and are checked against `options`, a JSON schema.
 */
export interface Checker<Options = Json> {
  readonly name: string;
  readonly summary: string;
  /** Asymptotic cost in the number of operations n (and the concurrency c, keys k, ...). */
  readonly cost: string;
  /** JSON schema (draft 2020-12) of the options. */
  readonly options: { readonly [keyword: string]: Json };
  /**
   * True if it judges each operation for itself (served? how fast?) and none by others, so that of a part of a history the rest may simply be
   * missing. Otherwise the rest counts as indeterminate: see `only`.
   */
  readonly perOperation?: boolean;
  check(history: History, options: Options, budget: Budget): Verdict;
  /**
   * The same event by event, for checkers that need not keep the events; absent for the others. `checkStream` feeds it. What such a stream
   * keeps is said at the checker. Its verdict is that of `check`, which is made of it (`streaming`).
   */
  stream?(options: Options, budget: Budget): CheckerStream;
}

/** All of a history but its events: known when the last one has been read. */
export type HistoryFrame = Omit<History, 'events'>;

/** A check under way. For one history: every event in order, then `finish`, once. */
export interface CheckerStream {
  /** Names of the checkers for which all events are kept until the end; absent if there are none. */
  readonly collecting?: readonly string[];
  /** @throws HistoryError for an operation that breaks the rules of histories */
  event(event: HistoryEvent): void;
  /** @throws as `check` does */
  finish(frame: HistoryFrame): Verdict;
}
