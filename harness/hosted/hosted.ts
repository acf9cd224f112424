import {
  type Claims,
  type Client,
  type Flaw,
  type Host,
  type Json,
  type Nanos,
  type Objectives,
  parseDuration,
  SECOND,
  type Setting,
  type System,
  type Tolerance,
} from '../contract/index.ts';
import type { BundledProgram } from './bundle/bundle.ts';
import type { Edit } from './bundle/edits.ts';
import { DEFAULT_TOLERANCE } from './default-tolerance.ts';
import { HostedHost, type LoadedPrograms } from './hosted-host.ts';
import { HostedMistake } from './mistake.ts';

/** Where a program starts, and in which run: what its environment is made from. */
export interface Place<Options = Json> {
  readonly host: string;
  /** 1 for the first replica of its program. */
  readonly index: number;
  /** Of the program: 1 until the nemesis `upgrade` installs another one. */
  readonly version: number;
  readonly hosts: { readonly [program: string]: readonly string[] };
  readonly options: Options;
  flaw(name: string): boolean;
}

type Environment = { readonly [name: string]: string | number };

/** An unmodified Node program. */
export interface HostedProgram<Options = Json> {
  /** Its first file, relative to the file that defines the system. */
  readonly entry: string;
  /** How many hosts run it; 1 if absent. */
  readonly replicas?: number | ((options: Options) => number);
  /** Its `process.env`, in whole. */
  readonly env?: Environment | ((place: Place<Options>) => Environment);
  /** After the file's name in `process.argv`. */
  readonly arguments?: readonly string[];
  /** CPU time of loading it, such as `80ms`; 50 ms if absent. */
  readonly boot?: string;
  /** CPU time beyond the world's own settings. */
  readonly cpu?: { readonly perEvent?: string };
  /** Packages with native addons that are pure: no clock, no randomness, no I/O. */
  readonly allowNative?: readonly string[];
}

/** A program written against `Host`, among the hosted ones: a stand-in for Redis, say. */
export interface SimulatedProgram<Options = Json> {
  readonly replicas?: number | ((options: Options) => number);
  start(host: Host, role: string, setting: Setting<Options>): void | Promise<void>;
}

export interface HostedSystem<Options = Json> {
  readonly name: string;
  readonly summary?: string;
  readonly programs: { readonly [name: string]: HostedProgram<Options> | SimulatedProgram<Options> };
  /** The file whose default export makes a client: `(setting) => ({ invoke(request) })`. It runs on the hosts of clients, as a hosted program. */
  readonly client: string | Pick<HostedProgram<Options>, 'entry' | 'env' | 'arguments' | 'allowNative'>;
  /** JSON schema of the options; none if absent. */
  readonly options?: { readonly [keyword: string]: Json };
  readonly operations: readonly string[];
  readonly workload: System<Options>['workload'] | { readonly name: string; readonly options?: Json };
  readonly checkers?:
    | System<Options>['checkers']
    | readonly { readonly name: string; readonly options?: Json }[];
  /** By default: that it serves again within 10 s after all faults. */
  readonly claims?: Partial<Claims>;
  /** By default: one process or machine at a time, any trouble of the network. */
  readonly tolerance?: Tolerance | ((options: Options) => Tolerance);
  /** With edits, the flaw is a changed line of a package or program; of such flaws one at a time. */
  readonly flaws?: readonly (Flaw & { readonly edits?: readonly Edit[] })[];
  readonly objectives?: Objectives;
}

/** Under this name a hosted system has what the command line needs to bundle its programs. */
const PROGRAMS = Symbol.for('sixways.programs');

interface Bundling {
  readonly entries: readonly { readonly entry: string; readonly allowNative: readonly string[] }[];
  readonly mutations: readonly { readonly name: string; readonly edits: readonly Edit[] }[];
  attach(programs: LoadedPrograms): void;
}

/** Under which a bundle of this entry is kept: as it is, or with the edits of a flaw. */
export const bundleKey = (entry: string, flaw?: string): string =>
  flaw === undefined ? entry : `${entry} with ${flaw}`;

export const CLIENT = 'client';
const BOOT: Nanos = 50_000_000;

