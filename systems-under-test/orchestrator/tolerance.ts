import { type Claims, SECOND, type Tolerance } from '../../harness/contract/index.ts';
import { OPERATORS, OUTAGES, PACKET_FAULTS, PARTITIONS, rows } from '../shared/tolerance-rows.ts';
import type { OrchestratorOptions } from './options.ts';

export const claims: Claims = {
  consistency: 'linearizable',
  durability: true,
  recoveryWithin: 10 * SECOND,
};

const SERVERS = ['controller', 'agent', 'resource'];

/**
 * Whatever happens to packets, processes and machines, as long as disks keep what was synced; of the control plane's disks one may be damaged. The data of a
 * service is on one machine: damage to its disk is outside. Answers from memory rest on leases, and so on processes that are never late.
 */
export function toleranceOf({ reads }: OrchestratorOptions): Tolerance {
  const late: Tolerance = [
    ...rows(['freeze-machine', 'slow-host'], { roles: SERVERS, atOnce: 'all' }),
    // Who was replaced meanwhile and does not know it is what tokens are for.
    { fault: 'pause-process', roles: SERVERS, atOnce: 'all', weight: 3 },
  ];
  return [
    ...rows([...PACKET_FAULTS, ...PARTITIONS], { roles: [...SERVERS, 'client'], atOnce: 'all' }),
    ...rows(OUTAGES, { roles: SERVERS, atOnce: 'all' }),
    ...rows(['clock-drift', 'disk-full'], { roles: ['controller', 'resource'], atOnce: 'all' }),
    // Most look at no clock while it is wrong.
    { fault: 'clock-step', roles: ['controller', 'resource'], atOnce: 'all', weight: 2 },
    ...rows(OPERATORS, { roles: ['controller'], atOnce: 'all' }),
    ...(reads === 'fenced' ? late : []),
    ...rows(['disk-bit-flip', 'bad-sector', 'disk-destroyed', 'disk-slow'], {
      roles: ['controller'],
      atOnce: 'minority',
      budget: 'damage',
      lasting: true,
    }),
    {
      fault: 'wrong-deletion',
      roles: ['controller'],
      parameters: { file: 'log' },
      atOnce: 'minority',
      budget: 'damage',
      lasting: true,
    },
  ];
}
