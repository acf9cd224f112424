/** A chunk server that could hold a copy. */
export interface Candidate {
  readonly server: string;
  readonly rack: number;
  /** Copies that it holds. */
  readonly load: number;
  /** It holds the version before this one: what is read together stays together, and old copies are replaced by new ones. */
  readonly holds: boolean;
}

/** Servers whose loads differ by less are as good as each other. */
const LOAD_STEP = 8;

function step(load: number): number {
  return Math.floor(load / LOAD_STEP);
}

/**
 * Chooses servers for copies, each in another rack than all others and than `taken`: first those that hold the chunk already, then those with
 * the least to hold, in steps of `LOAD_STEP`, then by order (GFS, section 4.2): candidates come in an order drawn by chance, since fixed groups of
 * servers would fill one after the other, and fail together. Fewer than `wanted` where there are not enough racks.
 */
export function place(
  candidates: readonly Candidate[],
  wanted: number,
  taken: readonly number[] = [],
): string[] {
  const ordered = [...candidates].sort(
    (a, b) => Number(b.holds) - Number(a.holds) || step(a.load) - step(b.load),
  );
  const racks = new Set(taken);
  const chosen: string[] = [];
  for (const { server, rack } of ordered) {
    if (chosen.length === wanted) break;
    if (racks.has(rack)) continue;
    racks.add(rack);
    chosen.push(server);
  }
  return chosen;
}
