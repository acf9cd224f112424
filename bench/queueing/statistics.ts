/** Student's t for a two-sided confidence of 99 % and n - 1 degrees of freedom, n = 30: for more replications it is on the safe side. */
const T_99_PERCENT = 2.756;
const REPLICATIONS_LEAST = 30;

export interface Estimate {
  readonly mean: number;
  /** Half the width of the interval. */
  readonly half: number;
}

/**
 * The mean of independent replications with its 99 % confidence interval (Law: "Simulation Modeling and Analysis", section 9.5.2,
 * replication/deletion). @throws RangeError for fewer than 30.
 */
export function estimate(replications: readonly number[]): Estimate {
  const n = replications.length;
  if (n < REPLICATIONS_LEAST)
    throw new RangeError(`estimate: expected at least ${REPLICATIONS_LEAST} replications, got ${n}`);
  const mean = meanOf(replications);
  const variance = replications.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { mean, half: T_99_PERCENT * Math.sqrt(variance / n) };
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** By nearest rank; `percentile` 0..100. @throws RangeError for no values. */
export function percentileOf(values: readonly number[], percentile: number): number {
  if (values.length === 0) throw new RangeError('percentileOf: expected at least one value, got none');
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percentile / 100) * sorted.length) - 1)]!;
}
