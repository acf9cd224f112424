import type { Verdict } from '../../checkers/index.ts';
import type { HarnessLoad, Json, Validity } from '../../histories/index.ts';
import type { Evidence, Nanos, Plan } from '../contract/index.ts';

/** A system by what any thread or process needs to load it. */
export interface SystemReference {
  /** What the user wrote: a name of the registry or a path. */
  readonly name: string;
  /** For a user's own file: the bundle to import. */
  readonly module?: string;
  /** For a system of hosted programs: the file with their bundles. */
  readonly programs?: string;
  /** It runs in the live world: in real time, and never twice the same. */
  readonly live?: boolean;
  /** Digest of the system's own code; empty for those of the registry, whose code is that of sixways. */
  readonly digest: string;
}

/** What plans a seed shall give; see `PlanRequest` of `plan/`. Plain data, so that it can be sent to a worker. */
export interface Generation {
  readonly options?: Json;
  readonly flaws?: readonly string[];
  readonly faults?: readonly string[];
  readonly time?: Nanos;
  readonly rate?: number;
  readonly clients?: number;
  readonly beyond?: boolean;
  readonly workload?: { readonly name: string; readonly options?: Json };
  readonly realSeconds?: number;
  readonly memoryMegabytes?: number;
}

/** Bounds of each checker, as data. */
export interface CheckBounds {
  readonly steps?: number;
  readonly memoryBytes?: number;
  readonly seconds?: number;
}

/** One run for a worker: a seed and what to generate from it, or a plan. */
export interface RunTask {
  readonly system: SystemReference;
  readonly seed?: number;
  readonly generation?: Generation;
  readonly plan?: Plan;
  /** File of the history, written as it happens. */
  readonly history?: string;
  /** Keep the file only when the verdict is not valid; until that is known it is called `partName(history)`. */
  readonly keepOnlyFailures?: boolean;
  readonly check: CheckBounds | false;
  /** Instead of the checkers of the plan. */
  readonly checkers?: readonly { readonly name: string; readonly options?: Json }[];
  /** Print what happens to standard output, as text. */
  readonly trace?: {
    readonly host?: string;
    readonly from?: Nanos;
    readonly to?: Nanos;
    readonly events?: { readonly first: number; readonly last: number };
  };
  /** What else the caller wants back. */
  readonly want?: {
    readonly plan?: boolean;
    readonly operations?: boolean;
    readonly checkpoints?: boolean;
    readonly content?: boolean;
    /** What the worker's `measure` makes of the run. */
    readonly figures?: boolean;
  };
}

/** Seconds of real time that a run may take if nobody says otherwise: one in the live world waits for servers to start, fail over and recover. */
export const REAL_SECONDS = { simulator: 60, live: 180 } as const;

/** What the watch of a task allows its run. */
export function realSecondsOf({ plan, generation, system }: RunTask): number {
  const usual = system.live === true ? REAL_SECONDS.live : REAL_SECONDS.simulator;
  return plan?.limits.realSeconds ?? generation?.realSeconds ?? usual;
}

/**
 * The name of a history that may not be kept: what an earlier run kept under its name stays, until there is something better. Of this
 * process alone, as two commands may run the same seeds in one folder.
 */
export function partName(history: string): string {
  return `${history}.${process.pid}.part`;
}

/** A failure's identity: what shrinking must preserve. */
export interface Signature {
  readonly checker: string;
  readonly anomaly: string;
}

/** What became of a scheduled fault. */
export interface FaultOutcome {
  readonly fault: string;
  readonly outcome: Evidence['outcome'];
}

export interface RunSummary {
  readonly seed: number;
  readonly validity: Validity;
  /** Why it is unknown: one line for each reason. */
  readonly reasons: readonly string[];
  /** Of all invalid verdicts, in the order of the checkers, each once. */
  readonly signatures: readonly Signature[];
  readonly verdicts: readonly Verdict[];
  readonly faults: readonly FaultOutcome[];
  readonly operations: number;
  /** Of these. */
  readonly succeeded: number;
  readonly events: number;
  /** Virtual time at the end. */
  readonly simulated: Nanos;
  readonly realMilliseconds: number;
  readonly digest?: string;
  readonly ended?: string;
  /** Where the history was kept. */
  readonly history?: string;
  readonly plan?: Plan;
  /** Operations invoked, with the time of each that was late, in nanoseconds from the beginning. */
  readonly invoked?: readonly (readonly [client: number, nth: number, notBefore?: Nanos])[];
  /** For each signature, what shrinking wants to know. */
  readonly proofs?: readonly Proof[];
  readonly checkpoints?: readonly number[];
  /** Digest of the bytes of the history's events. */
  readonly content?: string;
  readonly figures?: Json;
  /** Live world: what servers printed around the first anomaly of each signature. */
  readonly logs?: readonly (Signature & { readonly lines: readonly string[] })[];
  /** Live world: what the harness used of the machine. */
  readonly harness?: HarnessLoad;
}

/** The operations that prove a failure. */
export interface Proof {
  readonly operations: readonly (readonly [client: number, nth: number])[];
  /** When the last of them was complete, in nanoseconds after the beginning of the fault phase. */
  readonly until: Nanos;
}
