import fc, { type Arbitrary } from 'fast-check';

/**
 * The value that a seed draws from an arbitrary: the same for the same seed, arbitrary and version of fast-check. Without fast-check's
 * bias towards small values in first runs: seeds are not runs of one property.
 */
export function drawFrom<T>(arbitrary: Arbitrary<T>, seed: number): T {
  const [value] = fc.sample(fc.noBias(arbitrary), {
    seed: fold(seed),
    numRuns: 1,
    randomType: 'xoroshiro128plus',
  });
  return value as T;
}

/** fast-check takes 32 bits; seeds up to 2^32 keep theirs, larger ones mix the rest in. */
function fold(seed: number): number {
  const high = Math.floor(seed / 2 ** 32);
  return ((seed % 2 ** 32) | 0) ^ Math.imul(high, 0x9e3779b1);
}
