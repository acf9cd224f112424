import type {
  Clock,
  Configuration,
  Copy,
  Disk,
  Host,
  Json,
  Memory,
  MemoryRegion,
  Nanos,
  Native,
  NativeRuntime,
  Network,
  Random,
  Timer,
} from '../contract/index.ts';
import { DiskPort } from './disk-port.ts';
import type { Action } from './event-queue.ts';
import { EventCode, type Runner, type Task, type UncaughtOrigin } from './kernel.ts';
import type { Machine } from './machine.ts';
import { MachineCheck } from './memory-state.ts';
import { NativePort } from './native-port.ts';
import { NetworkPort } from './network-port.ts';
import { createRandom } from './random.ts';
import { AmbientAccess } from './traps.ts';

/** Work that waits for a process's CPU. */
export interface ProcessTask extends Task<Process> {
  /** Bytes to be handled: they cost CPU time. */
  readonly bytes: number;
  /** True for what arrives unasked: refused when the queue is full. */
  readonly droppable: boolean;
}

/** Something that leaves the process at the end of an event: a packet, a disk operation. */
export interface Effect {
  leave(): void;
}

/**
 * One incarnation of a program on a machine: its CPU queue and everything the program can reach.
 *
 * Invariants: at most one task is in service. Effects of a task leave when its service time is over, all at once and in order; while the
 * process is paused nothing leaves and nothing begins. After `end` nothing of it ever happens again. A service with effects, or with tasks
 * that wait behind it, has an event at its end (or is paused).
 */
export class Process implements Host, Runner, Action {
  readonly machine: Machine;
  readonly name: string;
  readonly incarnation: number;
  readonly configuration: Configuration;
  readonly clock: Clock;
  readonly disk: Disk;
  readonly memory: Memory;
  readonly port: NetworkPort;
  private nativePort: NativePort | undefined;
  /** Of an unmodified program. */
  runtime: NativeRuntime | undefined;
  alive = true;
  /** CPU time that the current task declared, at nominal speed. */
  private spent: Nanos = 0;
  /** Time that the current task waited for the disk. */
  private blocked: Nanos = 0;
  private inService = false;
  /** End of the current service; the finish event is recognised by it, so that a pause can move it. */
  private finishAt: Nanos = 0;
  /** True if an event marks the end of the current service. One that nothing waits for has none until something does. */
  private ends = false;
  private remaining: Nanos = 0;
  /** The end of the current service, had no pause come into it. */
  private plannedEnd: Nanos = 0;
  private readonly waiting: ProcessTask[] = [];
  private firstWaiting = 0;
  private effects: Effect[] = [];
  private readonly covered = new Set<string>();
  /** How its copies are looked at, if it said so. */
  look: (() => readonly Copy[]) | undefined;
  private stream: Random | undefined;

  constructor(machine: Machine, incarnation: number, configuration: Configuration) {
    this.machine = machine;
    this.name = machine.name;
    this.incarnation = incarnation;
    this.configuration = configuration;
    this.clock = {
      monotonic: () => machine.monotonic(this.ownTime()),
      wall: () => machine.wall(this.ownTime()),
    };
    this.disk = new DiskPort(this);
    this.port = new NetworkPort(this);
    this.memory = {
      region: (name: string, bytes: number): MemoryRegion => {
        this.mustRun('memory.region');
        return machine.memory.region(name, bytes);
      },
    };
  }

  get network(): Network {
    return this.port;
  }

  get native(): Native {
    this.nativePort ??= new NativePort(this);
    return this.nativePort;
  }

  get random(): Random {
    this.stream ??= createRandom(`${this.machine.seed}/host/${this.name}/${this.incarnation}`);
    return this.stream;
  }

  // ---- what the program calls ----

  after(delay: Nanos, callback: () => void | Promise<void>): Timer {
    this.mustRun('after');
    if (!(delay >= 0)) throw new RangeError(`after: expected a delay of 0 ns or more, got ${delay}`);
    const timer = new ProcessTimer(this, callback);
    this.machine.kernel.schedule(
      this.ownTime() + Math.round(delay),
      EventCode.timer,
      this.machine.index,
      0,
      timer,
    );
    return timer;
  }

