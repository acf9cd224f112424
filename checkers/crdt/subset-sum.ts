/** Elementary steps of one question; beyond that only bounds are known. */
const MOST_STEPS = 1 << 24;

/**
 * Whether some of the deltas sum up to exactly the target. Exact by dynamic programming over the range of possible sums where that is small: cost of the number of different
 * deltas times the range. `unknown` beyond `MOST_STEPS`, unless the target is out of range or no multiple of the greatest common divisor.
 */
export function hasSubsetSum(deltas: readonly number[], target: number): boolean | 'unknown' {
  const counts = new Map<number, number>();
  let least = 0;
  let most = 0;
  let divisor = 0;
  for (const delta of deltas) {
    if (delta === 0) continue;
    counts.set(delta, (counts.get(delta) ?? 0) + 1);
    if (delta < 0) least += delta;
    else most += delta;
    divisor = gcd(divisor, Math.abs(delta));
  }
  if (target < least || target > most) return false;
  if (target === 0) return true;
  if (target % divisor !== 0) return false;
  const range = (most - least) / divisor + 1;
  if (range * counts.size > MOST_STEPS) return 'unknown';
  // Leaving out a negative delta instead of taking it makes all of them positive.
  const wanted = (target - least) / divisor;
  let reached = new Uint8Array(range);
  reached[0] = 1;
  for (const [delta, times] of counts) {
    const step = Math.abs(delta) / divisor;
    const next = new Uint8Array(range);
    /** How often this delta is used at least to reach a sum; more than `times`: it cannot be. */
    const used = new Int32Array(range);
    for (let sum = 0; sum < range; sum++) {
      used[sum] = reached[sum] === 1 ? 0 : sum >= step ? used[sum - step]! + 1 : times + 1;
      if (used[sum]! <= times) next[sum] = 1;
    }
    reached = next;
  }
  return reached[wanted] === 1;
}

function gcd(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return x;
}
