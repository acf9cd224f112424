import type { Generator } from '../contract/index.ts';
import { follow } from './generator.ts';

/**
 * One after another: each begins when the one before is exhausted, though operations of that one may still be open (see
 * `phases` where they must not be). What some call `then` is `concat(first, second)`. Cost: O(1) for each operation.
 */
export function concat(...generators: readonly Generator[]): Generator {
  return from(generators, 0, generators[0]);
}

function from(generators: readonly Generator[], position: number, current: Generator | undefined): Generator {
  return {
    next(context) {
      let head = current;
      let at = position;
      while (head !== undefined) {
        const next = head.next(context);
        if (next !== undefined) {
          const here = at;
          return follow(next, (then) => from(generators, here, then));
        }
        head = generators[++at];
      }
      return undefined;
    },
    update(event, context) {
      const then = current?.update(event, context);
      return then === current ? this : from(generators, position, then);
    },
  };
}
