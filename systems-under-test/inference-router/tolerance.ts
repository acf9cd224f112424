import { MICROSECOND, type Tolerance } from '../../harness/contract/index.ts';
import { DELAYS, PARTITIONS, packetRows, rows } from '../shared/tolerance-rows.ts';

const servers = ['router', 'worker'];

/** Nobody has anything that could be lost; there are no disks in use, and no wall clocks. */
export const tolerance: Tolerance = [
  ...packetRows(servers),
  ...rows(PARTITIONS, { roles: [...servers, 'client'], atOnce: 'all' }),
  ...rows(['kill', 'restart', 'crash', 'power-loss', ...DELAYS], { roles: servers, atOnce: 'all' }),
  // A cached block has a checksum, and a damaged one is computed again.
  { fault: 'memory-bit-flip', roles: ['worker'], atOnce: 'all' },
  { fault: 'slow-host', roles: servers, atOnce: 'all', parameters: { factor: 10 } },
  { fault: 'overload', roles: servers, atOnce: 'all', parameters: { cost: 500 * MICROSECOND } },
];
