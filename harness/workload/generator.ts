import type { Generator, GeneratorContext, Next, Random } from '../contract/index.ts';

/** The exhausted generator. */
export const nothing: Generator = {
  next: () => undefined,
  update: () => nothing,
};

/** The same answer, with `wrap` around the generator that follows. */
export function follow(next: Next, wrap: (rest: Generator) => Generator): Next {
  if (next === undefined || next === 'pending') return next;
  if ('emit' in next) return { emit: next.emit, rest: wrap(next.rest) };
  return { wait: next.wait, rest: wrap(next.rest) };
}

class Narrowed implements GeneratorContext {
  readonly time: number;
  readonly threads: readonly number[];
  readonly idle: readonly number[];
  readonly free: readonly number[];
  readonly processes: readonly number[];
  readonly emitted: readonly number[];
  private readonly whole: GeneratorContext;

  constructor(whole: GeneratorContext, applies: (thread: number) => boolean) {
    this.whole = whole;
    this.time = whole.time;
    this.threads = whole.threads.filter(applies);
    this.idle = whole.idle.filter(applies);
    this.free = whole.free.filter(applies);
    this.processes = whole.processes;
    this.emitted = whole.emitted;
  }
  get random(): Random {
    return this.free.length === 1 ? this.whole.draws(this.free[0]!) : this.whole.random;
  }
  draws(thread: number): Random {
    return this.whole.draws(thread);
  }
}

/** The context of a generator that has the threads that meet the predicate and no other. Draws for a single free thread are keyed by it. */
export function narrow(context: GeneratorContext, applies: (thread: number) => boolean): GeneratorContext {
  return new Narrowed(context, applies);
}

/** The thread that an emission goes to: its own, or the first free one. */
export function threadOf(emit: { readonly thread?: number }, context: GeneratorContext): number {
  return emit.thread ?? context.free[0]!;
}
