import type { Generator, Nanos, Random } from '../contract/index.ts';
import { narrow } from './generator.ts';

/** A change of the rate, so long after the first question: from then on so many operations per second; 0: none. */
export type RateChange = { readonly at: Nanos; readonly perSecond: number };

interface State {
  /** When the first question was asked: times of the changes count from here. */
  readonly start: Nanos;
  /** When the next operation is due; undefined: never again. */
  readonly due: Nanos | undefined;
  readonly nth: number;
}

/**
 * Arrivals of many independent users who do not wait for one another: a Poisson process whose rate changes at stated times. In turn on all
 * threads, so that which thread an operation goes to does not depend on how long others take; a busy thread is passed over. If all are busy, the
 * operation is late, and shifts none of those after it.
 *
 * Each interval is exponential; one that crosses a change of the rate is drawn anew from the change on, which is the same process, as an
 * exponential interval has no memory.
 */
export function arrivals(perSecond: number, changes: readonly RateChange[], generator: Generator): Generator {
  const rates = [{ at: 0, perSecond }, ...changes];
  for (const [nth, { at }] of changes.entries()) {
    if (at < rates[nth]!.at)
      throw new RangeError(
        `arrivals: expected changes of the rate in the order of time, got ${at} after ${rates[nth]!.at}`,
      );
  }
  return arriving(undefined, rates, generator);
}

function arriving(known: State | undefined, rates: readonly RateChange[], generator: Generator): Generator {
  return {
    next(context) {
      const { time, free, threads } = context;
      const state = known ?? { start: time, due: dueAfter(0, time, rates, context.random), nth: 0 };
      const { start, due, nth } = state;
      if (due === undefined) return undefined;
      if (due > time) return { wait: due, rest: arriving(state, rates, generator) };
      const turn = threads[nth % threads.length]!;
      const thread = free.find((candidate) => candidate >= turn) ?? free[0];
      if (thread === undefined) return 'pending';
      const next = generator.next(narrow(context, (candidate) => candidate === thread));
      if (next === undefined || next === 'pending') return next;
      if ('wait' in next) return { wait: next.wait, rest: arriving(state, rates, next.rest) };
      const then = { start, due: dueAfter(due - start, start, rates, context.random), nth: nth + 1 };
      return { emit: { ...next.emit, thread }, rest: arriving(then, rates, next.rest) };
    },
    update(event, context) {
      const then = generator.update(event, context);
      return then === generator ? this : arriving(known, rates, then);
    },
  };
}

/** `after`: nanoseconds since the start. */
function dueAfter(
  after: Nanos,
  start: Nanos,
  rates: readonly RateChange[],
  random: Random,
): Nanos | undefined {
  let from = after;
  for (let nth = rates.findLastIndex(({ at }) => at <= after); nth < rates.length; nth++) {
    const until = rates[nth + 1]?.at ?? Number.POSITIVE_INFINITY;
    const { perSecond } = rates[nth]!;
    if (perSecond > 0) {
      const due = from + random.exponential(Math.round(1e9 / perSecond));
      if (due < until) return start + due;
    }
    from = until;
  }
  return undefined;
}
