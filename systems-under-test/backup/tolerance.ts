import { SECOND, type Tolerance } from '../../harness/contract/index.ts';
import { DELAYS, OUTAGES, PACKET_FAULTS, PARTITIONS, rows } from '../shared/tolerance-rows.ts';
import type { BackupOptions } from './options.ts';

const HOSTS = ['server', 'backup'];

/** Time without a fault in which either host has written anew what is missing on its disk. */
const REPAIRED_WITHIN = SECOND;

const elsewhere: Tolerance = [
  ...rows([...PACKET_FAULTS, ...PARTITIONS], { roles: [...HOSTS, 'client'], atOnce: 'all' }),
  ...rows([...OUTAGES, ...DELAYS, 'sync-failure'], { roles: HOSTS, atOnce: 'all' }),
  { fault: 'slow-host', roles: HOSTS, atOnce: 'all', parameters: { factor: 10 } },
];

/**
 * What is acknowledged is on two disks: one of them may lose everything, but not both at a time. With periodic shipping a deletion costs what
 * was acknowledged since the last shipment, so that none is in the table. Clocks are
 * not in it, as nobody looks at one.
 */
export function tolerance({ shipping }: BackupOptions): Tolerance {
  if (shipping === 'periodic') return elsewhere;
  const budget = 'data';
  return [
    ...elsewhere,
    { fault: 'wrong-deletion', roles: HOSTS, atOnce: 1, budget, lasting: REPAIRED_WITHIN },
    { fault: 'disk-destroyed', roles: HOSTS, atOnce: 1, budget, lasting: true },
  ];
}
