import { type Json, MICROSECOND, SECOND, type System, type Tolerance } from '../../harness/contract/index.ts';
import { CLOCKS, DELAYS, OUTAGES, PACKET_FAULTS, PARTITIONS, rows } from '../shared/tolerance-rows.ts';
import { CrdtClient } from './client.ts';
import { flaws } from './flaws.ts';
import { type CrdtOptions, optionsSchema } from './options.ts';
import { startReplica } from './replica.ts';

export type { CrdtOptions } from './options.ts';

/**
 * Nothing that delays, cuts or kills matters. What was acknowledged may be on one disk only, so that none may be damaged. Clocks decide which write of a register is the last one, and
 * nothing else.
 */
function tolerance({ type }: CrdtOptions): Tolerance {
  return [
    ...rows([...PACKET_FAULTS, ...PARTITIONS], { roles: ['server', 'client'], atOnce: 'all' }),
    ...rows([...OUTAGES, ...DELAYS, 'disk-full', 'sync-failure'], { roles: ['server'], atOnce: 'all' }),
    ...(type === 'register' ? [] : rows(CLOCKS, { roles: ['server'], atOnce: 'all' })),
    // What was begun slowly takes its time, even when disk and machine are fast again.
    { fault: 'slow-host', roles: ['server'], atOnce: 'all', parameters: { factor: 10 } },
    { fault: 'disk-slow', roles: ['server'], atOnce: 'all', parameters: { factor: 10 } },
    { fault: 'overload', roles: ['server'], atOnce: 'all', parameters: { cost: 500 * MICROSECOND } },
  ];
}

const WORKLOADS: { readonly [type in CrdtOptions['type']]: readonly [name: string, options: Json] } = {
  set: ['crdt-set', { keys: 10 }],
  counter: ['crdt-counter', { keys: 5 }],
  register: ['register', { keys: 5, casShare: 0 }],
  'multi-value-register': ['siblings', { keys: 4 }],
};

/** Replicas that accept everything by themselves, and converge. */
export const crdt: System<CrdtOptions> = {
  name: 'crdt',
  summary:
    'conflict-free replicated data types: sets, counters and registers that every replica changes by itself',
  options: optionsSchema,
  variants: [
    { type: 'counter' },
    { type: 'multi-value-register' },
    { type: 'register', checkpointBytes: 1024 },
    { type: 'counter', replicas: 2, checkpointBytes: 1024 },
    { gossip: 'states', checkpointBytes: 1024 },
  ],
  roles: ({ replicas }) => ({ server: replicas }),
  start: (host, _role, setting) => startReplica(host, setting),
  client: (host, setting) => new CrdtClient(host, setting),
  claims: () => ({
    consistency: 'eventual',
    durability: true,
    recoveryWithin: 10 * SECOND,
    convergesWithin: 3 * SECOND,
  }),
  tolerance,
  flaws,
  operations: ['read', 'write', 'add', 'remove', 'get', 'put'],
  workload({ type }) {
    const [name, options] = WORKLOADS[type];
    return { name, options };
  },
  checkers: ({ type }, workload) => [
    ...(workload === 'register' ? [{ name: 'convergence' }, { name: 'corruption' }] : []),
    // Only where the clocks are right does the last write win that was acknowledged last.
    ...(workload === 'register' && type === 'register' ? [{ name: 'durability' }] : []),
    { name: 'assertions' },
    { name: 'agreement' },
    { name: 'availability' },
    { name: 'stats' },
  ],
};
