import type { Json } from '../../histories/index.ts';
import type { Random } from './random.ts';
import type { Request } from './system.ts';
import type { Nanos } from './time.ts';

/** What a generator sees when it is asked: pure data. */
export interface GeneratorContext {
  readonly time: Nanos;
  /** Threads that the generator may use at all, ascending. */
  readonly threads: readonly number[];
  /** Those of them without an open operation, ascending. */
  readonly idle: readonly number[];
  /** Those of the idle ones that it may emit for now, ascending. */
  readonly free: readonly number[];
  /** The current process of each thread of the run. Thread numbers are stable, processes are retired. */
  readonly processes: readonly number[];
  /** Operations emitted so far by each thread: the number that the thread's next one will have. */
  readonly emitted: readonly number[];
  /** Draws for this question; keyed by the thread and its next number where only one thread is asked for, by the number of operations emitted so far otherwise. */
  readonly random: Random;
  /** Draws for the next operation of this thread, keyed by the thread and that number; one stream within a question. */
  draws(thread: number): Random;
}

/** An operation to start: on a certain thread or any free one, now or at a later time. */
export interface Emission extends Request {
  readonly thread?: number;
  /** Earliest time; now if absent. */
  readonly time?: Nanos;
}

/**
 * - `emit`: start this, and go on with `rest`;
 * - `wait`: nothing now; ask `rest` at this time, or after the next event if that comes first (`Infinity`: only then);
 * - `pending`: nothing now, ask again after the next event;
 * - `undefined`: exhausted.
 */
export type Next =
  | { readonly emit: Emission; readonly rest: Generator }
  | { readonly wait: Nanos; readonly rest: Generator }
  | 'pending'
  | undefined;

/** What happened meanwhile. */
export interface GeneratorEvent {
  readonly type: 'invoke' | 'ok' | 'fail' | 'info';
  readonly thread: number;
  readonly process: number;
  readonly time: Nanos;
  readonly request: Request;
  readonly value?: Json;
  /** True of a `fail` of an operation that was never made, since the plan leaves it out: nobody is to mind. */
  readonly leftOut?: boolean;
}

/** A pure, immutable source of operations: asking and telling return the generator that follows. */
export interface Generator {
  next(context: GeneratorContext): Next;
  update(event: GeneratorEvent, context: GeneratorContext): Generator;
}

/** A named family of generators with the reads that a checker wants at the end. */
export interface Workload<Options = Json> {
  readonly name: string;
  readonly summary: string;
  /** JSON schema (draft 2020-12) of the options, with defaults. */
  readonly options: { readonly [keyword: string]: Json };
  /** Operations that a system must understand, as in `System.operations`. */
  readonly operations: readonly string[];
  /** Those that it needs with these options, where they leave some of `operations` out. */
  needs?(options: Options): readonly string[];
  /** The main phase, endless: the controller limits it in time and spreads it over the clients. */
  main(options: Options): Generator;
  /** True if the generator says by itself when operations start (it waits between them): the rate of the plan is then not applied. */
  ownPace?(options: Options): boolean;
  /** True if one client may be refused for as long as others have what it asks for: then generated plans do not demand that each is served again. */
  readonly competitive?: boolean;
  /** The final reads, finite; asked after recovery. */
  final(options: Options): Generator;
  /** Checkers that go with it, beside those of the system. */
  checkers(options: Options): readonly { readonly name: string; readonly options?: Json }[];
}
