import type { Steps } from './closed-walk.ts';
import type { CycleStep } from './cycle-classes.ts';

/** Starts of a component for which nothing is spared, so that its cycle is almost certainly the shortest. */
const FEW_STARTS = 1000;
/** Edges looked at for that in one check: about a second. */
const MOST_EDGES = 100_000_000;
/** Edges looked at in a larger component, for each of its edges. */
const PERSISTENCE = 30;

/** Edges worth looking at in a component of so many, where little depends on what is found. */
export function persistence(edges: number): number {
  return edges * PERSISTENCE + 1000;
}

/** The closed walk of fewer than `limit` transactions that begins at a start, if there is one. Means nothing once the steps have run out. */
type Find = (start: number, limit: number, steps: Steps) => CycleStep[] | undefined;

export interface ShortWalk {
  readonly walk: CycleStep[];
  /** Whether it is certain that no start has a shorter one. */
  readonly shortest: boolean;
}

/** Looks for shorter cycles than the first that were found, beside what it takes to find any, within a bound for the whole check. */
export class Shortening {
  private left: number;
  private readonly steps: Steps;

  constructor(steps: Steps) {
    this.steps = steps;
    this.left = Math.min(MOST_EDGES, steps.left);
  }

  /**
   * The shortest walk of a component with so many starts and edges. Tries all starts for a walk of two, then of up to four, eight, and so on: a short
   * one is found even where the component is so large that not a single start could be followed to the end.
   */
  shorten(first: CycleStep[], starts: number, edges: number, find: Find): ShortWalk {
    const allowed = Math.min(this.left, starts <= FEW_STARTS ? this.left : persistence(edges));
    const steps: Steps = { ...this.steps, left: allowed };
    let walk = first;
    let shortest = walk.length === 2;
    for (let limit = 3; !shortest && steps.left >= 0; limit = 2 * limit - 1) {
      // All walks of fewer transactions than this are found in this round.
      const bound = Math.min(limit, walk.length);
      for (let start = 0; start < starts && steps.left >= 0; start++) {
        const found = find(start, Math.min(bound, walk.length), steps);
        if (found !== undefined && steps.left >= 0) walk = found;
      }
      shortest = steps.left >= 0 && walk.length <= bound;
    }
    this.left = Math.max(0, this.left - (allowed - steps.left));
    return { walk, shortest };
  }
}
