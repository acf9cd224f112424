import { MICROSECOND, type Tolerance } from '../../harness/contract/index.ts';
import { CLOCKS, DELAYS, PARTITIONS, packetRows, rows } from '../shared/tolerance-rows.ts';

const servers = ['origin', 'edge'];

/** Edges have nothing that could be lost. The origin has one copy on one disk: damage there is noticed, not repaired. */
export const tolerance: Tolerance = [
  ...packetRows(servers),
  ...rows(PARTITIONS, { roles: [...servers, 'client'], atOnce: 'all' }),
  ...rows(['kill', 'restart', 'crash', 'power-loss', ...DELAYS], { roles: servers, atOnce: 'all' }),
  ...rows(['torn-writes', 'lost-writes', 'disk-full', ...CLOCKS], { roles: ['origin'], atOnce: 'all' }),
  { fault: 'slow-host', roles: servers, atOnce: 'all', parameters: { factor: 10 } },
  { fault: 'disk-slow', roles: ['origin'], atOnce: 'all', parameters: { factor: 10 } },
  { fault: 'overload', roles: servers, atOnce: 'all', parameters: { cost: 500 * MICROSECOND } },
];
