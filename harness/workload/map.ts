import type { Generator, GeneratorContext, Request } from '../contract/index.ts';

/**
 * Changes each request by a pure function. The generator itself hears of the changed requests in `update`, since those
 * are what happened.
 */
export function map(
  change: (request: Request, context: GeneratorContext) => Request,
  generator: Generator,
): Generator {
  return {
    next(context) {
      const next = generator.next(context);
      if (next === undefined || next === 'pending') return next;
      if (!('emit' in next)) return { wait: next.wait, rest: map(change, next.rest) };
      const { thread, time } = next.emit;
      return { emit: { ...change(next.emit, context), thread, time }, rest: map(change, next.rest) };
    },
    update(event, context) {
      const then = generator.update(event, context);
      return then === generator ? this : map(change, then);
    },
  };
}

/** Requests passed over in one question at most: a predicate that nothing meets must not hang the harness. */
const PASSED_OVER_MAX = 100_000;

/**
 * Only the requests that meet the predicate; others are passed over at once.
 * @throws RangeError after passing over 100,000 in a row.
 */
export function filter(keep: (request: Request) => boolean, generator: Generator): Generator {
  return {
    next(context) {
      let current = generator;
      for (let passed = 0; passed < PASSED_OVER_MAX; passed++) {
        const next = current.next(context);
        if (next === undefined || next === 'pending') return next;
        if (!('emit' in next)) return { wait: next.wait, rest: filter(keep, next.rest) };
        if (keep(next.emit)) return { emit: next.emit, rest: filter(keep, next.rest) };
        current = next.rest;
      }
      throw new RangeError(
        `filter: expected a request that meets the predicate, passed over ${PASSED_OVER_MAX}`,
      );
    },
    update(event, context) {
      const then = generator.update(event, context);
      return then === generator ? this : filter(keep, then);
    },
  };
}
