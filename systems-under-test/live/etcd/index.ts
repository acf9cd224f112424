import { SECOND, type System } from '../../../harness/contract/index.ts';
import { replicated } from '../shared/tolerance.ts';
import { EtcdClient } from './client.ts';
import { type EtcdOptions, optionsSchema } from './options.ts';
import { startMember } from './server.ts';

/** etcd: real servers. */
export const etcd: System<EtcdOptions> = {
  name: 'etcd',
  summary: 'etcd: a consensus store, as real processes (live world)',
  world: 'live',
  options: optionsSchema,
  roles: ({ servers }) => ({ server: servers }),
  start: (host, _role, setting) => startMember(host, setting),
  client: (host, setting) => new EtcdClient(host, setting),
  // "KV API guarantees": strict serializability of all operations but serializable reads, and durability of what was completed.
  claims: () => ({ consistency: 'linearizable', durability: true, recoveryWithin: 20 * SECOND }),
  tolerance: () => replicated(['server']),
  flaws: [],
  operations: ['read', 'write', 'cas'],
  workload: () => ({ name: 'register', options: { keys: 5 } }),
  checkers: () => [
    { name: 'linearizable' },
    { name: 'durability' },
    { name: 'corruption' },
    { name: 'assertions' },
    { name: 'availability' },
    { name: 'stats' },
  ],
  leaderNote: 'leader',
};
