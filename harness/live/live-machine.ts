import { appendFileSync, chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { LOG_NOTE } from '../../histories/index.ts';
import {
  type Machine,
  type ObservationSink,
  type Program,
  type Random,
  type RunOptions,
  SECOND,
  type Server,
  type SpawnOptions,
  type UnsyncedWrites,
} from '../contract/index.ts';
import { now } from './clock.ts';
import { command } from './commands.ts';
import type { Port } from './layout.ts';
import { Output } from './output.ts';
import { preloading } from './preload.ts';
import { Processes } from './processes.ts';
import { RealHost } from './real-host.ts';
import type { Fates, StableStorage } from './stable-storage.ts';
import type { WallClock } from './wall-clock.ts';

/** Ways for a server to end that are its own fault, whatever was done to it. */
const CRASHES = new Set(['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE']);

/** Size of a host's disk. It takes up memory only as it is written. */
export const DISK_BYTES = 2 ** 30;

/** Lines of a host's servers that are kept in the history, and characters of each. */
const LOGGED_MOST = 2000;
const LOGGED_LENGTH = 400;

const KILL_WITHIN = 5_000;
const POLL = 2;
/** To wait on, without the event loop. */
const CELL = new Int32Array(new SharedArrayBuffer(4));

export interface LiveMachineOptions {
  readonly port: Port;
  /** Addresses of all hosts. */
  readonly addresses: ReadonlyMap<string, string>;
  /** Where all machines have their folders. */
  readonly folder: string;
  readonly random: (purpose: string) => Random;
  readonly observe: ObservationSink;
  /** What its servers shall see instead of the machine's. */
  readonly clock?: WallClock;
  /** Made where the machine's folder is. */
  readonly storage?: (folder: string) => StableStorage | undefined;
}

/** A host of the live world: one incarnation at a time, started by `boot` and ended by `kill`. */
export class LiveMachine implements Machine {
  readonly address: string;
  readonly folder: string;
  readonly processes: Processes;
  readonly clock: WallClock | undefined;
  readonly storage: StableStorage | undefined;
  /** Settles when the present incarnation's program has returned. */
  starting: Promise<void> = Promise.resolve();
  private readonly options: LiveMachineOptions;
  private readonly preloaded: { readonly [name: string]: string };
  private readonly name: string;
  private host: RealHost | undefined;
  private incarnation = 0;
  private program: Program | undefined;
  private lines = 0;
  private killers = 0;
  private holders = 0;

  constructor(options: LiveMachineOptions) {
    const { port, folder } = options;
    this.options = options;
    this.name = port.host;
    this.clock = options.clock;
    this.address = port.address;
    this.folder = join(folder, port.host);
    this.processes = new Processes(port.namespace);
    mkdirSync(this.folder, { recursive: true });
    // A disk of its own, which can be full.
    if (port.role !== 'client')
      command(['mount', '-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'sixways', this.folder]);
    // Servers that refuse to run as root write here as users of their own.
    chmodSync(this.folder, 0o777);
    this.storage = options.storage?.(this.folder);
    const made = [this.clock, this.storage].flatMap((part) => part?.preload ?? []);
    this.preloaded = preloading(made);
  }

  addressOf(host: string): string {
    const address = this.options.addresses.get(host);
    if (address === undefined) throw new RangeError(`expected the name of a host, got ${host}`);
    return address;
  }

  writeFile(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  async run(command: readonly string[], options: RunOptions = {}): Promise<string> {
    const { within = 30 * SECOND, input, environment } = options;
    const [file, ...rest] = this.inside(command, options);
    const result = await execa(file!, rest, {
      cwd: this.folder,
      timeout: within / 1e6,
      reject: false,
      ...(input === undefined ? { stdin: 'ignore' } : { input }),
      env: { ...environment, ...this.preloaded },
    });
    if (result.failed) {
      const said = (result.stderr || result.stdout || result.shortMessage || '').slice(-1000);
      throw new Error(`${this.name}: ${command.join(' ')}: ${said}`);
    }
    return result.stdout;
  }

  spawn(name: string, command: readonly string[], options: SpawnOptions = {}): Server {
    const { host } = this;
    const [file, ...rest] = this.inside(command, options);
    const child = execa(file!, rest, {
      cwd: this.folder,
      stdin: 'ignore',
      buffer: false,
      reject: false,
      env: { ...options.environment, ...this.preloaded },
    });
    const output = new Output(`${this.name}: ${name}`, [child.stdout, child.stderr]);
    const log = join(this.folder, `${name}.log`);
    output.onLine((line) => {
      appendFileSync(log, `${line}\n`);
      this.logged(name, line);
    });
    if (this.holders > 0) child.kill('SIGSTOP');
    void child.then(({ exitCode, signal, shortMessage }) => {
      const how = signal ?? exitCode ?? shortMessage ?? null;
      output.end(`it ended (${how})`);
      if (host?.alive !== true) return;
      if (signal !== undefined && CRASHES.has(signal))
        this.options.observe({ time: now(), type: 'uncaught', host: this.name, kind: name, data: signal });
      else host.note('server-ended', { name, how });
    });
    return {
      onLine: (handler) => output.onLine((line) => host?.guarded(() => handler(line))),
      line: (pattern, within) => output.line(pattern, within),
      gone: () => output.gone(),
    };
  }

  /** Starts the program as a new incarnation, ending what runs. While the host is held dead, it is kept for later. */
  boot(program: Program): void {
    this.program = program;
    if (this.killers === 0) this.starting = this.start(program);
  }

  /** Ends the incarnation and every process, until released as often as killed. @returns How many processes there were. */
  kill(): number {
    this.killers++;
    this.host?.end();
    return this.processes.signal('SIGKILL');
  }

  /**
   * The power is cut: as `kill`, and what the disk had not yet written is lost by fate. Waits until every process has ended.
   * @returns How many there were, and what became of unsynced pages.
   */
  powerOff(unsynced: UnsyncedWrites, random: Random): { readonly processes: number; readonly fates: Fates } {
    const processes = this.kill();
    const until = Date.now() + KILL_WITHIN;
    while (this.processes.list().length > 0) {
      if (Date.now() > until) throw this.undead();
      Atomics.wait(CELL, 0, 0, POLL);
    }
    const fates = this.storage?.powerLost(unsynced, random) ?? { kept: 0, lost: 0, torn: 0 };
    return { processes, fates };
  }

  release(): void {
    if (--this.killers > 0 || this.program === undefined) return;
    this.starting = this.start(this.program);
    // Nobody waits for a restart: what goes wrong is the system's own affair and goes into the history.
    this.starting.catch((error) => this.failed(error));
  }

  /** Starts the program again, if all its servers have ended and nothing keeps it down. */
  revive(): void {
    if (this.killers > 0 || this.processes.list().length > 0) return;
    this.killers++;
    this.release();
  }

  /** Stops every process, until released as often as held. @returns How many. */
  hold(): number {
    return this.holders++ === 0 ? this.processes.signal('SIGSTOP') : this.processes.stopped();
  }

  letGo(): void {
    if (--this.holders === 0) this.processes.signal('SIGCONT');
  }

  private async start(program: Program): Promise<void> {
    this.host?.end();
    this.processes.signal('SIGKILL');
    await this.dead();
    const incarnation = ++this.incarnation;
    const host = new RealHost({
      name: this.name,
      incarnation,
      random: this.options.random(`host/${this.name}/${incarnation}`),
      live: this,
      observe: this.options.observe,
      failed: (error) => this.failed(error),
    });
    this.host = host;
    try {
      await program(host);
    } catch (error) {
      // Killed while it started.
      if (host.alive) throw error;
    }
  }

  private async dead(): Promise<void> {
    const until = Date.now() + KILL_WITHIN;
    while (this.processes.list().length > 0) {
      if (Date.now() > until) throw this.undead();
      await new Promise((resolve) => setTimeout(resolve, POLL));
    }
  }

  private undead(): Error {
    return new Error(`${this.name}: processes outlive SIGKILL`);
  }

  /** The log goes into the history, within bounds. */
  private logged(server: string, line: string): void {
    if (this.lines++ > LOGGED_MOST) return;
    const text = this.lines > LOGGED_MOST ? 'the rest of the log is left out' : line.slice(0, LOGGED_LENGTH);
    const data = { server, line: text };
    this.options.observe({ time: now(), type: 'note', host: this.name, kind: LOG_NOTE, data });
  }

  private failed(error: unknown): void {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    this.options.observe({ time: now(), type: 'uncaught', host: this.name, kind: name, data: message });
  }

  private inside(command: readonly string[], { user }: SpawnOptions): string[] {
    const as = user === undefined ? [] : ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups'];
    return ['nsenter', `--net=/run/netns/${this.options.port.namespace}`, ...as, ...command];
  }
}
