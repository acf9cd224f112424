import type {
  Configuration,
  DiskChange,
  HostSpec,
  Json,
  Nanos,
  ObservationSink,
  Program,
  UnsyncedWrites,
  WorldSettings,
} from '../contract/index.ts';
import { DiskQueue } from './disk-port.ts';
import { DiskState } from './disk-state.ts';
import type { Action } from './event-queue.ts';
import { EventCode, type Kernel } from './kernel.ts';
import { MemoryState } from './memory-state.ts';
import type { NetworkFabric } from './network.ts';
import { Process, type ProcessTask } from './process.ts';
import { createRandom, hashString } from './random.ts';
import { StreamStack } from './tcp/stack.ts';

/** An uncaught exception ends the process; whoever supervises it starts it again after this. So does a machine check. */
const SUPERVISOR_DELAY: Nanos = 1_000_000_000;
/** A process that was asked to end is killed after this. */
const GRACE: Nanos = 10_000_000_000;
/** Microseconds from 1970 to the moment that the simulated world begins: 2026-01-01T00:00:00Z. */
const WORLD_EPOCH = 1_767_225_600_000_000;
const DEFAULT_DISK_BYTES = 64 * 1024 * 1024;

/** A change of the wall clock in force or past. */
export interface ClockChange {
  readonly from: Nanos;
  step: Nanos;
  driftPpm: number;
}

/**
 * One machine: power, kernel, clock, CPU speed, disk, memory; and the process that runs on it, if any.
 * It outlives processes and crashes; only the simulator's run ends it.
 */
export class Machine {
  readonly kernel: Kernel;
  readonly settings: WorldSettings;
  readonly index: number;
  readonly name: string;
  readonly seed: string;
  readonly disk: DiskState;
  readonly diskQueue = new DiskQueue();
  /** Told when something sets out that changes what is on the disk. */
  readonly writeWatchers = new Set<(machine: Machine, change: DiskChange) => void>();
  readonly memory: MemoryState;
  fabric!: NetworkFabric;
  private streamStack: StreamStack | undefined;
  process: Process | undefined;
  program: Program | undefined;
  powered = true;
  /** Pauses in force of the process, and of the whole machine. */
  private pauses = 0;
  private freezes = 0;
  /** CPU time for one unit of nominal work. */
  private slowness: number;
  private readonly slowFactors: number[] = [];
  private readonly speed: number;
  /** Things that hold the process down: it starts again when none is left. */
  private downs = 0;
  /** The process that was asked to end, and still runs. */
  private terminating: Process | undefined;
  private incarnations = 0;
  private bootedAt: Nanos = 0;
  readonly clockChanges: ClockChange[] = [];
  /** Changes of the configuration, in the order in which they were made; each with the processes that started under it. */
  readonly configurations: { readonly change: Configuration; starts: number }[] = [];
  private readonly sink: ObservationSink;
  private readonly covered = new Set<string>();
  /** Told in words what happens to this machine and on its disk, while somebody looks on. */
  tell: ((text: string) => void) | undefined;
  /** The full text of the last uncaught exception, for people; histories hold only what is the same on every machine. */
  lastStack: string | undefined;

  // What faults met, for their evidence.
  delayedByPause = 0;
  lostPackets = 0;
  overflow = 0;
  clockReads = 0;
  slowedTasks = 0;

  constructor(
    kernel: Kernel,
    settings: WorldSettings,
    index: number,
    spec: HostSpec,
    seed: string,
    sink: ObservationSink,
  ) {
    this.kernel = kernel;
    this.settings = settings;
    this.index = index;
    this.name = spec.name;
    this.seed = seed;
    this.speed = spec.speed ?? 1;
    this.slowness = 1 / this.speed;
    this.sink = sink;
    this.disk = new DiskState(spec.diskBytes ?? DEFAULT_DISK_BYTES);
    this.memory = new MemoryState(spec.ecc ?? 'sec-ded', () => this.machineCheck());
  }

