import { MICROSECOND, type Tolerance } from '../../harness/contract/index.ts';
import { DELAYS, PARTITIONS, packetRows, rows } from '../shared/tolerance-rows.ts';

const everyServer = ['server', 'storage'];

/** Compute servers keep nothing. The appliance has one copy on one disk: damage there is noticed at best. Nobody looks at a wall clock; a full disk has room for all blocks that are there. */
export const tolerance: Tolerance = [
  ...packetRows(everyServer),
  ...rows(PARTITIONS, { roles: [...everyServer, 'client'], atOnce: 'all' }),
  ...rows(['kill', 'restart', 'crash', 'power-loss', ...DELAYS], { roles: everyServer, atOnce: 'all' }),
  ...rows(['torn-writes', 'lost-writes'], { roles: ['storage'], atOnce: 'all' }),
  // What was begun slowly takes its time, even when disk and machine are fast again.
  { fault: 'slow-host', roles: everyServer, atOnce: 'all', parameters: { factor: 10 } },
  { fault: 'disk-slow', roles: ['storage'], atOnce: 'all', parameters: { factor: 10 } },
  { fault: 'overload', roles: everyServer, atOnce: 'all', parameters: { cost: 500 * MICROSECOND } },
];
