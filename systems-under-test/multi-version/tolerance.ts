import type { Tolerance } from '../../harness/contract/index.ts';
import { DELAYS, PACKET_FAULTS, PARTITIONS, rows } from '../shared/tolerance-rows.ts';

/**
 * The store is in memory: whatever ends its process ends the data. Everything between it and its clients, and delay, it stands. Nobody here looks at a wall
 * clock, so faults of clocks would have no effect, and are left out.
 */
export const tolerance: Tolerance = [
  ...rows([...PACKET_FAULTS, ...PARTITIONS], { roles: ['server', 'client'], atOnce: 'all' }),
  ...rows(DELAYS, { roles: ['server', 'client'], atOnce: 'all' }),
  { fault: 'slow-host', roles: ['server'], atOnce: 'all', parameters: { factor: 10 } },
];
