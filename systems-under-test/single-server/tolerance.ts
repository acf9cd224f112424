import { MICROSECOND, type Tolerance } from '../../harness/contract/index.ts';
import { CLOCKS, DELAYS, OUTAGES, PACKET_FAULTS, PARTITIONS, rows } from '../shared/tolerance-rows.ts';

/**
 * All there is of the data is one copy on one disk: a flipped bit or a bad sector there is noticed, not repaired, and a destroyed
 * disk is the end. Everything else the server outlives:
 * bits that flip in memory are noticed by a checksum, and the value is read from the disk again.
 */
export const tolerance: Tolerance = [
  ...rows([...PACKET_FAULTS, ...PARTITIONS], { roles: ['server', 'client'], atOnce: 'all' }),
  ...rows([...OUTAGES, ...DELAYS, ...CLOCKS, 'disk-full', 'memory-bit-flip'], {
    roles: ['server'],
    atOnce: 'all',
  }),
  // A crowd that brings more work than the recovery bound leaves time for is beyond the claim.
  // What was begun slowly takes its time, even when disk and machine are fast again.
  { fault: 'slow-host', roles: ['server'], atOnce: 'all', parameters: { factor: 10 } },
  { fault: 'disk-slow', roles: ['server'], atOnce: 'all', parameters: { factor: 10 } },
  { fault: 'overload', roles: ['server'], atOnce: 'all', parameters: { cost: 500 * MICROSECOND } },
];
