import type { Tolerance } from '../../../harness/contract/index.ts';
import { rows } from '../../shared/tolerance-rows.ts';

/** Everything that cuts the network and that the live world can do. */
export const PARTITIONS = [
  'partition-halves',
  'partition-majorities-ring',
  'partition-bridge',
  'partition-one',
  'partition-one-way',
  'partition-primary',
  'switch-down',
  'rack-cut-off',
  'cluster-switches-down',
] as const;

/** Factor of a slowed host: beyond it, time-outs that are made for networks fire for ever. */
const SLOWEST = 5;

/** Loss of power, with what becomes of unsynced writes, and disks that are slow to sync: for servers that sync by the C library. */
export const STORAGE = ['crash', 'lost-writes', 'torn-writes', 'disk-slow'] as const;

/** Rows for a replicated server: any partition; processes killed, paused and slowed on a minority; losses that TCP makes up for. */
export function replicated(roles: readonly string[]): Tolerance {
  return [
    ...rows(PARTITIONS, { roles: [...roles, 'client'], atOnce: 'all' }),
    ...rows(['kill', 'restart', 'pause-process', 'freeze-machine'], {
      roles,
      atOnce: 'minority',
      budget: 'servers',
    }),
    { fault: 'slow-host', roles, atOnce: 'minority', budget: 'servers', parameters: { factor: SLOWEST } },
    // TCP makes up for all of them, late.
    ...rows(['packet-delay', 'packet-duplicate', 'packet-reorder', 'wire-bit-flip'], {
      roles,
      atOnce: 'minority',
      budget: 'servers',
    }),
    { fault: 'packet-loss', roles, atOnce: 'minority', parameters: { loss: 0.1 } },
  ];
}