/** A system whose hosts run unmodified Node programs. */
export function hosted<Options = Json>(definition: HostedSystem<Options>): System<Options> {
  const { name, programs, flaws = [], tolerance = DEFAULT_TOLERANCE } = definition;
  if (CLIENT in programs)
    throw new HostedMistake(
      'role',
      `${name}: expected programs of other names than "client", which is the clients' own`,
    );
  const client = typeof definition.client === 'string' ? { entry: definition.client } : definition.client;
  let loaded: LoadedPrograms | undefined;
  const mutations = flaws.flatMap(({ name: flaw, edits }) => (edits ? [{ name: flaw, edits }] : []));
  const hostOf = (
    program: HostedProgram<Options>,
    role: string,
    host: Host,
    setting: Setting<Options>,
  ): HostedHost => {
    const [mutation, another] = mutations.filter(({ name: flaw }) => setting.flaw(flaw));
    if (mutation !== undefined && another !== undefined)
      throw new HostedMistake(
        'edit',
        `${name}: expected one flaw of changed sources at a time, got ${mutation.name} and ${another.name}`,
      );
    const bundle =
      loaded?.byEntry.get(bundleKey(program.entry, mutation?.name)) ??
      loaded?.byEntry.get(bundleKey(program.entry));
    if (loaded === undefined || bundle === undefined)
      throw new HostedMistake('not-bundled', `${name}: the program ${program.entry} was not bundled`);
    const hosts = setting.hosts[role] ?? [];
    const place: Place<Options> = {
      host: host.name,
      index: hosts.indexOf(host.name) + 1,
      version: host.configuration.version ?? 1,
      hosts: setting.hosts,
      options: setting.options,
      flaw: (flaw) => setting.flaw(flaw),
    };
    const env = typeof program.env === 'function' ? program.env(place) : (program.env ?? {});
    return new HostedHost(host, setting.hosts, loaded, {
      bundle,
      env: Object.fromEntries(Object.entries(env).map(([key, value]) => [key, String(value)])),
      arguments: program.arguments ?? [],
      boot: program.boot === undefined ? BOOT : parseDuration(program.boot),
      perEvent: program.cpu?.perEvent === undefined ? 0 : parseDuration(program.cpu.perEvent),
    });
  };
  /** The program of each client's machine, while it runs. */
  const clients = new WeakMap<Host, HostedHost>();
  const entries = [client, ...Object.values(programs).filter((program) => 'entry' in program)];
  const bundling: Bundling = {
    entries: entries.map(({ entry, allowNative = [] }) => ({ entry, allowNative })),
    mutations,
    attach(attached) {
      loaded = attached;
    },
  };
  const { checkers = [], workload } = definition;
  const system: System<Options> = {
    name,
    summary: definition.summary ?? `${name}, as unmodified Node programs`,
    options: definition.options ?? { type: 'object', properties: {}, additionalProperties: false },
    roles: (options) =>
      Object.fromEntries(
        Object.entries(programs).map(([role, { replicas = 1 }]) => [
          role,
          typeof replicas === 'function' ? replicas(options) : replicas,
        ]),
      ),
    start(host, role, setting) {
      const program = programs[role]!;
      if (!('entry' in program)) return program.start(host, role, setting);
      return hostOf(program, role, host, setting).start();
    },
    client(host, setting): Client {
      let program = clients.get(host);
      if (program === undefined) {
        program = hostOf(client, CLIENT, host, setting);
        clients.set(host, program);
      }
      return program.client(setting as Setting);
    },
    claims: () => ({
      consistency: 'none',
      durability: false,
      recoveryWithin: 10 * SECOND,
      ...definition.claims,
    }),
    tolerance: typeof tolerance === 'function' ? tolerance : () => tolerance,
    flaws,
    operations: definition.operations,
    workload: typeof workload === 'function' ? workload : () => workload,
    checkers: typeof checkers === 'function' ? checkers : () => checkers,
    ...(definition.objectives && { objectives: definition.objectives }),
  };
  return Object.assign(system, { [PROGRAMS]: bundling });
}

/** What of a system has to be bundled; undefined for one that is not hosted. */
export function bundlingOf(system: object): Bundling | undefined {
  return (system as { readonly [PROGRAMS]?: Bundling })[PROGRAMS];
}

export type { BundledProgram };
