import { INFORMED, PROCESS, REALTIME, RW, SIGHTED, WR, WW } from './graph.ts';

/** One step of a cycle: `from` precedes `to`. Transactions by number; `reason` as in the graph. */
export interface CycleStep {
  readonly from: number;
  readonly to: number;
  readonly type: number;
  readonly reason: number;
}

/** What beyond data a cycle uses: nothing, the order within processes, or real time. */
export const LEVELS = [
  { suffix: '', extra: 0 },
  { suffix: '-process', extra: PROCESS },
  { suffix: '-realtime', extra: PROCESS | REALTIME },
] as const;
export type Level = (typeof LEVELS)[number];

/**
 * The classes of cycles by what they are made of, the most damning first (Adya 1999, section 4; Kingsbury and Alvaro 2020, section 3):
 * - `G0`: writes alone;
 * - `G1c`: information alone, without anti-dependencies;
 * - `G-single`: exactly one anti-dependency (read skew);
 * - `G-nonadjacent`: several, never two in a row (excluded by snapshot isolation);
 * - `G2-item`: two in a row (write skew).
 */
export const CLASSES = ['G0', 'G1c', 'G-single', 'G-nonadjacent', 'G2-item'] as const;
export type CycleClass = (typeof CLASSES)[number];

/** Types of edges that a cycle of the class may have, beside those of the level. */
export const ALLOWED: { readonly [name in CycleClass]: number } = {
  G0: WW,
  G1c: WW | WR | INFORMED,
  'G-single': WW | WR | RW | INFORMED | SIGHTED,
  'G-nonadjacent': WW | WR | RW | INFORMED | SIGHTED,
  'G2-item': WW | WR | RW | INFORMED | SIGHTED,
};

/** The strongest class that the cycle belongs to, as indices of `CLASSES` and `LEVELS`. */
export function classify(cycle: readonly CycleStep[]): { readonly rank: number; readonly level: number } {
  let all = 0;
  let antiDependencies = 0;
  let adjacent = false;
  for (let i = 0; i < cycle.length; i++) {
    const { type } = cycle[i]!;
    all |= type;
    if ((type & RW) === 0) continue;
    antiDependencies++;
    adjacent ||= (cycle[(i + 1) % cycle.length]!.type & RW) !== 0;
  }
  const level = (all & REALTIME) !== 0 ? 2 : (all & PROCESS) !== 0 ? 1 : 0;
  if (antiDependencies > 1) return { rank: adjacent ? 4 : 3, level };
  if (antiDependencies === 1 || (all & SIGHTED) !== 0) return { rank: 2, level };
  return { rank: (all & (WR | INFORMED)) !== 0 ? 1 : 0, level };
}
