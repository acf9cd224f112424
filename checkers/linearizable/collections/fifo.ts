import { type Lifetimes, sortedBy, type Violation } from './lifetimes.ts';

/**
 * A queue keeps its order if and only if no two values contradict it: a put in before b was (certainly), and b taken out before a
 * was. Cost: n log n.
 *
 * Henzinger, Sezgin and Vafeiadis, "Aspect-oriented linearizability proofs" (CONCUR 2013), VOrd; Bouajjani, Emmi, Enea and Hamza, "On
 * reducing linearizability to state reachability" (ICALP 2015).
 */
export function outOfOrder(lifetimes: Lifetimes): Violation | undefined {
  const { count, inFrom, inTo, outFrom, outTo, insertion, removal } = lifetimes;
  const byCompletion = sortedBy(inTo, count);
  const byInvocation = sortedBy(inFrom, count);
  /** Of the values put in before, the one that was taken out last. */
  let latest = -1;
  let next = 0;
  for (const v of byInvocation) {
    while (next < count && inTo[byCompletion[next]!]! < inFrom[v]!) {
      const before = byCompletion[next++]!;
      if (latest < 0 || outFrom[before]! > outFrom[latest]!) latest = before;
    }
    if (latest < 0 || outTo[v]! >= outFrom[latest]!) continue;
    return {
      kind: 'order',
      insertion: insertion[latest]!,
      removal: removal[latest]!,
      laterInsertion: insertion[v]!,
      earlierRemoval: removal[v]!,
    };
  }
  return undefined;
}
