import { SECOND, type System } from '../../../harness/contract/index.ts';
import { linearizableRegisters } from '../../shared/linearizable-registers.ts';
import { replicated } from '../shared/tolerance.ts';
import { EtcdClient } from './client.ts';
import { type EtcdOptions, optionsSchema } from './options.ts';
import { startMember } from './server.ts';

/** etcd: real servers. */
export const etcd: System<EtcdOptions> = {
  ...linearizableRegisters,
  name: 'etcd',
  summary: 'etcd: a consensus store, as real processes (live world)',
  world: 'live',
  options: optionsSchema,
  roles: ({ servers }) => ({ server: servers }),
  start: (host, _role, setting) => startMember(host, setting),
  client: (host, setting) => new EtcdClient(host, setting),
  // "KV API guarantees": strict serializability of all operations but serializable reads, and durability of what was completed.
  claims: () => ({ ...linearizableRegisters.claims(), recoveryWithin: 20 * SECOND }),
  tolerance: () => replicated(['server']),
  flaws: [],
  leaderNote: 'leader',
};
