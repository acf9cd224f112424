import type { System } from '../../harness/contract/index.ts';
import { linearizableRegisters } from '../shared/linearizable-registers.ts';
import { startAppliance } from './appliance.ts';
import { makeClient } from './client.ts';
import { startCompute } from './compute.ts';
import { flaws } from './flaws.ts';
import { optionsSchema, type RemoteStorageOptions } from './options.ts';
import { tolerance } from './tolerance.ts';

/** Compute servers that keep nothing, and a storage appliance that answers over the network. */
export const remoteStorage: System<RemoteStorageOptions> = {
  ...linearizableRegisters,
  name: 'remote-storage',
  summary: 'compute servers that keep nothing before a storage appliance of versioned blocks',
  options: optionsSchema,
  roles: ({ servers }) => ({ server: servers, storage: 1 }),
  start: (host, role, setting) =>
    role === 'storage' ? startAppliance(host, setting) : startCompute(host, setting),
  client: makeClient,
  tolerance: () => tolerance,
  flaws,
};
