import { describe, expect, it } from 'vitest';
import { randomOf } from '../simulator/index.ts';
import { meanDifference } from './resample.ts';

describe('meanDifference', () => {
  it('is nothing without pairs, and exact without spread', () => {
    expect(meanDifference([])).toBeUndefined();
    expect(meanDifference([3, 3, 3])).toEqual({ mean: 3, from: 3, to: 3 });
  });

  it('gives the same interval every time', () => {
    const differences = [1, 5, 2, 9, 4, 4, 7];
    expect(meanDifference(differences)).toEqual(meanDifference([...differences]));
  });

  it('covers the true mean about as often as it says', () => {
    const random = randomOf(1, 'test');
    let covered = 0;
    for (let trial = 0; trial < 200; trial++) {
      const found = meanDifference(Array.from({ length: 50 }, () => random.integer(-100, 100)))!;
      if (found.from <= 0 && found.to >= 0) covered++;
    }
    expect(covered).toBeGreaterThan(178);
    expect(covered).toBeLessThan(199);
  });
});
