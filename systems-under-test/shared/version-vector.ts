/** How many events of each actor are known: all from 1 up to the number. Immutable; an actor that is missing has 0. */
export type VersionVector = { readonly [actor: string]: number };

/** One event: the n-th of its actor, from 1. */
export type Dot = readonly [actor: string, n: number];

export const NOTHING_KNOWN: VersionVector = {};

/** An order in which any two stand the same way wherever they are compared. */
export function compareDots([actor, n]: Dot, [other, m]: Dot): number {
  if (actor === other) return n - m;
  return actor < other ? -1 : 1;
}

export function covers(vector: VersionVector, [actor, n]: Dot): boolean {
  return (vector[actor] ?? 0) >= n;
}

/** The least vector that knows what either knows. */
export function join(a: VersionVector, b: VersionVector): VersionVector {
  const joined: { [actor: string]: number } = { ...a };
  for (const [actor, n] of Object.entries(b)) joined[actor] = Math.max(joined[actor] ?? 0, n);
  return joined;
}

/** The least vector that knows what this one knows, and this event with all before it. */
export function withDot(vector: VersionVector, [actor, n]: Dot): VersionVector {
  return covers(vector, [actor, n]) ? vector : { ...vector, [actor]: n };
}
