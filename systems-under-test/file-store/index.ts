import { SECOND, type System } from '../../harness/contract/index.ts';
import { ChunkServer } from './chunk-server.ts';
import { makeClient } from './client.ts';
import { flaws } from './flaws.ts';
import { Master } from './master.ts';
import { type FileStoreOptions, optionsSchema } from './options.ts';
import { tolerance } from './tolerance.ts';
import { topology } from './topology.ts';

/** A master, and chunk servers that hold three copies of everything. */
export const fileStore: System<FileStoreOptions> = {
  name: 'file-store',
  summary: 'files of chunks: one master with an operation log, three checksummed copies in distinct racks',
  options: optionsSchema,
  roles: ({ chunkServers }) => ({ master: 1, chunk: chunkServers }),
  topology,
  start: (host, role, setting) =>
    role === 'master' ? new Master(host, setting).start() : new ChunkServer(host, setting).start(),
  client: makeClient,
  claims: () => ({ consistency: 'linearizable', durability: true, recoveryWithin: 10 * SECOND }),
  tolerance: () => tolerance,
  flaws,
  operations: ['read', 'write', 'cas'],
  workload: () => ({ name: 'register', options: { keys: 15, readShare: 4, writeShare: 1, casShare: 1 } }),
  checkers: () => [
    { name: 'linearizable' },
    { name: 'durability' },
    { name: 'corruption' },
    { name: 'assertions' },
    { name: 'availability' },
    { name: 'stats' },
  ],
};
