import type { Tolerance, ToleranceRow } from '../contract/index.ts';

const rows = (faults: readonly string[], rest: Omit<ToleranceRow, 'fault'>): readonly ToleranceRow[] =>
  faults.map((fault) => ({ fault, ...rest }));

/**
 * What a service has to stand that says nothing else: any trouble of the network, also for its clients; one process or machine that is gone, paused or slow at a
 * time. Operators, clocks and damaged disks are left to those who say that they stand them.
 */
export const DEFAULT_TOLERANCE: Tolerance = [
  ...rows(['packet-loss', 'packet-delay', 'packet-reorder', 'packet-duplicate'], { atOnce: 'all' }),
  ...rows(['partition-halves', 'partition-one', 'partition-one-way', 'switch-down', 'rack-cut-off'], {
    atOnce: 'all',
  }),
  ...rows(['kill', 'restart', 'crash', 'pause-process', 'freeze-machine'], { atOnce: 1, budget: 'host' }),
  // A program that starts while its machine is slow takes all of its start at that pace: 2.5 s, with this factor.
  { fault: 'slow-host', atOnce: 1, budget: 'host', parameters: { factor: 50 } },
];
