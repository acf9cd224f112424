/**
 * The session guarantees of Terry et al. (1994) as bits. Each says which pairs of operations of one session are ordered for everybody:
 * of what an earlier one wrote or saw, a later one (and whoever sees a later write) sees at least that.
 */
export const READ_YOUR_WRITES = 1;
export const MONOTONIC_READS = 2;
export const MONOTONIC_WRITES = 4;
export const WRITES_FOLLOW_READS = 8;
/** Together they are causal consistency with convergent writes. */
export const ALL_GUARANTEES = 15;

/** Their names, by the position of the bit. */
export const GUARANTEES = [
  'read-your-writes',
  'monotonic-reads',
  'monotonic-writes',
  'writes-follow-reads',
] as const;

export type Guarantee = (typeof GUARANTEES)[number];

export function maskOf(names: readonly Guarantee[]): number {
  return names.reduce((mask, name) => mask | (1 << GUARANTEES.indexOf(name)), 0);
}

export function namesOf(mask: number): Guarantee[] {
  return GUARANTEES.filter((_, bit) => (mask & (1 << bit)) !== 0);
}

/** The guarantee that orders two operations of one session. */
export function guaranteeBetween(firstWrites: boolean, secondWrites: boolean): number {
  if (firstWrites) return secondWrites ? MONOTONIC_WRITES : READ_YOUR_WRITES;
  return secondWrites ? WRITES_FOLLOW_READS : MONOTONIC_READS;
}
