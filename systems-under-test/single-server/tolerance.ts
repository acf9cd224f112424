import type { Tolerance } from '../../harness/contract/index.ts';
import { CLOCKS, DELAYS, OUTAGES, PACKET_FAULTS, PARTITIONS, rows } from '../shared/tolerance-rows.ts';

/**
 * All there is of the data is one copy on one disk: a flipped bit or a bad sector there is noticed, not repaired, and a destroyed
 * disk is the end. Everything else the server outlives.
 */
export const tolerance: Tolerance = [
  ...rows([...PACKET_FAULTS, ...PARTITIONS], { roles: ['server', 'client'], atOnce: 'all' }),
  ...rows([...OUTAGES, ...DELAYS, ...CLOCKS, 'disk-full'], { roles: ['server'], atOnce: 'all' }),
  // Error-correcting memory repairs one bit of a word; more than two may escape it, and nothing else checks the memory.
  { fault: 'memory-bit-flip', roles: ['server'], atOnce: 'all', parameters: { bits: 1 } },
];