  /** The kernel's streams; made when first used. */
  get streams(): StreamStack {
    this.streamStack ??= new StreamStack(this);
    return this.streamStack;
  }

  get paused(): boolean {
    return this.pauses + this.freezes > 0;
  }

  get frozen(): boolean {
    return this.freezes > 0;
  }

  // ---- time ----

  cpuTime(nominal: Nanos): Nanos {
    if (this.slowFactors.length > 0) this.slowedTasks++;
    return Math.ceil(nominal * this.slowness);
  }

  monotonic(at: Nanos): Nanos {
    // Starts anew with each boot, from a base of the machine's own: nobody can compare it between machines.
    return at - this.bootedAt + ((hashString(this.name) % 1_000_000) + 1) * 1000;
  }

  wall(at: Nanos): number {
    let offset = 0;
    for (const change of this.clockChanges) {
      offset += change.step + Math.round(((at - change.from) * change.driftPpm) / 1e6);
    }
    if (this.clockChanges.length > 0) this.clockReads++;
    return WORLD_EPOCH + Math.floor((at + offset) / 1000);
  }

  slow(factor: number): void {
    this.slowFactors.push(factor);
    this.tell?.(`CPU slowed down ${factor} times`);
    this.setSlowness();
  }

  unslow(factor: number): void {
    this.slowFactors.splice(this.slowFactors.indexOf(factor), 1);
    this.tell?.(`CPU no longer slowed down ${factor} times`);
    this.setSlowness();
  }

  private setSlowness(): void {
    // The worst cause decides: two reasons to be slow do not make a machine a hundred times slower.
    this.slowness = Math.max(1, ...this.slowFactors) / this.speed;
  }

  // ---- life and death ----

  /** Installs the program and starts it, ending what runs. */
  boot(program: Program): void {
    this.program = program;
    this.endProcess();
    this.start();
  }

  /** Holds the process down for a fault; `release` lets it start again. The machine lives. */
  killProcess(): void {
    this.downs++;
    this.endProcess();
  }

  /** As `killProcess`, but an unmodified program is asked before. */
  terminateProcess(): void {
    const { process } = this;
    if (process?.runtime === undefined) {
      this.killProcess();
      return;
    }
    this.downs++;
    this.terminating = process;
    process.enqueueSoon(new Signal());
    this.kernel.schedule(this.kernel.now + GRACE, EventCode.machine, this.index, 0, {
      fire: () => {
        if (this.process === process) this.gone();
      },
    } satisfies Action);
  }

  /** The process ended by itself. */
  exited(code: number): void {
    this.observe('note', 'exit', code);
    this.gone();
  }

  /** Started again: at once where an operator waits for it, otherwise by the supervisor. */
  private gone(): void {
    const awaited = this.terminating === this.process;
    this.terminating = undefined;
    this.endProcess();
    if (awaited) this.start();
    else this.later(() => this.start());
  }

  beginsTo(change: DiskChange): void {
    if (this.writeWatchers.size > 0) for (const told of [...this.writeWatchers]) told(this, change);
  }

  powerOff(unsynced: UnsyncedWrites): { kept: number; lost: number; torn: number } {
    this.downs++;
    if (!this.powered) return { kept: 0, lost: 0, torn: 0 };
    this.powered = false;
    this.endProcess();
    this.streamStack?.clear();
    this.diskQueue.clear();
    const writes = this.disk.powerLost(
      unsynced,
      createRandom(`${this.seed}/power/${this.name}/${this.incarnations}`),
    );
    this.tell?.(`power lost; unsynced writes: ${writes.kept} kept, ${writes.lost} lost, ${writes.torn} torn`);
    return writes;
  }

  /** Ends one hold of `killProcess` or `powerOff`; the last one powers the machine on and starts the process. */
  release(): void {
    if (--this.downs > 0) return;
    if (!this.powered) {
      this.powered = true;
      this.bootedAt = this.kernel.now;
      this.tell?.('power on');
    }
    this.start();
  }

