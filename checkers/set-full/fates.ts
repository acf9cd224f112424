import type { SetEvidence } from './evidence.ts';

/**
 * What became of an element:
 * - `stable`: it was seen, and no read that was invoked after all sightings were over lacks it;
 * - `lost`: it was there (acknowledged, or seen), and a read that was invoked after that, and after all sightings were over, lacks it;
 * - `neverRead`: acknowledged, but no read was invoked after that, and none saw it;
 * - `unconfirmed`: its adds are indeterminate and nobody saw it: it may not be there, and nothing follows;
 * - `failed`: all its adds certainly failed.
 */
export type Fate = 'stable' | 'lost' | 'neverRead' | 'unconfirmed' | 'failed';

export interface ElementFate {
  readonly fate: Fate;
  /** Stable or lost, and it was missing from a read that was invoked after it was known to be there. */
  readonly stale: boolean;
  /** Index and time of the event by which it was certainly there; -1 where that is never known. */
  readonly knownAt: number;
  readonly knownTime: number;
}

/**
 * The fate of one element. It is known to be there from the completion of the first acknowledged add, or of the first read that saw it, whichever
 * is earlier: sets only grow. Cost: constant.
 */
export function fateOf(set: SetEvidence, element: number): ElementFate {
  const { adds, reads } = set;
  const add = adds[set.acknowledged[element]!]?.completion;
  const sight = reads[set.firstSeen[element]!]?.completion;
  const known =
    add === undefined || (sight !== undefined && sight.index < add.index) ? (sight ?? undefined) : add;
  if (known === undefined) {
    const fate = set.firstAdd[element]! < 0 ? 'failed' : 'unconfirmed';
    return { fate, stale: false, knownAt: -1, knownTime: -1 };
  }
  const absent = reads[set.lastAbsent[element]!]?.invocation.index ?? -1;
  const seenUntil = reads[set.lastSeen[element]!]?.completion.index ?? -1;
  const missed = absent > known.index;
  const fate = missed && absent > seenUntil ? 'lost' : seenUntil >= 0 ? 'stable' : 'neverRead';
  return { fate, stale: missed, knownAt: known.index, knownTime: known.time };
}
