import type { Generator, Nanos, Next, Random } from '../contract/index.ts';

export interface StaggerOptions {
  /** How the intervals lie around the mean: exponentially (arrivals of many independent users), or uniformly in [0, 2 × mean]. */
  readonly distribution?: 'exponential' | 'uniform';
}

/**
 * Leaves drawn intervals between operations, this long in the mean, over all threads. An operation that comes late (no
 * thread was free) is not made up for: the next interval begins with it.
 */
export function stagger(mean: Nanos, generator: Generator, options: StaggerOptions = {}): Generator {
  const interval =
    options.distribution === 'uniform'
      ? (random: Random) => random.integer(0, 2 * mean)
      : (random: Random) => random.exponential(mean);
  return spaced(undefined, interval, generator);
}

/** Leaves at least this interval between operations, over all threads. */
export function delay(interval: Nanos, generator: Generator): Generator {
  return spaced(undefined, () => interval, generator);
}

function spaced(
  due: Nanos | undefined,
  interval: (random: Random) => Nanos,
  generator: Generator,
): Generator {
  return {
    next(context): Next {
      if (due !== undefined && due > context.time) return { wait: due, rest: this };
      const next = generator.next(context);
      if (next === undefined || next === 'pending') return next;
      if ('wait' in next) return { wait: next.wait, rest: spaced(due, interval, next.rest) };
      const at = Math.max(context.time, next.emit.time ?? 0);
      return { emit: next.emit, rest: spaced(at + interval(context.random), interval, next.rest) };
    },
    update(event, context) {
      const then = generator.update(event, context);
      return then === generator ? this : spaced(due, interval, then);
    },
  };
}
