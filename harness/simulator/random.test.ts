import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, hashString, mix } from './random.ts';

/** Pearson's statistic of counts that should be equal. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

function histogram(draws: number, cells: number, draw: (nth: number) => number): number[] {
  const counts = new Array<number>(cells).fill(0);
  for (let nth = 0; nth < draws; nth++) counts[draw(nth)]!++;
  return counts;
}

/** The 99.9th percentile of chi-square with 15 and with 255 degrees of freedom. */
const CHI_SQUARE_15 = 37.7;
const CHI_SQUARE_255 = 330.5;

describe('createRandom', () => {
  it('gives the same pinned stream for a seed, on every machine', () => {
    const random = createRandom('sixways');
    expect(Array.from({ length: 6 }, () => random.uint32())).toEqual([
      2421274051, 481398705, 2835189311, 3368513004, 174232409, 2340899089,
    ]);
    expect(random.fraction()).toBe(0.9329663622193038);
    expect(Array.from({ length: 6 }, () => random.integer(-3, 3))).toEqual([3, -1, 1, 1, -2, 0]);
    expect(Array.from({ length: 3 }, () => random.integer(0, 2 ** 53 - 1))).toEqual([
      7948074311222999, 8636472057085571, 2307124837571465,
    ]);
    expect(Array.from({ length: 6 }, () => random.exponential(1_000_000))).toEqual([
      1592790, 183540, 807890, 1148556, 149051, 93968,
    ]);
    expect(Array.from({ length: 6 }, () => random.chance(0.5))).toEqual([
      false,
      true,
      true,
      true,
      false,
      true,
    ]);
    expect(random.shuffle(['a', 'b', 'c', 'd', 'e'])).toEqual(['c', 'a', 'b', 'e', 'd']);
    expect(random.pick(['a', 'b', 'c', 'd', 'e'])).toBe('a');
  });

  it('gives equal streams for equal seeds and different ones for different seeds', () => {
    const stream = (seed: string) => {
      const random = createRandom(seed);
      return Array.from({ length: 20 }, () => random.uint32());
    };
    expect(stream('7/network')).toEqual(stream('7/network'));
    expect(stream('7/network')).not.toEqual(stream('8/network'));
  });

  it('refuses an empty seed', () => {
    expect(() => createRandom('')).toThrow(new RangeError('expected a seed, got an empty string'));
  });

  it('draws uint32 uniformly in the high and in the low byte', () => {
    const high = createRandom('high');
    const low = createRandom('low');
    expect(chiSquare(histogram(100_000, 256, () => high.uint32() >>> 24))).toBeLessThan(CHI_SQUARE_255);
    expect(chiSquare(histogram(100_000, 256, () => low.uint32() & 255))).toBeLessThan(CHI_SQUARE_255);
  });

  it('draws first values of numbered seeds uniformly, and independently of the number', () => {
    const first = (nth: number) => createRandom(`seed/${nth}`).uint32();
    expect(chiSquare(histogram(20_000, 256, (nth) => first(nth) >>> 24))).toBeLessThan(CHI_SQUARE_255);
    expect(chiSquare(histogram(20_000, 256, (nth) => (first(nth + 1) - first(nth)) >>> 24))).toBeLessThan(
      CHI_SQUARE_255,
    );
  });

  it('draws integers uniformly with both ends, also where the span does not divide 2^32 or exceeds it', () => {
    const random = createRandom('integers');
    expect(chiSquare(histogram(32_000, 16, () => random.integer(5, 20) - 5))).toBeLessThan(CHI_SQUARE_15);
    const span = 3 * 2 ** 30;
    expect(
      chiSquare(histogram(32_000, 16, () => Math.floor(random.integer(0, span - 1) / (span / 16)))),
    ).toBeLessThan(CHI_SQUARE_15);
    const wide = 3 * 2 ** 51;
    expect(
      chiSquare(histogram(32_000, 16, () => Math.floor(random.integer(0, wide - 1) / (wide / 16)))),
    ).toBeLessThan(CHI_SQUARE_15);
  });

  it('keeps integers within any range', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.maxSafeInteger(), fc.nat(2 ** 33), (seed, from, more) => {
        const to = Math.min(from + more, Number.MAX_SAFE_INTEGER);
        const drawn = createRandom(seed).integer(from, to);
        return Number.isInteger(drawn) && drawn >= from && drawn <= to;
      }),
      { seed: 1 },
    );
  });

  it.each([
    [1, 0],
    [0.5, 2],
    [0, Number.NaN],
    [-(2 ** 53) + 1, 2 ** 53 - 1],
  ])('refuses the range %d..%d', (from, to) => {
    expect(() => createRandom('s').integer(from, to)).toThrow(RangeError);
  });

  it('takes chances at their probability, never at 0 and always at 1', () => {
    const random = createRandom('chances');
    const taken = (probability: number) =>
      histogram(10_000, 2, () => (random.chance(probability) ? 1 : 0))[1];
    expect(taken(0)).toBe(0);
    expect(taken(1)).toBe(10_000);
    expect(taken(0.3)).toBeGreaterThan(2_850);
    expect(taken(0.3)).toBeLessThan(3_150);
  });

  it('picks and shuffles evenly, and refuses to pick from nothing', () => {
    const random = createRandom('picks');
    const items = ['a', 'b', 'c', 'd'];
    expect(chiSquare(histogram(10_000, 4, () => items.indexOf(random.pick(items))))).toBeLessThan(16.3);
    const orders = new Map<string, number>();
    for (let nth = 0; nth < 24_000; nth++) {
      const order = random.shuffle(items).join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(24);
    expect(chiSquare([...orders.values()])).toBeLessThan(49.7);
    expect(items).toEqual(['a', 'b', 'c', 'd']);
    expect(() => random.pick([])).toThrow('expected at least one item to pick from, got none');
  });

  it('draws exponentially: mean, variance and the share beyond one and three means', () => {
    const random = createRandom('exponential');
    const draws = Array.from({ length: 100_000 }, () => random.exponential(1_000_000) / 1_000_000);
    const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
    const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length;
    expect(mean).toBeCloseTo(1, 1.5);
    expect(variance).toBeCloseTo(1, 1);
    expect(draws.filter((x) => x > 1).length / draws.length).toBeCloseTo(0.3679, 2);
    expect(draws.filter((x) => x > 3).length / draws.length).toBeCloseTo(0.0498, 2);
    expect(draws.every((x) => x >= 0)).toBe(true);
  });

  it('draws exponentially with mean 0 as 0, and refuses no mean', () => {
    expect(createRandom('s').exponential(0)).toBe(0);
    expect(() => createRandom('s').exponential(-1)).toThrow('expected a mean of 0 to 2^53, got -1');
    expect(() => createRandom('s').exponential(Number.NaN)).toThrow(RangeError);
  });
});