  sleep(delay: Nanos): Promise<void> {
    return new Promise((resolve) => {
      this.after(delay, resolve);
    });
  }

  spend(time: Nanos): void {
    this.mustRun('spend');
    if (!(time >= 0)) throw new RangeError(`spend: expected 0 ns or more, got ${time}`);
    this.spent += time;
  }

  always(condition: boolean, what: string, detail?: Json): void {
    if (condition || !this.alive) return;
    this.mustRun('always');
    this.machine.observe('always', what, detail ?? null);
  }

  sometimes(condition: boolean, what: string): void {
    if (!condition || !this.alive || this.covered.has(what)) return;
    this.covered.add(what);
    this.machine.observeOnce('sometimes', what);
  }

  note(kind: string, data: Json): void {
    if (!this.alive) return;
    this.mustRun('note');
    this.machine.observe('note', kind, data);
  }

  copies(look: () => readonly Copy[]): void {
    this.mustRun('copies');
    this.look = look;
  }

  exit(reason: string): void {
    this.mustRun('exit');
    if (!this.alive) return;
    this.note('exit', reason);
    this.machine.endProcess();
  }

  // ---- what the world calls ----

  /** The program's present: the start of the event plus the CPU time it used so far. */
  ownTime(): Nanos {
    const { kernel } = this.machine;
    return kernel.now + (this.spent === 0 ? 0 : this.machine.cpuTime(this.spent)) + this.blocked;
  }

  /** The current task waits for the disk: a slow CPU waits no longer. */
  block(time: Nanos): void {
    this.blocked += time;
  }

  /**
   * Guards every entrance from system code. @throws AmbientAccess if this host's code does not run now: then real asynchronous work
   * was awaited and came back outside the world.
   */
  mustRun(what: string): void {
    const { kernel } = this.machine;
    if (kernel.running === this) return;
    const access = new AmbientAccess(
      kernel.running === undefined
        ? `a promise that this world does not own (host.${what} was called after awaiting it)`
        : `host.${what} of another host (state shared between hosts)`,
      kernel.running === undefined ? 'promises of host only' : 'messages',
      this.name,
    );
    kernel.leak(access);
    throw access;
  }

  emit(effect: Effect): void {
    if (this.alive) this.effects.push(effect);
  }

  enqueue(task: ProcessTask): void {
    if (!this.alive) return;
    const { machine } = this;
    if (this.isOver()) this.inService = false;
    // Something may wait though nothing is in service: a pause ended at this very instant. Nobody overtakes.
    if (this.inService || machine.paused || this.firstWaiting < this.waiting.length) {
      if (task.droppable && this.waiting.length - this.firstWaiting >= machine.settings.queueLimit) {
        machine.overflow++;
        return;
      }
      if (machine.paused) machine.delayedByPause++;
      this.waiting.push(task);
      if (this.inService && !this.ends && !machine.paused) this.scheduleEnd();
      return;
    }
    this.begin(task);
  }

  /** True if the current service ended without an event. */
  private isOver(): boolean {
    const { kernel, paused } = this.machine;
    return this.inService && !this.ends && !paused && kernel.now >= this.finishAt;
  }

  private scheduleEnd(): void {
    const { kernel, index } = this.machine;
    this.ends = true;
    kernel.schedule(this.finishAt, EventCode.cpu, index, 0, this);
  }

  /** Runs the code of a task. Its effects leave at the end of the service time; at once, if the CPU costs nothing. */
  private begin(task: ProcessTask): void {
    let next: ProcessTask | undefined = task;
    while (next !== undefined && this.serve(next) === 0) {
      this.finish();
      next = this.machine.paused ? undefined : this.takeWaiting();
    }
  }

  /** @returns The service time, or -1 if the process died of it. */
  private serve(task: ProcessTask): Nanos {
    const { machine } = this;
    const { kernel } = machine;
    this.inService = true;
    this.ends = true;
    this.spent = 0;
    this.blocked = 0;
    kernel.enter(this, task);
    if (!this.alive) return -1;
    const { cpuPerEvent, cpuPerKilobyte } = machine.settings;
    const work = cpuPerEvent + (task.bytes * cpuPerKilobyte) / 1024 + this.spent;
    const time = machine.cpuTime(work) + this.blocked;
    this.spent = 0;
    this.blocked = 0;
    this.finishAt = kernel.now + time;
    this.plannedEnd = this.finishAt;
    this.ends = false;
    if (time > 0 && (this.effects.length > 0 || this.firstWaiting < this.waiting.length)) this.scheduleEnd();
    return time;
  }

