import type { HarnessLoad, Observation } from '../../histories/index.ts';
import type { Copy, Host } from './host.ts';
import type { Levers } from './levers.ts';
import type { Random } from './random.ts';
import type { Nanos } from './time.ts';

/** How a world's run ended: the controller called `stop`, or a limit did, or nothing was left to happen. */
export interface RunEnd {
  readonly why: 'stopped' | 'idle' | 'events' | 'events-in-an-instant' | 'real-time' | 'interrupted';
  readonly events: number;
  /** Digest over every event; worlds that are not deterministic have none. */
  readonly digest?: string;
  /** Worlds in real time: what the harness used of the machine. */
  readonly harness?: HarnessLoad;
}

/** The program of a host: called for each incarnation. */
export type Program = (host: Host) => void | Promise<void>;

/** What the controller needs of a world, simulated or live. */
export interface World {
  readonly kind: 'simulator' | 'live';
  readonly levers: Levers;
  now(): Nanos;
  /** A stream of draws for one purpose of the harness. The same purpose and seed give the same stream. */
  random(purpose: string): Random;
  /** Runs an action of the harness (no host, no CPU time) at this time, which is not in the past. */
  at(time: Nanos, action: () => void | Promise<void>): void;
  /** Starts the program on this host, ending the process that runs there. Restarts after faults use it again. */
  boot(host: string, program: Program): void;
  /** Resolves when the programs that were booted are ready to serve. Absent where starting takes no time. @throws what a program threw. */
  ready?(): Promise<void>;
  /** Runs a task as an event inside the process of this host; never, if the process dies first. */
  enter(host: string, task: () => void | Promise<void>): void;
  /**
   * Has the process of this host look at its copies (`Host.copies`), in an event of its own, and tells them; never, if the process dies first.
   * @returns false if there is none, or it has nothing to look at. Absent where hosts cannot be asked.
   */
  look?(host: string, told: (copies: readonly Copy[]) => void): boolean;
  /** Drives the world until `stop` or a limit. */
  run(): Promise<RunEnd>;
  stop(): void;
}

/** Where a world tells what the hosts said. Index and order are the controller's business. */
export type ObservationSink = (observation: Omit<Observation, 'index'>) => void;
