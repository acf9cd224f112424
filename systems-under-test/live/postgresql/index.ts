import { SECOND, type System } from '../../../harness/contract/index.ts';
import { rows } from '../../shared/tolerance-rows.ts';
import { replicated, STORAGE } from '../shared/tolerance.ts';
import { PostgresqlClient } from './client.ts';
import { modelOf, optionsSchema, type PostgresqlOptions } from './options.ts';
import { startServer } from './server.ts';

/** PostgreSQL: real servers. */
export const postgresql: System<PostgresqlOptions> = {
  name: 'postgresql',
  summary: 'PostgreSQL: alone, or with a standby that takes over, as real processes (live world)',
  world: 'live',
  options: optionsSchema,
  roles: ({ replication }) => ({ server: replication === 'none' ? 1 : 2 }),
  start: (host, _role, setting) => startServer(host, setting),
  client: (host, setting) => new PostgresqlClient(host, setting),
  claims: (options) => ({
    consistency: modelOf(options),
    durability: true,
    recoveryWithin: 30 * SECOND,
    // A primary that comes back becomes a standby.
    ...(options.replication !== 'none' && { convergesWithin: 8 * SECOND }),
  }),
  tolerance: ({ replication }) =>
    replication === 'none'
      ? [
          { fault: 'kill', atOnce: 'all' },
          { fault: 'restart', atOnce: 'all' },
          { fault: 'pause-process', atOnce: 'all' },
          ...rows([...STORAGE, 'sync-failure'], { atOnce: 'all' }),
          { fault: 'partition-halves', roles: ['server', 'client'], atOnce: 'all' },
        ]
      : [
          ...replicated(['server']),
          ...rows([...STORAGE, 'sync-failure'], { roles: ['server'], atOnce: 'minority', budget: 'servers' }),
        ],
  flaws: [],
  operations: ['txn', 'txn/r', 'txn/append', 'txn/w', 'read', 'add', 'transfer'],
  workload: ({ replication }) => ({ name: replication === 'none' ? 'list-append' : 'set' }),
  checkers: () => [{ name: 'assertions' }, { name: 'availability' }, { name: 'stats' }],
  leaderNote: 'leader',
};
