import { MICROSECOND, type Tolerance } from '../../harness/contract/index.ts';
import { CLOCKS, DELAYS, OUTAGES, PACKET_FAULTS, PARTITIONS, rows } from '../shared/tolerance-rows.ts';

const DAMAGE = { roles: ['server'], atOnce: 1, budget: 'copies', lasting: true } as const;

/**
 * Nothing that delays, cuts or kills makes the data wrong, however many are hit. A copy that is damaged or destroyed is made anew from another one:
 * one at a time, counted to the end of the run. The view service has a single disk, which must stay whole.
 */
export const tolerance: Tolerance = [
  ...rows([...PACKET_FAULTS, ...PARTITIONS], { roles: ['server', 'view', 'client'], atOnce: 'all' }),
  ...rows([...OUTAGES, ...DELAYS, 'sync-failure'], { roles: ['server', 'view'], atOnce: 'all' }),
  ...rows(CLOCKS, { roles: ['server'], atOnce: 'all' }),
  // What was begun slowly takes its time, even when disk and machine are fast again.
  { fault: 'slow-host', roles: ['server', 'view'], atOnce: 'all', parameters: { factor: 10 } },
  { fault: 'disk-slow', roles: ['server', 'view'], atOnce: 'all', parameters: { factor: 10 } },
  { fault: 'overload', roles: ['server', 'view'], atOnce: 'all', parameters: { cost: 500 * MICROSECOND } },
  ...rows(['disk-full'], { roles: ['server', 'view'], atOnce: 'all' }),
  ...rows(['disk-destroyed'], DAMAGE),
  // Often nobody meets them, since the disk is read at a start alone.
  { ...DAMAGE, fault: 'disk-bit-flip', weight: 3 },
  { ...DAMAGE, fault: 'bad-sector', weight: 3 },
];
