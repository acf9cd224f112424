import type { Json } from '../../../harness/contract/index.ts';
import type { DataType } from './data-type.ts';

/** By actor: what it has added in all, and what it has taken away. Both only grow. */
type Counts = { readonly [actor: string]: readonly [added: number, taken: number] };

const ZERO = [0, 0] as const;

/**
 * A counter that goes up and down: two that only grow, with an entry for each actor (report, section 3.1.3). A flaw compares what an actor has added less what it has taken: where that
 * went down, the older entry seems to be the newer one.
 */
export function counter(comparesNet: boolean): DataType {
  return {
    apply(current, { value, actor }) {
      if (typeof value !== 'number' || value === 0) return current;
      const counts = (current ?? {}) as Counts;
      const [added, taken] = counts[actor] ?? ZERO;
      return { ...counts, [actor]: [added + Math.max(0, value), taken + Math.max(0, -value)] };
    },
    merge(a, b) {
      const merged: { [actor: string]: readonly [number, number] } = { ...(a as Counts) };
      let isMore = false;
      for (const [actor, [added, taken]] of Object.entries(b as Counts)) {
        const [mine, minus] = merged[actor] ?? ZERO;
        if (comparesNet ? added - taken <= mine - minus : added <= mine && taken <= minus) continue;
        merged[actor] = comparesNet ? [added, taken] : [Math.max(mine, added), Math.max(minus, taken)];
        isMore = true;
      }
      return isMore ? merged : a;
    },
    show(state) {
      let sum = 0;
      for (const [added, taken] of Object.values((state ?? {}) as Counts)) sum += added - taken;
      return sum as Json;
    },
  };
}
