import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FirstKept, minimise } from './minimise.ts';

/** Keeps whatever fulfils the predicate, and counts how many candidates were asked. */
function asking<T>(fails: (items: readonly T[]) => boolean): {
  firstKept: FirstKept<readonly T[]>;
  asked: () => number;
} {
  let asked = 0;
  return {
    asked: () => asked,
    async firstKept(count, make) {
      for (let nth = 0; nth < count; nth++) {
        asked++;
        if (fails(make(nth))) return nth;
      }
      return undefined;
    },
  };
}

describe('minimise', () => {
  it('finds exactly the items that matter, in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 300 }),
        fc.infiniteStream(fc.nat()),
        fc.nat({ max: 6 }),
        async (length, draws, needed) => {
          const items = Array.from({ length }, (_, nth) => nth);
          const wanted = new Set([...draws.take(Math.min(needed, length))].map((draw) => draw % length));
          const { firstKept } = asking<number>((left) => [...wanted].every((item) => left.includes(item)));
          expect(await minimise(items, firstKept)).toEqual([...wanted].sort((a, b) => a - b));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('leaves nothing that could be removed alone, even if failures are not monotonous', async () => {
    const fails = (left: readonly number[]) => left.length % 3 === 2 && left.includes(1);
    const left = await minimise(
      Array.from({ length: 20 }, (_, nth) => nth),
      asking(fails).firstKept,
    );
    expect(fails(left)).toBe(true);
    for (const item of left) expect(fails(left.filter((other) => other !== item))).toBe(false);
  });

  it('needs few candidates for few items out of many', async () => {
    const wanted = [17, 400, 401, 1800];
    const { firstKept, asked } = asking<number>((left) => wanted.every((item) => left.includes(item)));
    const items = Array.from({ length: 2000 }, (_, nth) => nth);
    expect(await minimise(items, firstKept)).toEqual(wanted);
    expect(asked()).toBeLessThan(150);
  });

  it('asks only once when nothing matters', async () => {
    const { firstKept, asked } = asking<number>(() => true);
    expect(await minimise([1, 2, 3], firstKept)).toEqual([]);
    expect(asked()).toBe(1);
  });
});
