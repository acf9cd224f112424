import type { Nanos } from '../../harness/contract/index.ts';

export interface FleetOptions {
  /** At least `copies`, dealt over the racks in blocks of equal size. */
  readonly machines: number;
  readonly racks: number;
  /** Mean time until a machine fails; times to failure are exponential. */
  readonly lifetime: Nanos;
  /** Mean time until a rack fails with every machine in it; never if absent. */
  readonly rackLifetime?: Nanos;
  /** Placement groups: units of data that are copied, lost and repaired as a whole. */
  readonly groups: number;
  readonly copies: number;
  readonly placement: 'random' | 'racks' | 'copysets';
  /** With copysets: so many machines share groups with a machine. */
  readonly scatterWidth: number;
  /**
   * How the manager learns that a machine is dead. `after`: it is told so long after the failure. `every`, `deadAfter`: from heartbeats, one event
   * each; a machine that was silent for `deadAfter` is dead.
   */
  readonly detection: { readonly after: Nanos } | { readonly every: Nanos; readonly deadAfter: Nanos };
  /** Mean time to copy a group to another machine, exponential. */
  readonly copyTime: Nanos;
  /** From a failure until an empty machine stands in the place of the failed one. */
  readonly replacement: Nanos;
}

/** The machine of this number belongs to this rack. */
export function rackOf(
  machine: number,
  { machines, racks }: Pick<FleetOptions, 'machines' | 'racks'>,
): number {
  return Math.floor((machine * racks) / machines);
}
