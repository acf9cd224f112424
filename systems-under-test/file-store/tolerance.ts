import { MICROSECOND, type Tolerance } from '../../harness/contract/index.ts';
import { CLOCKS, DELAYS, OUTAGES, PACKET_FAULTS, PARTITIONS, rows } from '../shared/tolerance-rows.ts';

/**
 * Nothing that delays, cuts or kills loses a file, however many are hit: each chunk has three synced copies, in three racks, before a write is
 * acknowledged. So two disks may be damaged or destroyed at the same moment. The master has one disk, which must stay whole.
 */
export const tolerance: Tolerance = [
  ...rows([...PACKET_FAULTS, ...PARTITIONS], { roles: ['master', 'chunk', 'client'], atOnce: 'all' }),
  ...rows([...OUTAGES, ...DELAYS, ...CLOCKS, 'disk-full'], { roles: ['master', 'chunk'], atOnce: 'all' }),
  // What was begun slowly takes its time, even when disk and machine are fast again.
  { fault: 'slow-host', roles: ['master', 'chunk'], atOnce: 'all', parameters: { factor: 10 } },
  { fault: 'disk-slow', roles: ['master', 'chunk'], atOnce: 'all', parameters: { factor: 10 } },
  { fault: 'overload', roles: ['master', 'chunk'], atOnce: 'all', parameters: { cost: 500 * MICROSECOND } },
  ...rows(['disk-bit-flip', 'bad-sector', 'disk-destroyed'], {
    roles: ['chunk'],
    atOnce: 2,
    budget: 'copies',
    lasting: true,
  }),
];
