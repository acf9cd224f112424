import { NEVER } from '../model.ts';
import { Coverage } from './coverage.ts';
import { Smallest } from './extremes.ts';
import { type Lifetimes, only, sortedBy, type Violation } from './lifetimes.ts';

/*
 * Stacks. A value is certainly there from the completion of its push to the invocation of its pop.
 *
 * 1. If that is no time at all, its push and pop overlap: put next to each other at a moment of both they fit anywhere. Such
 *    values are left out.
 * 2. At a moment at which no value is certainly there, the stack can be taken to be empty: each value is altogether in the past or
 *    altogether in the future. What is before and what is after are judged apart.
 * 3. Where there is no such moment, from the first completion of a push L to the last invocation of a pop R, the stack is never
 *    empty, so one value lies at the bottom for all of that time: its push was invoked before L and its pop completed
 *    after R. Without such a value there is no order. With one, or several, any of them may be taken for the bottom: a
 *    value that can be pushed before everything and popped after everything may be taken out of an order of all and put
 *    around what is left. It is left out, which may uncover moments, and so on.
 *
 * The bottom is a value whose presence or absence decides, in the sense of Lee and Mathur, "Efficient Decrease-and-Conquer
 * Linearizability Monitoring" (2024); Abdulla, Grahn, Jonsson, Krishna and Mishra, "Efficient Linearizability Monitoring" (PLDI 2025)
 * has the partition. Values are in the order of the completions of their pushes, so those of a stretch are a run; once L is
 * past a value's push it stays so in every part of the stretch, and likewise R. Cost: n log n.
 */

/** Values that were never popped are popped after everything. */
const AFTER = NEVER;

export function noBottom(lifetimes: Lifetimes): Violation | undefined {
  const stretch = impossibleStretch(lifetimes);
  if (stretch === undefined) return undefined;
  const { insertion, removal } = lifetimes;
  const values = smallest(lifetimes, stretch);
  return { kind: 'no-bottom', values: values.map((v) => [insertion[v]!, removal[v]!] as const) };
}

/** How many values may be looked at in the search for fewer. */
const LOOKED_AT_MAX = 1_000_000;

/** Leaves out values, many and then fewer at a time, as long as what remains is impossible: a stack stays one without a value. */
function smallest(lifetimes: Lifetimes, stretch: readonly number[]): readonly number[] {
  let values = stretch;
  let lookedAt = 0;
  for (let size = values.length >> 1; size >= 1; size >>= 1) {
    for (let from = 0; from < values.length && lookedAt < LOOKED_AT_MAX; ) {
      const rest = [...values.slice(0, from), ...values.slice(from + size)];
      lookedAt += rest.length;
      const found = impossibleStretch(only(lifetimes, rest));
      if (found === undefined) from += size;
      else values = found.map((v) => rest[v]!);
    }
  }
  return values;
}

/** The values of a stretch of time without a bottom, or undefined: then the stack is one. */
function impossibleStretch({ count, inFrom, inTo, outFrom, outTo }: Lifetimes): number[] | undefined {
  const byPush = sortedBy(inTo, count).filter((v) => inTo[v]! < outFrom[v]!);
  if (byPush.length === 0) return undefined;
  const slots = slotsOf(byPush, inTo, outFrom);
  const coverage = new Coverage(slots.covers);
  /** By their push, those not known to have been pushed early enough; by their pop, the others. */
  const late = new Smallest(byPush.length);
  const early = new Smallest(byPush.length);
  for (let place = 0; place < byPush.length; place++) late.set(place, inFrom[byPush[place]!]!);
  const removed = new Uint8Array(byPush.length);
  /** Runs of slots to be judged; what covers a slot of a run lies within the run. */
  const runs: [from: number, to: number][] = [[0, slots.covers.length]];
  while (runs.length > 0) {
    let [from, to] = runs.pop()!;
    const gap = coverage.firstUncovered(from, to);
    if (gap >= 0) {
      if (gap + 1 < to) runs.push([gap + 1, to]);
      to = gap;
    }
    if (from >= to) continue;
    // Slot k lies between the events k and k + 1: it starts with the push that event k is, or one that was removed.
    const first = slots.placeFrom[from]!;
    const end = slots.placeFrom[to]!;
    const begins = slots.times[from]!;
    const ends = slots.times[to]!;
    for (let place = late.below(begins, first, end); place >= 0; place = late.below(begins, first, end)) {
      late.clear(place);
      early.set(place, -outTo[byPush[place]!]!);
    }
    const bottom = early.below(ends === AFTER ? -AFTER + 1 : -ends, first, end);
    if (bottom < 0) {
      const left: number[] = [];
      for (let place = first; place < end; place++) if (!removed[place]) left.push(byPush[place]!);
      return left;
    }
    early.clear(bottom);
    removed[bottom] = 1;
    coverage.add(slots.from[bottom]!, slots.to[bottom]!, -1);
    runs.push([from, to]);
  }
  return undefined;
}

interface Slots {
  /** Positions of completions of pushes and invocations of pops, in order; slot k lies between the times k and k + 1. */
  readonly times: Int32Array;
  /** How many values are certainly there in each slot. */
  readonly covers: Int32Array;
  /** By place: the slots in which it is there, from and up to, not with. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** The first place whose push is completed at or after each time. */
  readonly placeFrom: Int32Array;
}

function slotsOf(byPush: Int32Array, inTo: Int32Array, outFrom: Int32Array): Slots {
  const count = byPush.length;
  const pops = Float64Array.from(byPush, (v, place) => outFrom[v]! * count + place).sort();
  const times = new Int32Array(2 * count);
  const covers = new Int32Array(2 * count - 1);
  const from = new Int32Array(count);
  const to = new Int32Array(count);
  const placeFrom = new Int32Array(2 * count);
  let cover = 0;
  for (let k = 0, push = 0, pop = 0; k < 2 * count; k++) {
    placeFrom[k] = push;
    const popped = pops[pop]! % count;
    const popTime = (pops[pop]! - popped) / count;
    if (push < count && inTo[byPush[push]!]! < popTime) {
      times[k] = inTo[byPush[push]!]!;
      from[push++] = k;
      cover++;
    } else {
      times[k] = popTime;
      to[popped] = k;
      pop++;
      cover--;
    }
    if (k < covers.length) covers[k] = cover;
  }
  return { times, covers, from, to, placeFrom };
}
