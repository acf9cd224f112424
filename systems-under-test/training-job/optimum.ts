import type { Nanos } from '../../harness/contract/index.ts';

/** The best time of work between two checkpoints: Young, "A first order approximation to the optimum checkpoint interval", CACM 1974. */
export function youngsInterval(checkpointTime: Nanos, meanTimeBetweenFailures: Nanos): Nanos {
  return Math.sqrt(2 * checkpointTime * meanTimeBetweenFailures);
}

/**
 * Share of the time that is useful work, with failures at exponential times (Daly, "A higher order estimate of the optimum checkpoint
 * interval for restart dumps", FGCS 2006, equation 20): T(work) = M e^(R/M) (e^((tau + C)/M) - 1) for each tau of work.
 */
export function dalysGoodput(
  work: Nanos,
  checkpointTime: Nanos,
  restartTime: Nanos,
  meanTime: Nanos,
): number {
  const whole = meanTime * Math.exp(restartTime / meanTime) * Math.expm1((work + checkpointTime) / meanTime);
  return work / whole;
}
