import type { Generator, GeneratorContext } from '../contract/index.ts';
import { any } from './any.ts';
import { narrow, threadOf } from './generator.ts';

/** Only on the threads that meet the predicate: the generator sees only them and hears only of them. */
export function onThreads(applies: (thread: number) => boolean, generator: Generator): Generator {
  return among(() => applies, generator);
}

/** Only on the first so many of the threads that there are. */
export function onFirstThreads(count: number, generator: Generator): Generator {
  return among(({ threads }) => {
    const first = threads.slice(0, count);
    return (thread) => first.includes(thread);
  }, generator);
}

function among(
  chosen: (context: GeneratorContext) => (thread: number) => boolean,
  generator: Generator,
): Generator {
  return {
    next(context) {
      const question = narrow(context, chosen(context));
      const next = generator.next(question);
      if (next === undefined || next === 'pending') return next;
      const rest = among(chosen, next.rest);
      if ('wait' in next) return { wait: next.wait, rest };
      return { emit: { ...next.emit, thread: threadOf(next.emit, question) }, rest };
    },
    update(event, context) {
      const applies = chosen(context);
      if (!applies(event.thread)) return this;
      const then = generator.update(event, narrow(context, applies));
      return then === generator ? this : among(chosen, then);
    },
  };
}

/**
 * Reserves the first threads for certain generators, the rest for the last one: `reserve([[2, writes], [3, cas]], reads)`
 * writes on threads 0 and 1, does cas on 2 to 4 and reads on all others.
 */
export function reserve(
  reserved: readonly (readonly [threads: number, generator: Generator])[],
  rest: Generator,
): Generator {
  const parts: Generator[] = [];
  let from = 0;
  for (const [threads, generator] of reserved) {
    const first = from;
    const end = first + threads;
    parts.push(onThreads((thread) => thread >= first && thread < end, generator));
    from = end;
  }
  return any(
    ...parts,
    onThreads((thread) => thread >= from, rest),
  );
}
