import { MICROSECOND, type Tolerance } from '../../harness/contract/index.ts';
import { CLOCKS, DELAYS, OUTAGES, PACKET_FAULTS, PARTITIONS, rows } from '../shared/tolerance-rows.ts';
import type { ChainOptions } from './options.ts';

/**
 * Nothing that delays, cuts or kills makes the data wrong, however many are hit. A copy that is damaged or destroyed is made anew from another
 * one: fewer than a chain must have, counted to the end of the run. The master has a single disk, which must stay whole.
 */
export function tolerance({ resiliency }: ChainOptions): Tolerance {
  const damage = { roles: ['server'], atOnce: resiliency - 1, budget: 'copies', lasting: true };
  return [
    ...rows([...PACKET_FAULTS, ...PARTITIONS], { roles: ['server', 'master', 'client'], atOnce: 'all' }),
    ...rows([...OUTAGES, ...DELAYS, 'disk-full', 'sync-failure'], {
      roles: ['server', 'master'],
      atOnce: 'all',
    }),
    ...rows(CLOCKS, { roles: ['server', 'master'], atOnce: 'all' }),
    // What was begun slowly takes its time, even when disk and machine are fast again.
    { fault: 'slow-host', roles: ['server', 'master'], atOnce: 'all', parameters: { factor: 10 } },
    { fault: 'disk-slow', roles: ['server', 'master'], atOnce: 'all', parameters: { factor: 10 } },
    {
      fault: 'overload',
      roles: ['server', 'master'],
      atOnce: 'all',
      parameters: { cost: 500 * MICROSECOND },
    },
    ...rows(['disk-destroyed'], damage),
    // Often nobody meets them, since the disk is read at a start alone.
    { ...damage, fault: 'disk-bit-flip', weight: 3 },
    { ...damage, fault: 'bad-sector', weight: 3 },
  ];
}
