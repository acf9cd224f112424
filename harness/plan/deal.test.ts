import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dealer } from './deal.ts';

const hundredFrom = (from: number) => Array.from({ length: 100 }, (_, nth) => from + nth);

describe('dealer', () => {
  it('gives a seed the same hand whichever were asked for before', () => {
    const inOrder = hundredFrom(0).map(dealer([1, 1, 1, 1, 1, 1], 1));
    const deal = dealer([1, 1, 1, 1, 1, 1], 1);
    for (const seed of [99, 3, 50, 0]) expect(deal(seed)).toEqual(inOrder[seed]);
  });

  it('gives each kind about the same number of any hundred seeds, and one of double weight twice as many', () => {
    const weights = Array.from({ length: 33 }, (_, kind) => (kind === 5 ? 2 : 1));
    const deal = dealer(weights, 1);
    for (const from of [1, 1_001, 77_777]) {
      const counts = weights.map(() => 0);
      for (const seed of hundredFrom(from)) for (const kind of deal(seed).kinds) counts[kind]!++;
      const single = counts.filter((_, kind) => kind !== 5);
      expect(Math.min(...single)).toBeGreaterThanOrEqual(18);
      expect(Math.max(...single) - Math.min(...single)).toBeLessThanOrEqual(5);
      expect(counts[5]! / Math.max(...single)).toBeGreaterThan(1.4);
    }
  });

  it('leaves most kinds out of most seeds, and lets any two meet', () => {
    const kinds = 12;
    const met = new Set<string>();
    const sizes = hundredFrom(1).map((seed) => {
      const hand = dealer(Array(kinds).fill(1), 1)(seed).kinds;
      for (const one of hand) for (const other of hand) if (one < other) met.add(`${one} ${other}`);
      return hand.length;
    });
    expect(sizes.filter((size) => size <= kinds / 2).length).toBeGreaterThan(40);
    expect(met.size).toBe((kinds * (kinds - 1)) / 2);
  });

  it('has cards enough for every round, where the light kinds of a few are in every hand', () => {
    const deal = dealer([2, 2, 1, 1], 1);
    for (let round = 0; round < 200; round++) {
      const hand = deal(48 * round);
      expect(hand.kinds.length).toBeGreaterThan(0);
    }
  });

  it('deals each kind once, and an event for each, however few kinds and however short the time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 40 }),
        fc.double({ min: 1e-9, max: 6, noNaN: true }),
        fc.maxSafeNat(),
        (weights, tens, seed) => {
          const { kinds, events } = dealer(weights, tens)(seed);
          expect(new Set(kinds).size).toBe(kinds.length);
          expect(kinds.length).toBeGreaterThan(0);
          expect(kinds.every((kind) => kind < weights.length)).toBe(true);
          expect(events).toBeGreaterThanOrEqual(kinds.length);
        },
      ),
      { numRuns: 100 },
    );
  });
});
