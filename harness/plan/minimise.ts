/**
 * Asks which of `count` candidates, made on demand, is the first to keep the failure; undefined if none is.
 * An answer means that the candidate was taken.
 */
export type FirstKept<T> = (count: number, make: (nth: number) => T) => Promise<number | undefined>;

/**
 * Removes as many items as possible while the failure is kept: delta debugging (Zeller and Hildebrandt, 2002) by sweeps over chunks
 * of half the size each time, from the end: later items first. What is left is minimal: none of it can be removed
 * alone. Cost: about 2 k log2(n/k) candidates for k items left of n, if failures are monotonous.
 */
export async function minimise<T>(
  items: readonly T[],
  firstKept: FirstKept<readonly T[]>,
): Promise<readonly T[]> {
  if (items.length === 0) return items;
  if ((await firstKept(1, () => [])) !== undefined) return [];
  let left = items;
  for (let size = Math.ceil(left.length / 2); ; ) {
    const before = left.length;
    left = await sweep(left, size, firstKept);
    if (size > 1) size = Math.ceil(size / 2);
    else if (left.length === before) return left;
  }
}

async function sweep<T>(
  items: readonly T[],
  size: number,
  firstKept: FirstKept<readonly T[]>,
): Promise<readonly T[]> {
  let left = items;
  let end = left.length;
  while (end > 0) {
    const ends: number[] = [];
    for (let at = end; at > 0; at -= size) ends.push(at);
    const now = left;
    const without = (nth: number): readonly T[] => [
      ...now.slice(0, Math.max(0, ends[nth]! - size)),
      ...now.slice(ends[nth]!),
    ];
    const kept = await firstKept(ends.length, without);
    if (kept === undefined) return left;
    left = without(kept);
    end = Math.max(0, ends[kept]! - size);
  }
  return left;
}
