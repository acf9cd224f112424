import type { Json } from '../../histories/index.ts';
import type {
  Generator,
  GeneratorContext,
  GeneratorEvent,
  Nanos,
  Random,
  Request,
} from '../contract/index.ts';

/**
 * Makes the stream of draws for the n-th operation of a thread, or of all threads together (`undefined`). The same numbers give
 * the same stream, from its beginning.
 */
export type Draws = (thread: number | undefined, nth: number) => Random;

/** What to do now: start an operation, wait until a time (`Infinity`: for the next event), or nothing any more. */
export type Step =
  | { readonly start: Request; readonly thread: number; readonly nth: number }
  | { readonly wait: Nanos }
  | undefined;

/** Answers of one question that only lead to another one: more is a mistake of the generator, not patience. */
const WAITS_MAX = 1000;

/** The current state of a generator as it is run: the one mutable thing around pure generators. */
export class Progress {
  /** Current process of each thread. */
  readonly processes: number[];
  /** Operations emitted by each thread. */
  readonly emitted: number[];
  private readonly threads: readonly number[];
  private readonly draws: Draws;
  private generator: Generator;
  private total = 0;

  constructor(generator: Generator, threads: number, draws: Draws) {
    this.generator = generator;
    this.draws = draws;
    this.threads = Array.from({ length: threads }, (_, thread) => thread);
    this.processes = [...this.threads];
    this.emitted = this.threads.map(() => 0);
  }

  /** The generator as it stands now. */
  get current(): Generator {
    return this.generator;
  }

  /** Goes on with another generator; processes and numbers stay. */
  replace(generator: Generator): void {
    this.generator = generator;
  }

  /**
   * Asks for the next operation of one of the free threads, which are among the idle ones (both ascending).
   * @throws RangeError if the generator emits for a thread that is not free, or does nothing but wait for the past.
   */
  ask(time: Nanos, idle: readonly number[], free: readonly number[] = idle): Step {
    for (let waits = 0; waits < WAITS_MAX; waits++) {
      const next = this.generator.next(this.context(time, idle, free));
      if (next === undefined) return undefined;
      if (next === 'pending') return { wait: Number.POSITIVE_INFINITY };
      if ('wait' in next) {
        this.generator = next.rest;
        if (next.wait > time) return { wait: next.wait };
        continue;
      }
      const { thread: wanted, time: at, ...start } = next.emit;
      if (at !== undefined && at > time) return { wait: at };
      const thread = wanted ?? free[0];
      if (thread === undefined || !free.includes(thread)) {
        throw new RangeError(
          `generator: expected an operation for one of the free threads [${free}], got ${start.f} for ${thread}`,
        );
      }
      this.generator = next.rest;
      this.total++;
      return { start, thread, nth: this.emitted[thread]!++ };
    }
    throw new RangeError(
      `generator: expected an operation or a time to come, got ${WAITS_MAX} times one not after ${time}`,
    );
  }

  /** Tells the generator what happened. After an `info`, call `retire`. */
  tell(
    type: GeneratorEvent['type'],
    thread: number,
    time: Nanos,
    request: Request,
    idle: readonly number[],
    value?: Json,
  ): void {
    this.hear({ type, thread, process: this.processes[thread]!, time, request, value }, idle);
  }

  /** Tells the generator of an operation that the plan leaves out. */
  leaveOut(thread: number, time: Nanos, request: Request, idle: readonly number[]): void {
    const event = { thread, process: this.processes[thread]!, time, request, leftOut: true };
    this.hear({ ...event, type: 'invoke' }, idle);
    this.hear({ ...event, type: 'fail', value: request.value }, idle);
  }

  private hear(event: GeneratorEvent, idle: readonly number[]): void {
    this.generator = this.generator.update(event, this.context(event.time, idle, idle));
  }

  /** The thread goes on under a new process number. */
  retire(thread: number): void {
    this.processes[thread]! += this.processes.length;
  }

  private context(time: Nanos, idle: readonly number[], free: readonly number[]): GeneratorContext {
    return new Question(this, time, this.threads, idle, free, this.total, this.draws);
  }
}

/** Streams are made when first drawn from: most questions draw nothing. */
class Question implements GeneratorContext {
  readonly time: Nanos;
  readonly threads: readonly number[];
  readonly idle: readonly number[];
  readonly free: readonly number[];
  readonly processes: readonly number[];
  readonly emitted: readonly number[];
  private readonly total: number;
  private readonly source: Draws;
  private streams: Map<number | undefined, Random> | undefined;

  constructor(
    state: { readonly processes: readonly number[]; readonly emitted: readonly number[] },
    time: Nanos,
    threads: readonly number[],
    idle: readonly number[],
    free: readonly number[],
    total: number,
    source: Draws,
  ) {
    this.time = time;
    this.threads = threads;
    this.idle = idle;
    this.free = free;
    this.processes = state.processes;
    this.emitted = state.emitted;
    this.total = total;
    this.source = source;
  }
  get random(): Random {
    return this.free.length === 1 ? this.draws(this.free[0]!) : this.stream(undefined, this.total);
  }
  draws(thread: number): Random {
    return this.stream(thread, this.emitted[thread]!);
  }
  private stream(thread: number | undefined, nth: number): Random {
    this.streams ??= new Map();
    let stream = this.streams.get(thread);
    if (stream === undefined) {
      stream = this.source(thread, nth);
      this.streams.set(thread, stream);
    }
    return stream;
  }
}
