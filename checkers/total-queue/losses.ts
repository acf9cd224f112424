import { NEVER } from '../shared/structures.ts';
import type { QueueHistory } from './queue-history.ts';

export interface Losses {
  /** Positions of acknowledged enqueues that never came out though they had to, by deadline. */
  readonly missing: readonly number[];
  /** Acknowledged enqueues that never came out, and may still be there. */
  readonly remaining: number;
  /** How many of the missing must be lost at least: the others may have been taken by dequeues and drains of which nobody knows. */
  readonly lost: number;
  /** The first so many of the missing prove it. */
  readonly proof: number;
  /** How many dequeues, of those of which nobody knows, may have taken some of these. */
  readonly excuses: number;
}

/**
 * An indeterminate dequeue takes one element at most, at any time from its invocation on; an indeterminate drain takes any number. So of the missing with a deadline up to
 * t as many are accounted for as there are indeterminate dequeues invoked before t. (These sets grow with t, so by Hall's theorem nothing else needs to be
 * asked.) Cost: n log n.
 */
export function lossesOf(
  { entered, unknownDequeues, unknownDrains }: QueueHistory,
  matched: Uint8Array,
  deadlines: Int32Array,
): Losses {
  const drainedFrom = unknownDrains[0]?.invocation.index ?? NEVER;
  const missing: number[] = [];
  let remaining = 0;
  for (let at = 0; at < entered.length; at++) {
    if (matched[at] === 1 || entered[at]!.by.completion?.type !== 'ok') continue;
    const deadline = deadlines[at]!;
    if (deadline === NEVER || drainedFrom < deadline) remaining++;
    else missing.push(at);
  }
  missing.sort((a, b) => deadlines[a]! - deadlines[b]! || a - b);
  let lost = 0;
  let proof = 0;
  let excuses = 0;
  let dequeues = 0;
  for (let count = 1; count <= missing.length; count++) {
    const deadline = deadlines[missing[count - 1]!]!;
    while (dequeues < unknownDequeues.length && unknownDequeues[dequeues]!.invocation.index < deadline) {
      dequeues++;
    }
    if (count - dequeues <= lost) continue;
    lost = count - dequeues;
    proof = count;
    excuses = dequeues;
  }
  return { missing, remaining, lost, proof, excuses };
}
