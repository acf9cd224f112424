import type { Limits, Nanos, NativeRuntime, RunEnd } from '../contract/index.ts';
import { Digest } from './digest.ts';
import { drainMicrotasks, drainTicks } from './drain.ts';
import { type Action, EventQueue } from './event-queue.ts';
import { censusOfRealWork, newRealWork } from './real-work.ts';
import { AmbientAccess, arm, disarm, installTraps, takeCaught } from './traps.ts';

// Taken before any trap is armed: the harness's own real time.
const realNow = performance.now.bind(performance);
const realImmediate = setImmediate;

/** Events between two looks at the real clock and two returns to the event loop. */
const SLICE = 8192;

/** What an event is about: the codes that the digest and traces know. */
export const EventCode = {
  harness: 0,
  packet: 1,
  timer: 2,
  cpu: 3,
  disk: 4,
  machine: 5,
  load: 6,
} as const;

export const EVENT_NAMES: readonly string[] = Object.keys(EventCode);

/** A piece of system code to run as one event of a runner. */
export interface Task<R extends Runner> {
  run(runner: R): void;
}

/** Whose code runs: what the kernel must know to arm the traps and to blame an exception. */
export interface Runner {
  readonly name: string;
  /** Of an unmodified program: what it reaches is simulated, so that nothing of it is trapped. */
  readonly runtime?: NativeRuntime;
  /** An exception that no system code caught. */
  uncaught(error: unknown, origin: UncaughtOrigin): void;
}

/** Where Node says that an uncaught error comes from. */
export type UncaughtOrigin = Parameters<NativeRuntime['uncaught']>[1];

/** Called for every event while it is set: the moment, the event's code, its subject and the hash of its content. */
export type EventTrace = (
  number: number,
  time: Nanos,
  code: number,
  subject: number,
  content: number,
) => void;

/**
 * Virtual time, the event queue, the loop. Knows nothing of machines and networks.
 *
 * Invariant: system code runs only inside `enter`, for one runner at a time, and when `enter` returns all its microtasks have run.
 */
export class Kernel {
  readonly queue = new EventQueue();
  readonly digest = new Digest();
  readonly limits: Limits;
  private readonly tick: Nanos;
  /** The last instant: up to here all multiples of the tick are exact in a double. */
  private readonly end: Nanos;
  now: Nanos = 0;
  /** Whose code runs at this moment. */
  running: Runner | undefined;
  trace: EventTrace | undefined;
  private why: RunEnd['why'] | undefined;
  private failure: unknown;
  private eventsInInstant = 0;

  constructor(limits: Limits, tick: Nanos) {
    this.limits = limits;
    this.tick = tick;
    this.end = Number.MAX_SAFE_INTEGER * powerOfTwoIn(tick);
  }

  /**
   * Puts an event into the queue. `time` is rounded up to the tick and never in the past.
   * @throws RangeError when virtual time leaves what is exact: 2^53 ns (104 days) with a tick of 1, 2^56 ns (834 days) with one of a microsecond,
   * in general 2^53 times the largest power of two that divides the tick.
   */
  schedule(time: Nanos, code: number, subject: number, content: number, action: Action): void {
    let at = time < this.now ? this.now : time;
    if (this.tick > 1) {
      const up = Math.ceil(at / this.tick) * this.tick;
      // Far out the quotient may be rounded down to a whole one.
      at = up < at ? up + this.tick : up;
    }
    if (!(at <= this.end)) {
      throw new RangeError(
        `virtual time ${at} ns is beyond ${this.end} ns, the last exact one with a tick of ${this.tick} ns: use a coarser tick`,
      );
    }
    this.queue.push(at, (subject << 4) | code, content, action);
  }

  /** Runs system code as this runner, then all microtasks that follow from it. */
  enter<R extends Runner>(runner: R, task: Task<R>): void {
    this.running = runner;
    const { runtime } = runner;
    if (runtime === undefined) arm(runner.name);
    else runtime.enter();
    try {
      task.run(runner);
    } catch (error) {
      runner.uncaught(error, 'uncaughtException');
    }
    if (runtime === undefined) {
      drainMicrotasks();
      disarm();
    } else {
      drainTicks();
      runtime.leave();
    }
    this.running = undefined;
    const access = takeCaught();
    if (access !== undefined) this.fail(access);
  }

