import { sweep } from '../shared/structures.ts';
import type { CounterHistory } from './counter-history.ts';
import { PrefixMinimum } from './prefix-minimum.ts';

/** Upper bounds of reads, by their position among the reads. */
export interface Bounds {
  /** From the adds alone. */
  readonly alone: Float64Array;
  /** From the adds and an earlier read: never larger than `alone`. */
  readonly tightened: Float64Array;
  /** That earlier read; -1 where the adds alone give the bound. */
  readonly earlier: Int32Array;
}

/**
 * The largest value that each read may return. Let r and s be reads, r over before s was invoked. An add is for s - r
 * - nothing if it was over before r was invoked, or invoked after s was over;
 * - its delta if it was acknowledged, invoked after r was over and over before s was invoked;
 * - its delta or nothing in all other cases, if it did not fail.
 * So s - r is at most the sum of the certain ones and of all others that are positive. With the initial value for r that is the bound from
 * the adds alone.
 *
 * The bound is (value of r - positive adds over before r) + negative adds certainly between + positive adds invoked before s is over. The first two are kept for all r
 * that are over, the least of them on top. Lower bounds are upper bounds of the negative counter (`sign` -1). Cost: n log n.
 */
export function upperBounds({ pairs, delta, readAt, initial }: CounterHistory, sign: 1 | -1): Bounds {
  const reads = readAt.reduce((count, at) => (at >= 0 ? count + 1 : count), 0);
  const alone = new Float64Array(reads);
  const tightened = new Float64Array(reads);
  const earlier = new Int32Array(reads).fill(-1);
  const candidates = new PrefixMinimum(reads + 1);
  candidates.push(sign * initial);
  const readOf = [-1];
  /** How many candidates there were when an add was invoked: those reads were over. */
  const overBefore = new Int32Array(pairs.length);
  const positiveOver = new Float64Array(reads);
  let over = 0;
  let negativeOver = 0;
  let invoked = 0;
  sweep(pairs, (position, completes) => {
    const change = sign * delta[position]!;
    const read = readAt[position]!;
    const { completion } = pairs[position]!;
    if (read >= 0 && completes) {
      alone[read] = alone[read]! + invoked;
      tightened[read] = tightened[read]! + invoked;
      candidates.push(sign * (completion?.value as number) - positiveOver[read]!);
      readOf.push(read);
    } else if (read >= 0) {
      alone[read] = sign * initial + negativeOver;
      tightened[read] = candidates.minimum;
      earlier[read] = readOf[candidates.at]!;
      positiveOver[read] = over;
    } else if (!completes) {
      overBefore[position] = candidates.length;
      if (change > 0 && completion?.type !== 'fail') invoked += change;
    } else if (completion?.type === 'ok') {
      if (change > 0) over += change;
      if (change >= 0) return;
      negativeOver += change;
      candidates.addToFirst(overBefore[position]!, change);
    }
  });
  return { alone, tightened, earlier };
}
