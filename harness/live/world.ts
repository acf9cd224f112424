import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type {
  Lever,
  Nanos,
  ObservationSink,
  Plan,
  Program,
  Random,
  RunEnd,
  World,
} from '../contract/index.ts';
import { createRandom } from '../simulator/index.ts';
import { ClientLink } from './client-link.ts';
import { now } from './clock.ts';
import { command } from './commands.ts';
import { LiveWorldError } from './enclosure.ts';
import { layoutOf } from './layout.ts';
import { LiveLevers } from './levers.ts';
import { LiveMachine } from './live-machine.ts';
import { LoadMeter } from './load-meter.ts';
import { native } from './native.ts';
import { Network } from './network.ts';
import { StableStorage } from './stable-storage.ts';
import { WallClock } from './wall-clock.ts';

/** Where the hosts have their folders: in memory, and gone with the run. */
export const HOSTS_FOLDER = '/run/hosts';

/** What programs of the harness share with it. */
const SHARED_FOLDER = '/run/harness';

/** What preloaded libraries are for. */
const CLOCK_LEVERS: readonly Lever[] = ['clock'];
const DISK_LEVERS: readonly Lever[] = ['power', 'disk-slow', 'disk-sync'];

export interface LiveWorldOptions {
  readonly plan: Plan;
  readonly observe: ObservationSink;
  /** Levers that its faults need: what has to be prepared for one is left out where nobody pulls it. */
  readonly needs: ReadonlySet<Lever>;
  /** The command that plays a client: its standard input and output are those of `serveClient`. */
  readonly clientCommand: readonly string[];
  /** What that command is told first. */
  readonly clientBriefing: (host: string) => unknown;
}

/**
 * The world of real processes. It must run in an enclosure (`enclosed`): it takes the network, the process numbers and `/run` for its own,
 * and leaves it to the kernel to clear them away.
 */
export class LiveWorld implements World {
  readonly kind = 'live';
  readonly levers: LiveLevers;
  private readonly options: LiveWorldOptions;
  private readonly machines = new Map<string, LiveMachine>();
  private readonly links = new Map<string, ClientLink>();
  private readonly seed: string;
  private ended: ((why: RunEnd['why']) => void) | undefined;
  private events = 0;
  private readonly load = new LoadMeter();

  constructor(options: LiveWorldOptions) {
    const { plan, observe } = options;
    this.options = options;
    this.seed = String(plan.seed);
    command(['mount', '-t', 'tmpfs', 'sixways', '/run']);
    mkdirSync(HOSTS_FOLDER, { recursive: true });
    mkdirSync(SHARED_FOLDER);
    const network = new Network(layoutOf(plan.topology));
    network.build();
    const { ports } = network.layout;
    const addresses = new Map(ports.map(({ host, address }) => [host, address]));
    for (const port of ports) {
      const random = (purpose: string): Random => this.random(purpose);
      const { host } = port;
      const clock = port.role === 'client' ? undefined : this.clockFor(host);
      const storage = (folder: string): StableStorage | undefined =>
        port.role === 'client' ? undefined : this.storageFor(host, folder);
      const machine = new LiveMachine({
        port,
        addresses,
        folder: HOSTS_FOLDER,
        random,
        observe,
        ...(clock && { clock }),
        storage,
      });
      this.machines.set(port.host, machine);
      if (port.role === 'client') {
        this.links.set(
          port.host,
          new ClientLink({
            command: ['nsenter', `--net=/run/netns/${port.namespace}`, ...options.clientCommand],
            briefing: {
              addresses: [...addresses],
              host: port.host,
              ...Object(options.clientBriefing(port.host)),
            },
            observe,
          }),
        );
      }
    }
    this.levers = new LiveLevers(network, this.machines, SHARED_FOLDER, (purpose) => this.random(purpose));
  }

  now(): Nanos {
    return now();
  }

  random(purpose: string): Random {
    return createRandom(`${this.seed}/${purpose}`);
  }

  at(time: Nanos, action: () => void | Promise<void>): void {
    setTimeout(
      () => {
        this.events++;
        void action();
      },
      Math.max(0, time - now()) / 1e6,
    );
  }

  /** A client's process outlives its incarnations: only the client in it is made anew. */
  boot(host: string, program: Program): void {
    const link = this.links.get(host);
    if (link === undefined) this.machine(host).boot(program);
    else link.boot(program);
  }

  async ready(): Promise<void> {
    try {
      await Promise.all([
        ...[...this.machines.values()].map(({ starting }) => starting),
        ...[...this.links.values()].map(({ ready }) => ready),
      ]);
    } catch (error) {
      throw new LiveWorldError(`the servers could not be started: ${(error as Error).message}`);
    }
    this.refuseBlind();
    for (const { storage } of this.machines.values()) storage?.settle();
    // What it took to get here is nobody's latency.
    this.load.begin();
  }

  enter(_host: string, task: () => void | Promise<void>): void {
    this.events++;
    void task();
  }

  run(): Promise<RunEnd> {
    this.load.begin();
    return new Promise((resolve) => {
      const { realSeconds } = this.options.plan.limits;
      const timer = setTimeout(() => this.ended?.('real-time'), realSeconds * 1000);
      this.ended = (why) => {
        clearTimeout(timer);
        this.ended = () => {};
        resolve({ why, events: this.events, harness: this.load.end() });
      };
    });
  }

  stop(): void {
    this.ended?.('stopped');
  }

  private clockFor(host: string): WallClock | undefined {
    const library = this.libraryFor('clock', CLOCK_LEVERS);
    return library === undefined ? undefined : new WallClock(join(SHARED_FOLDER, `clock-${host}`), library);
  }

  private storageFor(host: string, folder: string): StableStorage | undefined {
    const library = this.libraryFor('disk', DISK_LEVERS);
    return library === undefined ? undefined : new StableStorage(host, folder, SHARED_FOLDER, library);
  }

  /** Where servers can read it that run as users of their own; undefined where no fault needs it. */
  private libraryFor(name: 'clock' | 'disk', levers: readonly Lever[]): string | undefined {
    if (!levers.some((lever) => this.options.needs.has(lever))) return undefined;
    const compiled = native(name, SHARED_FOLDER);
    const library = join(SHARED_FOLDER, `${name}.so`);
    if (compiled !== undefined && !existsSync(library)) copyFileSync(compiled, library);
    return compiled === undefined ? undefined : library;
  }

  /** @throws LiveWorldError for servers that ask the kernel past the C library, though the plan has faults that live there. */
  private refuseBlind(): void {
    for (const [host, { clock, storage }] of this.machines) {
      if (clock?.asked === 0) {
        throw new LiveWorldError(
          `faults of clocks need servers that ask the C library for the time: those of ${host} do not`,
        );
      }
      if (storage !== undefined && (storage.syncs === 0 || storage.blind)) {
        throw new LiveWorldError(
          `faults of power and of slow disks need servers that sync their files by the C library's fsync or fdatasync: those of ${host} ${storage.blind ? 'do it otherwise' : 'have not synced any'}`,
        );
      }
    }
  }

  private machine(host: string): LiveMachine {
    const machine = this.machines.get(host);
    if (machine === undefined) throw new RangeError(`expected the name of a host, got ${host}`);
    return machine;
  }
}
