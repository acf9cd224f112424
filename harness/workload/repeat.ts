import type { Generator } from '../contract/index.ts';
import { nothing } from './generator.ts';

/**
 * Emits what the generator would emit first, again and again: the generator itself never advances, though it hears of
 * events. Endless, or `times` times.
 */
export function repeat(generator: Generator, times = Number.POSITIVE_INFINITY): Generator {
  if (times <= 0) return nothing;
  return {
    next(context) {
      const next = generator.next(context);
      if (next === undefined || next === 'pending') return next;
      if ('emit' in next) return { emit: next.emit, rest: repeat(generator, times - 1) };
      return { wait: next.wait, rest: repeat(next.rest, times) };
    },
    update(event, context) {
      const then = generator.update(event, context);
      return then === generator ? this : repeat(then, times);
    },
  };
}

/**
 * Runs the generator to its end and then starts it afresh. Endless, or `times` rounds. A generator that is empty from the
 * start ends the cycle.
 */
export function cycle(generator: Generator, times = Number.POSITIVE_INFINITY): Generator {
  return times <= 0 ? nothing : round(generator, generator, times);
}

function round(fresh: Generator, current: Generator, times: number): Generator {
  return {
    next(context) {
      let left = times;
      let next = current.next(context);
      if (next === undefined && --left > 0) next = fresh.next(context);
      if (next === undefined || next === 'pending') return next;
      return 'emit' in next
        ? { emit: next.emit, rest: round(fresh, next.rest, left) }
        : { wait: next.wait, rest: round(fresh, next.rest, left) };
    },
    update(event, context) {
      const then = current.update(event, context);
      return then === current ? this : round(fresh, then, times);
    },
  };
}
