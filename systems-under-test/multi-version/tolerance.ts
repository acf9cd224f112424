import type { Tolerance } from '../../harness/contract/index.ts';
import { CLOCKS, DELAYS, PACKET_FAULTS, PARTITIONS, rows } from '../shared/tolerance-rows.ts';

/** The store is in memory: whatever ends its process ends the data. Everything between it and its clients, and delay, it stands. */
export const tolerance: Tolerance = [
  ...rows([...PACKET_FAULTS, ...PARTITIONS], { roles: ['server', 'client'], atOnce: 'all' }),
  ...rows([...DELAYS, ...CLOCKS], { roles: ['server', 'client'], atOnce: 'all' }),
  { fault: 'slow-host', roles: ['server'], atOnce: 'all', parameters: { factor: 10 } },
];
