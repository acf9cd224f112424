import type { Json } from '../../histories/index.ts';
import type { Nanos } from './time.ts';

/** How many hosts at once: a number, all, or a share of the hosts of the fault's role. */
export type AtOnce = number | 'all' | 'minority' | 'all-but-one';

/**
 * One row: a fault kind, and how much of it the system claims to stand. While a fault of this row is in force, the distinct
 * hosts of the row's roles hit by all faults of its budget number at most `atOnce`; `harness/plan/README.md` has examples.
 */
export interface ToleranceRow {
  /** Name of the nemesis. */
  readonly fault: string;
  /** Roles of hosts it may hit, `client` included where clients may be hit; all server roles if absent. */
  readonly roles?: readonly string[];
  /** Most hosts hit at the same time by all faults that share this row's budget. */
  readonly atOnce: AtOnce;
  /** Rows with the same budget name are counted together. The fault's own name if absent. */
  readonly budget?: string;
  /**
   * The damage stays after healing (a corrupted record, a destroyed disk): the host counts until the end of the run. A number: until so many
   * nanoseconds have passed without any fault in force, in which the system replaces what it lost.
   */
  readonly lasting?: boolean | Nanos;
  /** Parameters that must have these values for the claim to hold, e.g. `{"target": "unsynced"}`. */
  readonly parameters?: { readonly [name: string]: Json };
  /** How often generated schedules draw it, as `Nemesis.weight`; the nemesis's own if absent. Of several rows of a fault the largest counts. */
  readonly weight?: number;
}

/** The published table. A fault kind without a row is outside the tolerance. */
export type Tolerance = readonly ToleranceRow[];
