import type { Generator, Request } from '../contract/index.ts';
import { threadOf } from './generator.ts';

interface Attempt {
  readonly request: Request;
  readonly left: number;
}

/**
 * Emits an operation again, on the same thread and ahead of others, while it is not ok: `attempts` times in all.
 * Ends when the generator is exhausted and nothing that it emitted is open or waits for another attempt.
 */
export function retry(attempts: number, generator: Generator): Generator {
  return retrying(attempts, generator, new Map(), new Map());
}

type ByThread = ReadonlyMap<number, Attempt>;

function retrying(attempts: number, generator: Generator, open: ByThread, again: ByThread): Generator {
  return {
    next(context) {
      for (const thread of context.free) {
        const attempt = again.get(thread);
        if (attempt === undefined) continue;
        const rest = new Map(again);
        rest.delete(thread);
        const then = retrying(attempts, generator, new Map(open).set(thread, attempt), rest);
        return { emit: { ...attempt.request, thread }, rest: then };
      }
      const next = generator.next(context);
      if (next === 'pending') return next;
      if (next === undefined) return open.size + again.size > 0 ? 'pending' : undefined;
      if ('wait' in next) return { wait: next.wait, rest: retrying(attempts, next.rest, open, again) };
      const thread = threadOf(next.emit, context);
      const attempt = { request: next.emit, left: attempts - 1 };
      const then = retrying(attempts, next.rest, new Map(open).set(thread, attempt), again);
      return { emit: { ...next.emit, thread }, rest: then };
    },
    update(event, context) {
      const then = generator.update(event, context);
      const attempt = event.type === 'invoke' ? undefined : open.get(event.thread);
      if (attempt === undefined) return then === generator ? this : retrying(attempts, then, open, again);
      const rest = new Map(open);
      rest.delete(event.thread);
      if (event.type === 'ok' || event.leftOut || attempt.left <= 0)
        return retrying(attempts, then, rest, again);
      const later = new Map(again).set(event.thread, { request: attempt.request, left: attempt.left - 1 });
      return retrying(attempts, then, rest, later);
    },
  };
}