  /** An operator starts the process, if it has stopped of its own accord and nothing keeps it down. */
  revive(): void {
    this.start();
  }

  /** The process is gone; timers, messages and promises of it never happen. While there is power, the kernel resets its connections. */
  endProcess(): void {
    if (this.process !== undefined) this.tell?.(`process ${this.process.incarnation} ended`);
    if (this.powered && this.process !== undefined) {
      this.process.port.reset();
      this.streamStack?.release(this.process);
    }
    if (this.process !== undefined) this.disk.cutOff(this.process.progress());
    this.process?.end();
    this.process = undefined;
    this.memory.clear();
  }

  private start(): void {
    if (this.downs > 0 || this.process !== undefined) return;
    // A destroyed disk is exchanged for an empty one before anybody starts the process again.
    if (this.disk.destroyed) this.disk.replaceDisk();
    if (this.program === undefined) return;
    // What a dying process still allocated in its last event is not the new one's.
    this.memory.clear();
    const process = new Process(this, ++this.incarnations, this.configured());
    this.process = process;
    this.tell?.(`process ${process.incarnation} started`);
    process.enqueueSoon(new ProgramStart(this.program));
  }

  /** What all changes come to, later ones before earlier ones. */
  private configured(): Configuration {
    let configuration: Configuration = {};
    for (const entry of this.configurations) {
      configuration = { ...configuration, ...entry.change };
      entry.starts++;
    }
    return configuration;
  }

  /** The process died of an exception of its own: recorded, and started again by its supervisor. */
  died(error: unknown): void {
    const name = error instanceof Error ? error.name : typeof error;
    const message = error instanceof Error ? error.message : String(error);
    this.lastStack = error instanceof Error ? error.stack : undefined;
    this.observe('uncaught', name, message);
    this.endProcess();
    this.later(() => this.start());
  }

  /** An uncorrectable memory error stops the machine at once; it reboots. */
  private machineCheck(): void {
    this.observe('note', 'machine-check', null);
    this.powerOff('draw');
    this.later(() => this.release());
  }

  private later(fire: () => void): void {
    this.kernel.schedule(this.kernel.now + SUPERVISOR_DELAY, EventCode.machine, this.index, 0, {
      fire,
    } satisfies Action);
  }

  // ---- pauses ----

  pause(what: 'process' | 'machine'): void {
    const before = this.paused;
    this.tell?.(`paused (${what})`);
    if (what === 'machine') this.freezes++;
    else this.pauses++;
    if (!before) this.process?.pause();
  }

  resume(what: 'process' | 'machine'): void {
    if (what === 'machine') this.freezes--;
    else this.pauses--;
    this.tell?.(`resumed (${what})`);
    if (!this.paused) this.process?.resume();
  }

  // ---- speech ----

  observe(type: 'note' | 'always' | 'uncaught', kind: string, data: Json): void {
    this.tell?.(`${type} ${kind} ${JSON.stringify(data)}`);
    this.sink({ time: this.kernel.now, type, host: this.name, kind, data });
  }

  /** Coverage is recorded once for each host, whatever its incarnation. */
  observeOnce(type: 'sometimes', what: string): void {
    if (this.covered.has(what)) return;
    this.covered.add(what);
    this.tell?.(`${type} ${what}`);
    this.sink({ time: this.kernel.now, type, host: this.name, kind: what, data: null });
  }
}

/** SIGTERM arrives at an unmodified program. */
class Signal implements ProcessTask {
  readonly bytes = 0;
  readonly droppable = false;
  run(process: Process): void {
    if (process.runtime?.signal('SIGTERM') !== true && process.alive) process.machine.exited(143);
  }
}

/** The first event of an incarnation: its program starts. */
class ProgramStart implements ProcessTask {
  readonly bytes = 0;
  readonly droppable = false;
  private readonly program: Program;
  constructor(program: Program) {
    this.program = program;
  }
  run(process: Process): void {
    void this.program(process);
  }
}
