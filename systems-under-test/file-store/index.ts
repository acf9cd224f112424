import type { System } from '../../harness/contract/index.ts';
import { linearizableRegisters } from '../shared/linearizable-registers.ts';
import { ChunkServer } from './chunk-server.ts';
import { makeClient } from './client.ts';
import { flaws } from './flaws.ts';
import { Master } from './master.ts';
import { type FileStoreOptions, optionsSchema } from './options.ts';
import { tolerance } from './tolerance.ts';
import { topology } from './topology.ts';

/** A master, and chunk servers that hold three copies of everything. */
export const fileStore: System<FileStoreOptions> = {
  ...linearizableRegisters,
  name: 'file-store',
  summary: 'files of chunks: one master with an operation log, three checksummed copies in distinct racks',
  options: optionsSchema,
  roles: ({ chunkServers }) => ({ master: 1, chunk: chunkServers }),
  topology,
  start: (host, role, setting) =>
    role === 'master' ? new Master(host, setting).start() : new ChunkServer(host, setting).start(),
  client: makeClient,
  tolerance: () => tolerance,
  flaws,
  workload: () => ({ name: 'register', options: { keys: 15, readShare: 4, writeShare: 1, casShare: 1 } }),
};