describe('mix and hashString', () => {
  it('give pinned values', () => {
    expect([mix(0, 0, 0, 0), mix(1, 2, 3, 4), mix(0xffffffff, -1, 2 ** 31, 7)]).toEqual([
      3644920907, 3568513587, 1136318792,
    ]);
    expect([hashString(''), hashString('a'), hashString('network')]).toEqual([
      2872998923, 444641715, 3501969066,
    ]);
  });

  it('is uniform over consecutive keys, in each argument', () => {
    const keyed: ((nth: number) => number)[] = [
      (nth) => mix(nth, 1, 2, 3),
      (nth) => mix(1, nth, 2, 3),
      (nth) => mix(1, 2, nth, 3),
      (nth) => mix(1, 2, 3, nth),
      (nth) => hashString(`n${nth}`),
    ];
    for (const draw of keyed) {
      expect(chiSquare(histogram(50_000, 256, (nth) => draw(nth) >>> 24))).toBeLessThan(CHI_SQUARE_255);
      expect(chiSquare(histogram(50_000, 256, (nth) => draw(nth) & 255))).toBeLessThan(CHI_SQUARE_255);
    }
  });

  it('changes about half of the bits when one bit of a key changes', () => {
    let changed = 0;
    for (let key = 0; key < 1_000; key++) {
      let difference = mix(9, key, 0, 0) ^ mix(9, key ^ (1 << (key % 32)), 0, 0);
      for (; difference !== 0; difference &= difference - 1) changed++;
    }
    expect(changed / 32_000).toBeCloseTo(0.5, 1.5);
  });

  it('tells the arguments apart by their place', () => {
    expect(new Set([mix(1, 2, 3, 4), mix(1, 3, 2, 4), mix(1, 4, 3, 2), mix(2, 1, 3, 4)]).size).toBe(4);
  });
});