  /** The service time of the current task may be over: its effects leave, the next task begins. */
  fire(): void {
    const { machine } = this;
    // A pause moved the end of the service, or death cancelled it: this event is then of the past.
    if (!this.alive || !this.inService || machine.paused || machine.kernel.now < this.finishAt) return;
    this.finish();
    this.beginWaiting();
  }

  private finish(): void {
    if (this.effects.length > 0) {
      const { effects } = this;
      this.effects = [];
      // Still in service, and its end is now: what an effect puts into the queue (a connection's kernel does) waits for its turn.
      this.ends = true;
      for (const effect of effects) effect.leave();
    }
    this.inService = false;
    this.ends = false;
  }

  private takeWaiting(): ProcessTask | undefined {
    const { waiting } = this;
    if (this.firstWaiting === waiting.length) return undefined;
    const task = waiting[this.firstWaiting++]!;
    if (this.firstWaiting === waiting.length) {
      waiting.length = 0;
      this.firstWaiting = 0;
    } else if (this.firstWaiting === 1024) {
      waiting.splice(0, 1024);
      this.firstWaiting = 0;
    }
    return task;
  }

  /** How far the current event has got: pauses do not count. */
  progress(): Nanos {
    const { kernel, paused } = this.machine;
    if (kernel.running === this) return this.ownTime();
    if (!this.inService) return Number.POSITIVE_INFINITY;
    return this.plannedEnd - (paused ? this.remaining : Math.max(0, this.finishAt - kernel.now));
  }

  /** The machine was paused just now: the rest of the current service waits. */
  pause(): void {
    const { kernel } = this.machine;
    if (this.inService && !this.ends && kernel.now >= this.finishAt) this.inService = false;
    if (!this.inService) return;
    this.remaining = this.finishAt - kernel.now;
    this.machine.delayedByPause++;
  }

  resume(): void {
    if (!this.alive) return;
    if (this.inService) {
      this.finishAt = this.machine.kernel.now + this.remaining;
      this.scheduleEnd();
    } else if (this.firstWaiting < this.waiting.length) {
      this.enqueueSoon();
    }
  }

  /** Puts a task in from outside system code (the harness): by an event, since system code runs only from events. */
  enqueueSoon(task?: ProcessTask): void {
    const { kernel, index } = this.machine;
    const arrival: Action = {
      fire: () => {
        if (task !== undefined) this.enqueue(task);
        else if (!this.inService && !this.machine.paused) this.beginWaiting();
      },
    };
    kernel.schedule(kernel.now, EventCode.machine, index, 0, arrival);
  }

  private beginWaiting(): void {
    const next = this.takeWaiting();
    if (next !== undefined) this.begin(next);
  }

  /** Death: timers, messages, pending promises and effects of this incarnation never happen. */
  end(): void {
    if (this.alive) this.runtime?.ended();
    this.alive = false;
    this.effects = [];
    this.waiting.length = 0;
    this.firstWaiting = 0;
    this.inService = false;
    this.port.end();
  }

  uncaught(error: unknown, origin: UncaughtOrigin): void {
    // A trapped access ends the run by name anyway; a machine check has already ended this process.
    if (error instanceof AmbientAccess || error instanceof MachineCheck) return;
    if (this.runtime?.uncaught(error, origin) || !this.alive) return;
    this.machine.died(error);
  }
}

class ProcessTimer implements Timer, Action, ProcessTask {
  readonly bytes = 0;
  readonly droppable = false;
  private readonly process: Process;
  private callback: (() => void | Promise<void>) | undefined;

  constructor(process: Process, callback: () => void | Promise<void>) {
    this.process = process;
    this.callback = callback;
  }
  cancel(): void {
    this.callback = undefined;
  }
  fire(): void {
    if (this.callback === undefined) return;
    this.process.machine.tell?.('timer');
    this.process.enqueue(this);
  }
  run(): void {
    const { callback } = this;
    if (callback === undefined) return;
    this.callback = undefined;
    void callback();
  }
}
