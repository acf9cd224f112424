import type { Generator } from '../contract/index.ts';
import { follow, nothing, threadOf } from './generator.ts';

/** Goes on until one of the operations that it emitted is ok. */
export function untilOk(generator: Generator): Generator {
  return until(generator, new Set());
}

/** `open`: threads whose open operation came from here. */
function until(generator: Generator, open: ReadonlySet<number>): Generator {
  return {
    next(context) {
      const next = generator.next(context);
      if (next === undefined || next === 'pending' || 'wait' in next) {
        return follow(next, (then) => until(then, open));
      }
      const thread = threadOf(next.emit, context);
      return { emit: { ...next.emit, thread }, rest: until(next.rest, new Set([...open, thread])) };
    },
    update(event, context) {
      const then = generator.update(event, context);
      if (event.type !== 'invoke' && open.has(event.thread)) {
        if (event.type === 'ok') return nothing;
        const rest = new Set(open);
        rest.delete(event.thread);
        return until(then, rest);
      }
      return then === generator ? this : until(then, open);
    },
  };
}
