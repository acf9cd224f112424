import type { System } from '../../harness/contract/index.ts';
import { linearizableRegisters } from '../shared/linearizable-registers.ts';
import { makeClient } from './client.ts';
import { flaws } from './flaws.ts';
import { optionsSchema, type PrimaryBackupOptions } from './options.ts';
import { Server } from './server.ts';
import { tolerance } from './tolerance.ts';
import { startViewService } from './view-service.ts';

export type { PrimaryBackupOptions } from './options.ts';

/** One primary, backups, and a view service that says who is who. */
export const primaryBackup: System<PrimaryBackupOptions> = {
  // Asynchronous and semi-synchronous mode promise what their users take for granted; a run shows what that is worth.
  ...linearizableRegisters,
  name: 'primary-backup',
  summary: 'primary and backups with a view service; asynchronous, semi-synchronous or synchronous',
  options: optionsSchema,
  variants: [{ servers: 4, checkpointBytes: 1024 }],
  roles: ({ servers }) => ({ view: 1, server: servers }),
  start: (host, role, setting) =>
    role === 'view' ? startViewService(host, setting) : new Server(host, setting).run(),
  client: makeClient,
  tolerance: () => tolerance,
  flaws,
  checkers: () => [
    { name: 'durability' },
    { name: 'linearizable' },
    { name: 'corruption' },
    { name: 'assertions' },
    { name: 'agreement' },
    { name: 'availability' },
    { name: 'stats' },
  ],
  leaderNote: 'leader',
};
