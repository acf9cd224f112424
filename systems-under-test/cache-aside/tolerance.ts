import type { Tolerance } from '../../harness/contract/index.ts';
import { CLOCKS, DELAYS, OUTAGES, PACKET_FAULTS, PARTITIONS, rows } from '../shared/tolerance-rows.ts';

/**
 * Caches may come, go and lag as they like. The store has one copy on one disk: damage there is noticed, not repaired. Caches have
 * no disk.
 */
export const tolerance: Tolerance = [
  ...rows([...PACKET_FAULTS, ...PARTITIONS], { roles: ['store', 'cache', 'client'], atOnce: 'all' }),
  ...rows(['kill', 'restart', 'crash', 'power-loss'], { roles: ['store', 'cache'], atOnce: 'all' }),
  ...rows(
    OUTAGES.filter((fault) => fault === 'torn-writes' || fault === 'lost-writes'),
    { roles: ['store'], atOnce: 'all' },
  ),
  ...rows(
    DELAYS.filter((fault) => fault !== 'disk-slow'),
    { roles: ['store', 'cache'], atOnce: 'all' },
  ),
  ...rows(CLOCKS, { roles: ['store', 'cache'], atOnce: 'all' }),
  // The store keeps its values in memory that no fault reaches; a cache's are under error-correcting memory, which repairs one bit of a word.
  { fault: 'memory-bit-flip', roles: ['cache'], atOnce: 'all', parameters: { bits: 1 } },
  ...rows(['disk-slow', 'disk-full'], { roles: ['store'], atOnce: 'all' }),
];
