import { MICROSECOND, type Tolerance } from '../../harness/contract/index.ts';
import { CLOCKS, DELAYS, OUTAGES, PACKET_FAULTS, PARTITIONS, rows } from '../shared/tolerance-rows.ts';

const DAMAGE = { roles: ['server'], atOnce: 'minority', budget: 'copies', lasting: true } as const;

/**
 * In both modes the same faults; what is promised under them differs (`index.ts`). A minority of sites may lose their disks, or burn down. While most sites are down
 * or cut off from each other nobody is served.
 */
export const tolerance: Tolerance = [
  ...rows([...PACKET_FAULTS, ...PARTITIONS.filter((fault) => fault !== 'cable-cut')], {
    roles: ['server', 'client'],
    atOnce: 'all',
  }),
  // What is its own, and mostly has a detour.
  { fault: 'cable-cut', roles: ['server', 'client'], atOnce: 'all', weight: 2 },
  ...rows([...OUTAGES, ...DELAYS, ...CLOCKS, 'disk-full', 'sync-failure'], {
    roles: ['server'],
    atOnce: 'all',
  }),
  // What was begun slowly takes its time, even when disk and machine are fast again.
  { fault: 'slow-host', roles: ['server'], atOnce: 'all', parameters: { factor: 10 } },
  { fault: 'disk-slow', roles: ['server'], atOnce: 'all', parameters: { factor: 10 } },
  { fault: 'overload', roles: ['server'], atOnce: 'all', parameters: { cost: 500 * MICROSECOND } },
  ...rows(['disk-destroyed', 'data-centre-fire'], DAMAGE),
  // Damage that nobody meets, since it is read at a start alone, has no effect.
  ...rows(['disk-bit-flip', 'bad-sector'], { ...DAMAGE, weight: 3 }),
];
