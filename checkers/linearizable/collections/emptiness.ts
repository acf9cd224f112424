import type { Calls } from '../model.ts';
import { type Lifetimes, sortedBy, type Violation } from './lifetimes.ts';

/**
 * A value is certainly there from the completion of its insertion to the invocation of its removal. Found empty is possible if
 * and only if at some moment of the operation no value is certainly there: at such a moment each value can be altogether in the past
 * or altogether in the future, whichever its operations allow, and every order of the past followed by one of the future is
 * an order of the whole. (For containers in which this last is so: bags, queues, stacks.) Cost: n log n.
 *
 * Henzinger, Sezgin and Vafeiadis, "Aspect-oriented linearizability proofs" (CONCUR 2013), VWit.
 */
export function neverEmpty(lifetimes: Lifetimes, { invoked, returned }: Calls): Violation | undefined {
  const { inTo, outFrom, insertion, removal, empties, count } = lifetimes;
  if (empties.length === 0) return undefined;
  const order = sortedBy(inTo, count).filter((v) => inTo[v]! < outFrom[v]!);
  /** The time during which some value is certainly there, as disjoint spans in order. */
  const starts: number[] = [];
  const ends: number[] = [];
  for (const v of order) {
    const last = ends.length - 1;
    if (last >= 0 && inTo[v]! < ends[last]!) ends[last] = Math.max(ends[last]!, outFrom[v]!);
    else {
      starts.push(inTo[v]!);
      ends.push(outFrom[v]!);
    }
  }
  const empty = empties.find((n) => {
    const span = lastBefore(starts, invoked[n]!);
    return span >= 0 && ends[span]! > returned[n]!;
  });
  if (empty === undefined) return undefined;
  const chain: (readonly [number, number])[] = [];
  let until = invoked[empty]!;
  // Of the values that are there by then, always the one that stays the longest: the fewest that bridge the time.
  for (let next = 0; until < returned[empty]!; ) {
    let longest = -1;
    while (next < order.length && inTo[order[next]!]! < until) {
      const v = order[next++]!;
      if (longest < 0 || outFrom[v]! > outFrom[longest]!) longest = v;
    }
    chain.push([insertion[longest]!, removal[longest]!]);
    until = outFrom[longest]!;
  }
  return { kind: 'never-empty', empty, chain };
}

function lastBefore(sorted: readonly number[], position: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < position) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
