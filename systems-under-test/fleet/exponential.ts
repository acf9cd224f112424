import type { Host, Nanos, Random } from '../../harness/contract/index.ts';

/** Draws are made in this unit: means of decades are beyond 2^53 nanoseconds. */
const UNIT = 1_000_000;
/** No timer is set further ahead. */
const LONGEST: Nanos = 365 * 24 * 3600 * 1e9;

/** An exponential time with this mean, in whole milliseconds if the mean is a second or more. */
export function drawTime(random: Random, mean: Nanos): Nanos {
  return mean < 1000 * UNIT ? random.exponential(mean) : random.exponential(Math.round(mean / UNIT)) * UNIT;
}

/**
 * Acts after an exponential time with this mean. An exponential time has no memory: one that is longer than a year is as good as a year and another
 * draw, and the timer stays within what virtual time can hold.
 */
export function afterExponential(host: Host, mean: Nanos, act: () => void): void {
  const time = drawTime(host.random, mean);
  if (time <= LONGEST) host.after(time, act);
  else host.after(LONGEST, () => afterExponential(host, mean, act));
}
