import type { Nanos, Plan, Random } from '../contract/index.ts';
import { randomOf } from '../simulator/index.ts';

/** The purpose of the draws for the intervals of a thread. */
export function intervalPurpose(thread: number): string {
  return `workload/interval/${thread}`;
}

/**
 * A timetable for each thread, with exponential intervals: arrivals that do not wait for the system. An operation starts when
 * it is due, or as soon as its thread is free again. Being late shifts nothing: the n-th operation of a thread is due at the
 * same time whatever became of the others, so that leaving some out moves no other.
 */
export class Pacer {
  private readonly mean: Nanos;
  private readonly notBefore: (thread: number, nth: number) => Nanos;
  /** Operations taken, by thread. */
  private readonly taken: number[];
  private readonly streams: readonly Random[];
  private readonly due: Nanos[];

  /**
   * `rate`: operations per second over all threads. `draws(thread)`: a stream for the intervals of this thread. `notBefore`: the earliest time of an operation, which
   * moves none that follows.
   */
  constructor(
    start: Nanos,
    rate: number,
    threads: number,
    draws: (thread: number) => Random,
    notBefore: (thread: number, nth: number) => Nanos = () => 0,
  ) {
    this.notBefore = notBefore;
    this.taken = Array.from({ length: threads }, () => 0);
    this.mean = Math.round((threads * 1e9) / rate);
    this.streams = Array.from({ length: threads }, (_, thread) => draws(thread));
    this.due = this.streams.map((stream) => start + stream.exponential(this.mean));
  }

  /** When the thread's next operation is due. */
  dueAt(thread: number): Nanos {
    return Math.max(this.due[thread]!, this.notBefore(thread, this.taken[thread]!));
  }

  /** Those of these threads that are due, the longest overdue first. */
  dueAmong(threads: readonly number[], now: Nanos): number[] {
    const due = threads.filter((thread) => this.dueAt(thread) <= now);
    return due.length < 2 ? due : due.sort((a, b) => this.due[a]! - this.due[b]! || a - b);
  }

  /** The thread's next operation was taken: the one after it gets its time. */
  advance(thread: number): void {
    this.due[thread]! += this.streams[thread]!.exponential(this.mean);
    this.taken[thread]!++;
  }
}

/**
 * When the operations of the first two phases were due, in a simulated run of this plan, whatever became of them: `[client][nth]` is that of the operation
 * with the id `[client, nth]`. Those due at `until` or later are left out.
 */
export function timetable(
  { seed, workload }: Pick<Plan, 'seed' | 'workload'>,
  until: Nanos,
): readonly (readonly Nanos[])[] {
  const { clients, rate } = workload;
  const pacer = new Pacer(0, rate, clients, (thread) => randomOf(seed, intervalPurpose(thread)));
  return Array.from({ length: clients }, (_, thread) => {
    const due: Nanos[] = [];
    for (let next = pacer.dueAt(thread); next < until; next = pacer.dueAt(thread)) {
      due.push(next);
      pacer.advance(thread);
    }
    return due;
  });
}
