import { MICROSECOND, type Tolerance } from '../../harness/contract/index.ts';
import { CLOCKS, DELAYS, PACKET_FAULTS, PARTITIONS, rows } from '../shared/tolerance-rows.ts';

/**
 * Caches may come, go and lag as they like. The store has one copy on one disk: damage there is noticed, not repaired. Caches have
 * no disk.
 */
export const tolerance: Tolerance = [
  ...rows([...PACKET_FAULTS, ...PARTITIONS], { roles: ['store', 'cache', 'client'], atOnce: 'all' }),
  ...rows(['kill', 'restart', 'crash', 'power-loss', ...DELAYS], {
    roles: ['store', 'cache'],
    atOnce: 'all',
  }),
  ...rows(['torn-writes', 'lost-writes', 'disk-full'], { roles: ['store'], atOnce: 'all' }),
  ...rows(CLOCKS, { roles: ['store', 'cache'], atOnce: 'all' }),
  // The store's values are where no fault reaches; a cache's have a checksum, and a damaged one is a miss.
  { fault: 'memory-bit-flip', roles: ['cache'], atOnce: 'all' },
  // What was begun slowly takes its time, even when disk and machine are fast again.
  { fault: 'slow-host', roles: ['store', 'cache'], atOnce: 'all', parameters: { factor: 10 } },
  { fault: 'disk-slow', roles: ['store'], atOnce: 'all', parameters: { factor: 10 } },
  { fault: 'overload', roles: ['store', 'cache'], atOnce: 'all', parameters: { cost: 500 * MICROSECOND } },
];
