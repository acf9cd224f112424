import type { Generator, Nanos } from '../contract/index.ts';
import { nothing } from './generator.ts';

/** Emits nothing later than this long after it was first asked. */
export function timeLimit(duration: Nanos, generator: Generator): Generator {
  return {
    next: (context) => endingAt(context.time + duration, generator).next(context),
    update(event, context) {
      const then = generator.update(event, context);
      return then === generator ? this : timeLimit(duration, then);
    },
  };
}

function endingAt(end: Nanos, generator: Generator): Generator {
  return {
    next(context) {
      if (context.time >= end) return undefined;
      const next = generator.next(context);
      if (next === undefined) return undefined;
      // Even a pending one must be asked again at the end: somebody may wait for that.
      if (next === 'pending') return { wait: end, rest: endingAt(end, generator) };
      if ('wait' in next) return { wait: Math.min(end, next.wait), rest: endingAt(end, next.rest) };
      if ((next.emit.time ?? 0) >= end) return { wait: end, rest: nothing };
      return { emit: next.emit, rest: endingAt(end, next.rest) };
    },
    update(event, context) {
      const then = generator.update(event, context);
      return then === generator ? this : endingAt(end, then);
    },
  };
}

/** Emits nothing for this long after it was first asked, and is then exhausted: a pause within a `concat`. */
export function sleep(duration: Nanos): Generator {
  return {
    next: (context) => ({ wait: context.time + duration, rest: until(context.time + duration) }),
    update() {
      return this;
    },
  };
}

function until(end: Nanos): Generator {
  return {
    next(context) {
      return context.time >= end ? undefined : { wait: end, rest: this };
    },
    update() {
      return this;
    },
  };
}
