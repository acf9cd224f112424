import {
  type Clock,
  type Configuration,
  type Disk,
  type Host,
  HostError,
  type Json,
  type Machine,
  type Memory,
  type Nanos,
  type Network,
  type ObservationSink,
  type Random,
  type Timer,
} from '../contract/index.ts';
import { now } from './clock.ts';

export interface RealHostOptions {
  readonly name: string;
  readonly incarnation: number;
  readonly random: Random;
  readonly live: Machine;
  readonly observe: ObservationSink;
  /** The system's code threw where nobody waits for it. */
  readonly failed: (error: unknown) => void;
}

const MILLISECOND = 1_000_000;

/** One incarnation on a real machine: time is the machine's, and nothing fires any more once it has ended. */
export class RealHost implements Host {
  readonly name: string;
  readonly configuration: Configuration = {};
  readonly incarnation: number;
  readonly random: Random;
  readonly live: Machine;
  readonly clock: Clock = { monotonic: now, wall: () => Math.round(Date.now() * 1000) };
  private readonly options: RealHostOptions;
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly seen = new Set<string>();
  private ended = false;

  constructor(options: RealHostOptions) {
    this.name = options.name;
    this.incarnation = options.incarnation;
    this.random = options.random;
    this.live = options.live;
    this.options = options;
  }

  get alive(): boolean {
    return !this.ended;
  }

  end(): void {
    this.ended = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  get network(): Network {
    throw this.lacks('network', 'sockets and the addresses of `live`');
  }
  get disk(): Disk {
    throw this.lacks('disk', 'the folder of `live`');
  }
  get memory(): Memory {
    throw this.lacks('memory', 'that of its processes');
  }

  after(delay: Nanos, callback: () => void | Promise<void>): Timer {
    if (this.ended) return { cancel() {} };
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.guarded(callback);
    }, Math.max(0, delay) / MILLISECOND);
    this.timers.add(timer);
    return {
      cancel: () => {
        this.timers.delete(timer);
        clearTimeout(timer);
      },
    };
  }

  sleep(delay: Nanos): Promise<void> {
    return new Promise((resolve) => this.after(delay, resolve));
  }

  spend(): void {}

  always(condition: boolean, what: string, detail: Json = null): void {
    if (!condition) this.tell({ type: 'always', host: this.name, kind: what, data: detail });
  }

  sometimes(condition: boolean, what: string): void {
    if (!condition || this.seen.has(what)) return;
    this.seen.add(what);
    this.tell({ type: 'sometimes', host: this.name, kind: what, data: null });
  }

  /** A process of its own: nobody can ask it. */
  copies(): void {}

  note(kind: string, data: Json): void {
    this.tell({ type: 'note', host: this.name, kind, data });
  }

  exit(reason: string): void {
    this.note('exit', reason);
    this.end();
  }

  /** Runs code of the system in which nobody waits for errors. */
  guarded(code: () => void | Promise<void>): void {
    if (this.ended) return;
    try {
      Promise.resolve(code()).catch(this.options.failed);
    } catch (error) {
      this.options.failed(error);
    }
  }

  private tell(observation: Omit<Parameters<ObservationSink>[0], 'time'>): void {
    if (!this.ended) this.options.observe({ time: now(), ...observation });
  }

  private lacks(what: string, instead: string): HostError {
    return new HostError('live', `the live world has no simulated ${what}: use ${instead}`, true);
  }
}
