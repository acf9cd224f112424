import type { System } from '../../harness/contract/index.ts';
import { linearizableRegisters } from '../shared/linearizable-registers.ts';
import { makeClient } from './client.ts';
import { flaws } from './flaws.ts';
import { startMaster } from './master.ts';
import { type ChainOptions, optionsSchema } from './options.ts';
import { Server } from './server.ts';
import { tolerance } from './tolerance.ts';

/** Servers in a row: updates go in at the head, reads are answered by the tail; a master says who is in the chain. */
export const chain: System<ChainOptions> = {
  ...linearizableRegisters,
  name: 'chain',
  summary: 'chain replication with a master; reads at the tail, or at any server (CRAQ)',
  options: optionsSchema,
  variants: [{ reads: 'any' }, { servers: 4, checkpointBytes: 1024 }],
  roles: ({ servers }) => ({ master: 1, server: servers }),
  start: (host, role, setting) =>
    role === 'master' ? startMaster(host, setting) : new Server(host, setting).run(),
  client: makeClient,
  tolerance,
  flaws,
  leaderNote: 'leader',
};
