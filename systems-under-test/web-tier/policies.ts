import type { Random } from '../../harness/contract/index.ts';

export type Policy = 'random' | 'round-robin' | 'least-outstanding' | 'power-of-two';

/** Chooses one of at least one candidates; `outstanding`: requests sent to it and not answered. */
export type Choose = (candidates: readonly string[], outstanding: (name: string) => number) => string;

/**
 * - `random`, `round-robin`: blind; fair in the number of requests, and so in load only if all servers are equally fast and, of round robin,
 *   all requests alike.
 * - `least-outstanding`: where fewest requests are open, drawn among equals; the slow one gets less by itself.
 * - `power-of-two`: of two drawn at random, the one with fewer open requests: nearly as good, and looks at two counters only
 *   (Mitzenmacher: "The Power of Two Choices in Randomized Load Balancing", IEEE TPDS 12(10), 2001).
 */
export function policy(name: Policy, random: Random): Choose {
  switch (name) {
    case 'random':
      return (candidates) => random.pick(candidates);
    case 'round-robin': {
      let turn = 0;
      return (candidates) => candidates[turn++ % candidates.length]!;
    }
    case 'least-outstanding':
      return (candidates, outstanding) => {
        const least = Math.min(...candidates.map(outstanding));
        return random.pick(candidates.filter((candidate) => outstanding(candidate) === least));
      };
    case 'power-of-two':
      return (candidates, outstanding) => {
        const first = random.pick(candidates);
        if (candidates.length === 1) return first;
        const second = random.pick(candidates.filter((candidate) => candidate !== first));
        return outstanding(second) < outstanding(first) ? second : first;
      };
  }
}
