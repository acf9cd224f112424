import { type Claims, SECOND, type Tolerance } from '../../harness/contract/index.ts';
import {
  CLOCKS,
  DELAYS,
  OPERATORS,
  OUTAGES,
  PARTITIONS,
  packetRows,
  rows,
} from '../shared/tolerance-rows.ts';
import { groupsOf, ORACLE, type ShardedOptions } from './options.ts';

export const claims: Claims = {
  consistency: 'strict-serializable',
  durability: true,
  recoveryWithin: 10 * SECOND,
};

/**
 * As Raft's: any partition, any number of servers dead for a while, any clock. What outlasts its healing may hit one server of them all: it could
 * be the second of its group. Of the state nothing is in memory regions, so that flips in memory have nothing to hit.
 */
export function toleranceOf(options: ShardedOptions): Tolerance {
  const servers = [...groupsOf(options), ORACLE];
  return [
    ...packetRows(servers),
    ...rows(PARTITIONS, { roles: [...servers, 'client'], atOnce: 'all' }),
    ...rows([...OUTAGES, ...DELAYS, ...CLOCKS, ...OPERATORS, 'slow-host', 'disk-full', 'sync-failure'], {
      atOnce: 'all',
    }),
    ...rows(['disk-bit-flip', 'bad-sector', 'disk-destroyed', 'overload'], {
      atOnce: 1,
      budget: 'damage',
      lasting: true,
    }),
    { fault: 'disk-slow', atOnce: 1, budget: 'damage', lasting: true, weight: 2 },
    {
      fault: 'wrong-deletion',
      parameters: { file: 'log' },
      atOnce: 1,
      budget: 'damage',
      lasting: true,
    },
  ];
}