  /** Runs harness code that may use promises, then its microtasks. */
  runHarness(code: () => unknown): void {
    const result = code();
    if (result instanceof Promise) result.then(undefined, (error: unknown) => this.fail(error));
    drainMicrotasks();
  }

  stop(why: RunEnd['why'] = 'stopped'): void {
    this.why ??= why;
  }

  /** Ends the run with an error: `run` rejects with the first one. */
  fail(error: unknown): void {
    this.failure ??= error;
    this.stop();
  }

  /** An ambient access that was noticed outside `enter`: real asynchronous work that came back. */
  leak(access: AmbientAccess): void {
    this.fail(access);
  }

  /** Drives the loop from macrotasks, because microtasks can be drained only from there. */
  async run(): Promise<RunEnd> {
    const removeTraps = installTraps();
    const restoreHandlers = this.takeErrorHandlers();
    const started = realNow();
    const workBefore = censusOfRealWork();
    let leaked: string[] = [];
    try {
      await new Promise<void>((resolve, reject) => {
        const slice = (): void => {
          try {
            if (this.runSlice()) {
              leaked = newRealWork(workBefore);
              // Two empty turns: what system code awaited outside its world can come back, and is then named.
              realImmediate(() => realImmediate(resolve));
              return;
            }
            if (realNow() - started > this.limits.realSeconds * 1000) this.stop('real-time');
            realImmediate(slice);
          } catch (error) {
            reject(error);
          }
        };
        realImmediate(slice);
      });
    } finally {
      disarm();
      this.running = undefined;
      restoreHandlers();
      removeTraps();
    }
    if (this.failure === undefined && leaked.length > 0) {
      this.failure = new AmbientAccess(
        `real asynchronous work (${leaked.join(', ')})`,
        'the facilities of host',
        'unknown',
      );
    }
    if (this.failure !== undefined) throw this.failure;
    return { why: this.why ?? 'idle', events: this.digest.events, digest: this.digest.toString() };
  }

  /** Runs up to a slice of events. True when the run is over. */
  private runSlice(): boolean {
    const { queue, digest } = this;
    for (let left = SLICE; left > 0; left--) {
      if (this.why !== undefined) return true;
      if (queue.size === 0) return true;
      const action = queue.pop();
      const time = queue.time;
      if (time === this.now) {
        if (++this.eventsInInstant > this.limits.eventsPerInstant) {
          this.stop('events-in-an-instant');
          return true;
        }
      } else {
        this.now = time;
        this.eventsInInstant = 0;
      }
      const { label, content } = queue;
      digest.event(time, label, content);
      if (this.trace !== undefined) this.trace(digest.events - 1, time, label & 15, label >> 4, content);
      action.fire();
      if (digest.events >= this.limits.events) this.stop('events');
    }
    return this.why !== undefined;
  }

  /** While a run goes on, rejections and exceptions of system code are its own, not those of the process around. */
  private takeErrorHandlers(): () => void {
    const events = ['unhandledRejection', 'uncaughtException'] as const;
    const blames = events.map((origin) => (error: unknown): void => {
      if (this.running !== undefined) this.running.uncaught(error, origin);
      else this.fail(error);
    });
    const before = events.map((event) => process.listeners(event as 'uncaughtException'));
    events.forEach((event, i) => {
      process.removeAllListeners(event);
      process.on(event as 'uncaughtException', blames[i]!);
    });
    return () => {
      events.forEach((event, i) => {
        process.removeListener(event as 'uncaughtException', blames[i]!);
        for (const listener of before[i]!) process.on(event as 'uncaughtException', listener);
      });
    };
  }
}

/** The largest power of two that divides a whole number. */
function powerOfTwoIn(whole: number): number {
  let power = 1;
  while (whole % (2 * power) === 0) power *= 2;
  return power;
}
