import type { Pairs } from '../harness/contract/index.ts';

/**
 * Partitions as data: which directed pairs of hosts no longer reach each other. Pure functions of names; nothing is cut here.
 * Orders are kept, so equal arguments give equal pairs.
 */

/** Cuts both directions between each host of one side and each of the other. */
export function between(side: readonly string[], other: readonly string[]): Pairs {
  return side.flatMap((a) =>
    other.flatMap((b): (readonly [string, string])[] => [
      [a, b],
      [b, a],
    ]),
  );
}

/** Those who are not on this side. */
export function othersThan(side: readonly string[], everyone: readonly string[]): string[] {
  const here = new Set(side);
  return everyone.filter((host) => !here.has(host));
}

/** Two sides that hear nothing of each other: this one and everyone else. */
export function halves(side: readonly string[], everyone: readonly string[]): Pairs {
  return between(side, othersThan(side, everyone));
}

/** As `halves`, but one host belongs to both sides and reaches everyone. */
export function bridge(over: string, side: readonly string[], everyone: readonly string[]): Pairs {
  const first = othersThan([over], side);
  return between(first, othersThan([...first, over], everyone));
}

/** Nobody else hears this side (`out`), or it hears nobody else (`in`); the other direction works. */
export function oneWay(side: readonly string[], everyone: readonly string[], direction: 'out' | 'in'): Pairs {
  return othersThan(side, everyone).flatMap((other) =>
    side.map((host): readonly [string, string] => (direction === 'out' ? [host, other] : [other, host])),
  );
}

/** No two of these hosts reach each other. */
export function apart(hosts: readonly string[]): Pairs {
  return hosts.flatMap((host, nth) => between([host], hosts.slice(nth + 1)));
}

/**
 * Whom each position of a ring of n hosts sees, itself included: everyone sees a majority, no two see the same one, and seeing
 * is mutual. From 5 on each sees its nearest neighbours on both sides and, where a majority needs one more, the host opposite;
 * if n is odd nobody is opposite, and both neighbours one step farther are seen instead. Three hosts stand in a line: only
 * the one in the middle sees both others. With fewer than three it is impossible.
 * @throws RangeError below three.
 */
export function ringOfMajorities(n: number): number[][] {
  if (!Number.isInteger(n) || n < 3)
    throw new RangeError(`expected at least 3 hosts for a ring of majorities, got ${n}`);
  if (n === 3)
    return [
      [0, 1],
      [0, 1, 2],
      [1, 2],
    ];
  const others = Math.floor(n / 2);
  const opposite = others % 2 === 1 && n % 2 === 0;
  const reach = opposite ? (others - 1) / 2 : Math.ceil(others / 2);
  return Array.from({ length: n }, (_, at) => {
    const seen = new Set<number>();
    for (let step = -reach; step <= reach; step++) seen.add((at + step + n) % n);
    if (opposite) seen.add((at + n / 2) % n);
    return [...seen].sort((a, b) => a - b);
  });
}

/**
 * Cuts these hosts, in this order, into a ring of majorities. Everyone else (clients) is put beside one of them in turn and sees
 * whom that one sees.
 * @throws RangeError for fewer than three hosts.
 */
export function majoritiesRing(ring: readonly string[], everyone: readonly string[]): Pairs {
  const views = ringOfMajorities(ring.length);
  const cuts: (readonly [string, string])[] = [];
  for (const [at, host] of ring.entries()) {
    for (const [other, name] of ring.entries()) {
      if (!views[at]!.includes(other)) cuts.push([host, name]);
    }
  }
  for (const [nth, client] of othersThan(ring, everyone).entries()) {
    const view = views[nth % ring.length]!;
    const unseen = ring.filter((_, at) => !view.includes(at));
    cuts.push(...between([client], unseen));
  }
  return cuts;
}
