import type { Claims, Json, Objectives } from '../../histories/index.ts';
import type { Host } from './host.ts';
import type { Tolerance } from './tolerance.ts';
import type { Topology } from './topology.ts';

/** One operation that a client shall carry out: `{f: 'write', key: 'x', value: 3}`. */
export interface Request {
  readonly f: string;
  readonly key?: string | number;
  readonly value: Json;
}

/** What became of it. A thrown error counts as `info` unless it is a HostError that says it is definite. */
export type Completion =
  | { readonly type: 'ok'; readonly value: Json; readonly node?: string }
  | { readonly type: 'fail' | 'info'; readonly error: Json; readonly node?: string };

/** A user of the system. Runs as a process on a client's host, one operation at a time. */
export interface Client {
  invoke(request: Request): Promise<Completion>;
  /** Lets go of connections. Called in the live world when another client takes its place. */
  close?(): void;
}

/** What a process or client is told when it starts. */
export interface Setting<Options = Json> {
  readonly options: Options;
  /** Names of the hosts by role, in the order of the topology. */
  readonly hosts: { readonly [role: string]: readonly string[] };
  /** What the clients of this run are asked: the same operation may mean different things in different workloads. */
  readonly workload: { readonly name: string; readonly options: Json };
  /** True if this planted flaw is switched on. @throws RangeError for a flaw the system does not declare. */
  flaw(name: string): boolean;
}

/** A bug planted on purpose: a change of a few lines, guarded by `setting.flaw(name)`. */
export interface Flaw {
  readonly name: string;
  /** What is wrong and what follows from it. */
  readonly summary: string;
  /** The checker and the anomalies by which it shows; the first is the usual one. */
  readonly caughtBy: readonly { readonly checker: string; readonly anomaly: string }[];
  /** Options of the system with which it shows, where it does not with the defaults. */
  readonly options?: Json;
  /** Instead of the system's own workload, where it takes what that seldom asks: many reads, where it makes reads wrong. */
  readonly workload?: { readonly name: string; readonly options?: Json };
}

/**
 * A system under test: how many hosts of which role, the program on each, and the client; with what it promises, under which
 * faults, and the flaws that prove the checkers awake.
 */
export interface System<Options = Json> {
  readonly name: string;
  readonly summary: string;
  /** The world that it runs in: the simulator if absent. */
  readonly world?: 'live';
  /** JSON schema (draft 2020-12) of the options, with defaults. */
  readonly options: { readonly [keyword: string]: Json };
  /**
   * Other settings that are tested by default, each as far as it differs from the defaults: those that reach what the defaults leave out. Two of every five
   * seeds have one of them, in turn; all seeds have the defaults where a request names options, flaws, a workload, a topology or faults.
   */
  readonly variants?: readonly Json[];
  /** Roles of its hosts and how many of each these options need. The world adds clients. */
  roles(options: Options): { readonly [role: string]: number };
  /** A topology of its own, instead of the default two-tier one. */
  topology?(options: Options, clients: number): Topology;
  /** Starts the program on a host of one of its roles: the factory of an incarnation. */
  start(host: Host, role: string, setting: Setting<Options>): void | Promise<void>;
  /** Makes the client that runs on this host. Called anew when its process number is retired. */
  client(host: Host, setting: Setting<Options>): Client;
  claims(options: Options): Claims;
  tolerance(options: Options): Tolerance;
  readonly flaws: readonly Flaw[];
  /**
   * Operations (`f`) that its client understands. A workload that needs another one is refused before anything runs. Of a transaction
   * (`txn`) its micro-operations are listed too, as `txn/append`.
   */
  readonly operations: readonly string[];
  /** Name and options of the workload that suits it. */
  workload(options: Options): { readonly name: string; readonly options?: Json };
  /** The checkers that judge it, whatever the workload or for the one of this name, beside those that go with the workload. */
  checkers(options: Options, workload: string): readonly { readonly name: string; readonly options?: Json }[];
  readonly objectives?: Objectives;
  /**
   * The kind of note by which hosts say who leads, for role targets such as "the primary": the host that notes it leads, or the one
   * that it names (`{leader: name}`); `false` from the leader gives it up. The latest word counts.
   */
  readonly leaderNote?: string;
}
