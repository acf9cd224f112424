import type { Generator } from '../contract/index.ts';

/** A generator and how often it is chosen relative to the others. */
export type Share = readonly [weight: number, generator: Generator];

/**
 * Each operation comes from one of the generators, drawn anew with their weights (1 where none is given). An exhausted one
 * drops out; one that has nothing now is passed over in favour of the next. All of them hear of all events.
 */
export function mix(...generators: readonly (Generator | Share)[]): Generator {
  return mixed(generators.map((item) => ('next' in item ? ([1, item] as const) : item)));
}

function mixed(shares: readonly Share[]): Generator {
  return {
    next(context) {
      if (context.free.length === 0) return shares.length === 0 ? undefined : 'pending';
      let left = shares;
      let pending = false;
      let wait: number | undefined;
      const random = context.random;
      const tried = new Set<Generator>();
      while (tried.size < left.length) {
        let at = choose(left, random.fraction());
        while (tried.has(left[at]![1])) at = (at + 1) % left.length;
        const [weight, generator] = left[at]!;
        const next = generator.next(context);
        if (next === undefined) left = left.toSpliced(at, 1);
        else if (next === 'pending') {
          pending = true;
          tried.add(generator);
        } else {
          const then = left.with(at, [weight, next.rest]);
          if ('emit' in next) return { emit: next.emit, rest: mixed(then) };
          wait = Math.min(wait ?? next.wait, next.wait);
          left = then;
          tried.add(next.rest);
        }
      }
      if (wait !== undefined) return { wait, rest: mixed(left) };
      return pending ? 'pending' : undefined;
    },
    update(event, context) {
      let changed = false;
      const then = shares.map((share): Share => {
        const generator = share[1].update(event, context);
        if (generator === share[1]) return share;
        changed = true;
        return [share[0], generator];
      });
      return changed ? mixed(then) : this;
    },
  };
}

/** Position of the share that a fraction in [0, 1) falls into. */
function choose(shares: readonly Share[], fraction: number): number {
  let total = 0;
  for (const [weight] of shares) total += weight;
  let rest = fraction * total;
  for (let at = 0; at < shares.length - 1; at++) {
    rest -= shares[at]![0];
    if (rest < 0) return at;
  }
  return shares.length - 1;
}
