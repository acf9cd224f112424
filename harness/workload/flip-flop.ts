import type { Generator } from '../contract/index.ts';

/** An operation of the first, one of the second, one of the first, and so on until the one whose turn it is has no more. */
export function flipFlop(first: Generator, second: Generator): Generator {
  return {
    next(context) {
      const next = first.next(context);
      if (next === undefined || next === 'pending') return next;
      if ('emit' in next) return { emit: next.emit, rest: flipFlop(second, next.rest) };
      return { wait: next.wait, rest: flipFlop(next.rest, second) };
    },
    update(event, context) {
      const one = first.update(event, context);
      const two = second.update(event, context);
      return one === first && two === second ? this : flipFlop(one, two);
    },
  };
}
