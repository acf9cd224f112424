import type { System } from '../../harness/contract/index.ts';
import { ShardedClient } from './client.ts';
import { flaws } from './flaws.ts';
import { OPERATIONS } from './meaning.ts';
import { groupsOf, ORACLE, optionsSchema, type ShardedOptions } from './options.ts';
import { startOracle } from './oracle.ts';
import { Shard } from './shard.ts';
import { claims, toleranceOf } from './tolerance.ts';

/** Transactions over keys that are spread over groups: two-phase commit over Raft, several versions, a replicated timestamp oracle. */
export const shardedTransactions: System<ShardedOptions> = {
  name: 'sharded-transactions',
  summary:
    'transactions over Raft groups by two-phase commit, with versions and a timestamp oracle; strictly serializable',
  options: optionsSchema,
  variants: [{ shards: 3, versions: 4, range: 5 }],
  roles: (options) =>
    Object.fromEntries([...groupsOf(options), ORACLE].map((role) => [role, options.replicas])),
  start: (host, role, setting) =>
    role === ORACLE ? startOracle(host, setting) : Shard.start(host, role, setting),
  client: (host, setting) => new ShardedClient(host, setting),
  claims: () => claims,
  tolerance: toleranceOf,
  flaws,
  operations: OPERATIONS,
  workload: () => ({ name: 'list-append' }),
  checkers: (_options, workload) => [
    { name: 'assertions' },
    { name: 'agreement' },
    { name: 'availability' },
    { name: 'stats' },
    ...(workload === 'register'
      ? [{ name: 'linearizable' }, { name: 'durability' }, { name: 'corruption' }]
      : []),
  ],
  leaderNote: 'leader',
};
