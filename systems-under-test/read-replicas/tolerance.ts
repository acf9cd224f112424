import { MICROSECOND, type Tolerance } from '../../harness/contract/index.ts';
import { CLOCKS, DELAYS, OUTAGES, PACKET_FAULTS, PARTITIONS, rows } from '../shared/tolerance-rows.ts';

const EVERYONE = ['writer', 'replica'];

/**
 * Replicas may come, go and lag as they like, and lose their disks: all of them. The writer has the only copy that counts, on one
 * disk: damage there is noticed, not repaired.
 */
export const tolerance: Tolerance = [
  ...rows([...PACKET_FAULTS, ...PARTITIONS], { roles: [...EVERYONE, 'client'], atOnce: 'all' }),
  ...rows([...OUTAGES, ...DELAYS, ...CLOCKS, 'disk-full', 'sync-failure'], {
    roles: EVERYONE,
    atOnce: 'all',
  }),
  // What was begun slowly takes its time, even when disk and machine are fast again.
  { fault: 'slow-host', roles: EVERYONE, atOnce: 'all', parameters: { factor: 10 } },
  { fault: 'disk-slow', roles: EVERYONE, atOnce: 'all', parameters: { factor: 10 } },
  { fault: 'overload', roles: EVERYONE, atOnce: 'all', parameters: { cost: 500 * MICROSECOND } },
  ...rows(['disk-bit-flip', 'bad-sector', 'disk-destroyed'], {
    roles: ['replica'],
    atOnce: 'all',
    lasting: true,
  }),
];
