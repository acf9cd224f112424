import type { Generator, GeneratorContext, Nanos, Next } from '../contract/index.ts';
import { narrow } from './generator.ts';

/**
 * Every thread has a copy of the generator to itself, which sees and hears only that thread. Cost: O(threads) for each
 * operation.
 */
export function eachThread(generator: Generator): Generator {
  return copies(generator, 'thread', new Map());
}

/** Every process has a copy of the generator: a thread whose process is retired goes on with a fresh one. */
export function eachProcess(generator: Generator): Generator {
  return copies(generator, 'process', new Map());
}

function copies(
  fresh: Generator,
  each: 'thread' | 'process',
  own: ReadonlyMap<number, Generator>,
): Generator {
  const ownerOf = (thread: number, context: GeneratorContext): number =>
    each === 'thread' ? thread : context.processes[thread]!;
  const ask = (thread: number, context: GeneratorContext): Next =>
    (own.get(ownerOf(thread, context)) ?? fresh).next(narrow(context, (other) => other === thread));
  const after = (owner: number, then: Generator): Generator =>
    copies(fresh, each, new Map(own).set(owner, then));
  return {
    next(context): Next {
      let waiting: Map<number, Generator> | undefined;
      let wait: Nanos = Number.POSITIVE_INFINITY;
      let pending = false;
      for (const thread of context.free) {
        const next = ask(thread, context);
        if (next === undefined) continue;
        if (next === 'pending') {
          pending = true;
          continue;
        }
        const owner = ownerOf(thread, context);
        if ('emit' in next) {
          const emit = next.emit.thread === thread ? next.emit : { ...next.emit, thread };
          return { emit, rest: after(owner, next.rest) };
        }
        wait = Math.min(wait, next.wait);
        waiting ??= new Map(own);
        waiting.set(owner, next.rest);
      }
      if (waiting !== undefined) return { wait, rest: copies(fresh, each, waiting) };
      // Exhausted only if the copies of the other threads are, too.
      const isFree = (thread: number): boolean => context.free.includes(thread);
      const more =
        pending || context.threads.some((thread) => !isFree(thread) && ask(thread, context) !== undefined);
      return more ? 'pending' : undefined;
    },
    update(event, context) {
      // Of the event, not of the context, which may know of the thread's next process already.
      const owner = each === 'thread' ? event.thread : event.process;
      const current = own.get(owner) ?? fresh;
      const then = current.update(
        event,
        narrow(context, (other) => other === event.thread),
      );
      return then === current ? this : after(owner, then);
    },
  };
}
