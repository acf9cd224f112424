/**
 * The value below or at which this percentage of the sorted values lies (nearest rank): exact, no interpolation.
 * Undefined for no values.
 */
export function percentile(sorted: Float64Array, percentage: number): number | undefined {
  const rank = Math.ceil((percentage / 100) * sorted.length - 1e-9);
  return sorted[Math.max(0, rank - 1)];
}

/** Sorted ascending, as `percentile` wants them. Cost: O(n log n). */
export function sortedNumbers(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort();
}

/** The usual few, for figures; all null where there are no values. Cost: O(n log n). */
export function percentilesOf(values: readonly number[]): { [name: string]: number | null } {
  const sorted = sortedNumbers(values);
  const at = (percentage: number): number | null => percentile(sorted, percentage) ?? null;
  return { p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: sorted.at(-1) ?? null };
}
