import type { Nanos } from '../../harness/contract/index.ts';

/**
 * Mean time until all copies of a group are gone, by the Markov chain that everybody uses: each copy fails at the rate 1/lifetime, each
 * missing one is made anew at the rate 1/repairTime, independently (Gibson, "Redundant Disk Arrays", 1992, chapter 5; for three
 * copies Ford et al., "Availability in Globally Distributed Storage Systems", OSDI 2010, section 5). From all copies: let T(i) be the mean time from
 * i copies to none, then T(i) = (1 + i * a * T(i-1) + (n-i) * b * T(i+1)) / (i * a + (n-i) * b), with T(0) = 0. Solved by the mean times D(i) from i
 * copies to i-1: D(n) = 1 / (n a), D(i) = (1 + (n-i) b D(i+1)) / (i a); T(n) is their sum.
 */
export function meanTimeToLoss(copies: number, lifetime: Nanos, repairTime: Nanos): Nanos {
  const [fail, repair] = [1 / lifetime, 1 / repairTime];
  let total = 0;
  let down = 0;
  for (let left = copies; left >= 1; left--) {
    down = (1 + (copies - left) * repair * down) / (left * fail);
    total += down;
  }
  return total;
}
