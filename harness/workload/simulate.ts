import type { Json } from '../../histories/index.ts';
import type { Generator, Nanos, Request } from '../contract/index.ts';
import { type Draws, Progress } from './progress.ts';

export interface SimulateOptions {
  readonly threads: number;
  readonly draws: Draws;
  /** Time from invocation to completion; 10 ns if absent. */
  readonly latency?: (request: Request, nth: number) => Nanos;
  /** What becomes of an operation; `ok` if absent. */
  readonly outcome?: (request: Request, nth: number) => 'ok' | 'fail' | 'info';
  /** Nothing is started after this many operations; 1000 if absent. */
  readonly most?: number;
}

/** One line of a simulated history. */
export interface SimulatedEvent {
  readonly time: Nanos;
  readonly type: 'invoke' | 'ok' | 'fail' | 'info';
  readonly thread: number;
  readonly process: number;
  readonly f: string;
  readonly key?: string | number;
  readonly value: Json;
}

/**
 * Runs a generator without any system: each operation completes after its latency with its outcome and its own value. For
 * tests of generators and workloads. Time starts at 0 ns.
 */
export function simulate(generator: Generator, options: SimulateOptions): SimulatedEvent[] {
  const { threads, draws, latency = () => 10, outcome = () => 'ok' as const, most = 1000 } = options;
  const progress = new Progress(generator, threads, draws);
  const events: SimulatedEvent[] = [];
  const open: { at: Nanos; thread: number; request: Request; type: 'ok' | 'fail' | 'info' }[] = [];
  const idle = (): number[] =>
    Array.from({ length: threads }, (_, thread) => thread).filter((thread) =>
      open.every((o) => o.thread !== thread),
    );
  const record = (type: SimulatedEvent['type'], thread: number, request: Request): void => {
    const process = progress.processes[thread]!;
    events.push({ time, type, thread, process, ...request });
    progress.tell(type, thread, time, request, idle(), request.value);
  };
  let time = 0;
  for (let started = 0; ; ) {
    const step = started < most ? progress.ask(time, idle()) : undefined;
    if (step !== undefined && 'start' in step) {
      const { start, thread } = step;
      open.push({
        at: time + latency(start, started),
        thread,
        request: start,
        type: outcome(start, started),
      });
      started++;
      record('invoke', thread, start);
      continue;
    }
    open.sort((a, b) => a.at - b.at);
    const first = open[0];
    const wait = step?.wait ?? Number.POSITIVE_INFINITY;
    if (first !== undefined && first.at <= wait) {
      open.shift();
      time = first.at;
      record(first.type, first.thread, first.request);
      if (first.type === 'info') progress.retire(first.thread);
    } else if (wait !== Number.POSITIVE_INFINITY) time = wait;
    else return events;
  }
}
