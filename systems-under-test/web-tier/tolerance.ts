import { MICROSECOND, type Tolerance } from '../../harness/contract/index.ts';
import { CLOCKS, DELAYS, PARTITIONS, packetRows, rows } from '../shared/tolerance-rows.ts';
import { scales, type WebTierOptions } from './options.ts';

/**
 * Everything before the store holds nothing that could be lost: any of it, or all, may die, stand still or be cut off. The store has one copy on
 * one disk: damage there is noticed, not repaired.
 */
export function tolerance(options: WebTierOptions): Tolerance {
  const stateless = ['balancer', 'front', ...(scales(options) ? ['autoscaler'] : [])];
  const servers = [...stateless, 'store'];
  return [
    ...packetRows(servers),
    ...rows(PARTITIONS, { roles: [...servers, 'client'], atOnce: 'all' }),
    ...rows(['kill', 'restart', 'crash', 'power-loss', ...DELAYS, ...CLOCKS], {
      roles: servers,
      atOnce: 'all',
    }),
    ...rows(['torn-writes', 'lost-writes', 'disk-full'], { roles: ['store'], atOnce: 'all' }),
    // What was begun slowly takes its time, even when disk and machine are fast again.
    { fault: 'slow-host', roles: servers, atOnce: 'all', parameters: { factor: 10 } },
    { fault: 'disk-slow', roles: ['store'], atOnce: 'all', parameters: { factor: 10 } },
    { fault: 'overload', roles: servers, atOnce: 'all', parameters: { cost: 500 * MICROSECOND } },
  ];
}
