import { randomOf } from '../simulator/index.ts';

const RESAMPLES = 1000;
/** Two-sided, 95 %. */
const TAIL = 0.025;

/** The mean of paired differences, and the interval in which it lies with 95 % confidence. */
export interface Difference {
  readonly mean: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Percentile bootstrap of the mean (Efron 1979): pairs are drawn again with replacement, a thousand times, from a stream that depends on the number of pairs
 * alone, so that the same differences always give the same interval. Undefined without pairs. Cost: 1000 n.
 */
export function meanDifference(differences: readonly number[]): Difference | undefined {
  const n = differences.length;
  if (n === 0) return undefined;
  const draws = drawsFor(n);
  const means = new Float64Array(RESAMPLES);
  for (let sample = 0; sample < RESAMPLES; sample++) {
    let sum = 0;
    for (let at = sample * n; at < (sample + 1) * n; at++) sum += differences[draws[at]!]!;
    means[sample] = sum / n;
  }
  means.sort();
  const mean = differences.reduce((sum, difference) => sum + difference, 0) / n;
  return {
    mean,
    from: means[Math.floor(TAIL * RESAMPLES)]!,
    to: means[Math.ceil((1 - TAIL) * RESAMPLES) - 1]!,
  };
}

/** The same pairs for every figure and system. */
let latest: { readonly n: number; readonly draws: Int32Array } | undefined;

function drawsFor(n: number): Int32Array {
  if (latest?.n !== n) {
    const random = randomOf(n, 'compare/resample');
    latest = { n, draws: Int32Array.from({ length: RESAMPLES * n }, () => random.integer(0, n - 1)) };
  }
  return latest.draws;
}
