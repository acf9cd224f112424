import type { Objectives } from './objectives.ts';
import type { HistoryEvent, Json } from './operation.ts';

/** Version of the file format. A reader refuses a newer one by name. */
export const FORMAT_VERSION = 1;

/** `invalid` beats `unknown` beats `valid` when verdicts are merged. */
export type Validity = 'valid' | 'invalid' | 'unknown';

/** What a system promises; a checker judges only what is claimed. Durations in nanoseconds. */
export interface Claims {
  /** Strongest consistency model promised, by its usual name: `linearizable`, `sequential`, `eventual`, ... */
  readonly consistency: string;
  /** An acknowledged write is never lost. */
  readonly durability: boolean;
  /** After all faults are healed, the system serves again within this time. */
  readonly recoveryWithin: number;
  /** A read returns a value that was current at most this long ago. */
  readonly stalenessWithin?: number;
  /**
   * After all faults are healed and clients have fallen silent, all copies agree within this time: final reads are put off until then. Absent for
   * a system whose every read is of one copy.
   */
  readonly convergesWithin?: number;
  /** Share of operations answered within the deadline while faults stay within the tolerance, e.g. 0.99. */
  readonly availability?: number;
}

/** First line of a history file: everything needed to judge the events and to run them again. */
export interface HistoryHeader {
  readonly sixways: typeof FORMAT_VERSION;
  /** The world it was recorded in. */
  readonly world: 'simulator' | 'live' | 'imported';
  /** The plan, whole, for a run of sixways; absent for imports. Its shape is `Plan` of the harness contract. */
  readonly plan?: Json;
  readonly system?: string;
  /** The user's own file that the system was loaded from, as named on the command line; absent for registered systems. */
  readonly source?: string;
  readonly claims?: Claims;
  readonly objectives?: Objectives;
  /** Names of the checkers that judge it by default, with their options. */
  readonly checkers?: readonly { readonly name: string; readonly options?: Json }[];
  readonly versions?: { readonly sixways: string; readonly node: string };
  /** Digest of the code that ran: the harness and the system's own files. */
  readonly code?: string;
  /** `false` when the order of the events claims nothing about real time: an import of operations without processes. */
  readonly realtime?: false;
}

/** Last line of a history file. A file without one was cut off. */
export interface HistoryFooter {
  readonly events: number;
  /** Rolling digest over every event of the simulator; absent for worlds that are not deterministic. */
  readonly digest?: string;
  /** Digest over the bytes of the event lines of this file. */
  readonly content: string;
  readonly verdict?: Json;
  /** Why the run ended early, if it did: `hang`, `interrupted`, ... */
  readonly ended?: string;
  /** How much of the machine the harness itself used, in the live world. */
  readonly harness?: HarnessLoad;
}

/** The harness of a live run shares the machine with what it measures. */
export interface HarnessLoad {
  /** Share of the time in which its event loop was busy. */
  readonly busy: number;
  /** Nanoseconds of CPU time that its process used. */
  readonly cpu: number;
  /** Nanoseconds that its event loop came late: median, 99th percentile, worst. */
  readonly lag: { readonly p50: number; readonly p99: number; readonly max: number };
}

export interface History {
  readonly header: HistoryHeader;
  readonly events: readonly HistoryEvent[];
  /** Absent when the file was cut off: `cutOff` then says where. */
  readonly footer?: HistoryFooter;
  readonly cutOff?: { readonly line: number; readonly reason: string };
}
