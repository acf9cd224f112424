import type { System } from '../../harness/contract/index.ts';
import { claims, tolerance } from './claims.ts';
import { RaftClient } from './client.ts';
import { flaws } from './flaws.ts';
import { startOperator } from './operator.ts';
import { type RaftOptions, schema, settingsOf } from './options.ts';
import { startServer } from './server.ts';

/** A key-value store replicated by the Raft consensus algorithm: read, write and cas of keys. */
export const raft: System<RaftOptions> = {
  name: 'raft',
  summary:
    'key-value store replicated by the Raft consensus algorithm; linearizable while a majority of disks is intact',
  options: schema,
  variants: [
    { servers: 3, spares: 2, rolling: '500ms', snapshotEvery: 20, keepBehindSnapshot: 5 },
    { snapshotEvery: 10, keepBehindSnapshot: 0, entriesPerAppend: 2, sessions: 20 },
  ],
  roles(options): { readonly [role: string]: number } {
    const { servers, spares } = settingsOf(options);
    return spares === 0 ? { server: servers } : { server: servers, standby: spares, operator: 1 };
  },
  start: (host, role, setting) =>
    role === 'operator' ? startOperator(host, setting) : startServer(host, setting),
  client: (host, setting) => new RaftClient(host, setting),
  claims: () => claims,
  tolerance,
  flaws,
  operations: ['read', 'write', 'cas'],
  workload: () => ({ name: 'register', options: { keys: 3, valueMode: 'unique' } }),
  checkers: () => [
    { name: 'linearizable' },
    { name: 'assertions' },
    { name: 'agreement' },
    { name: 'durability' },
    { name: 'corruption' },
    { name: 'availability' },
    { name: 'stats' },
  ],
  leaderNote: 'leader',
};
