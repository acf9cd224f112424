import type { System } from '../../harness/contract/index.ts';
import { linearizableRegisters } from '../shared/linearizable-registers.ts';
import { SessionClient } from '../shared/session-client.ts';
import { flaws } from './flaws.ts';
import { startKeeper } from './keeper.ts';
import { type BackupOptions, schema } from './options.ts';
import { startServer } from './server.ts';
import { tolerance } from './tolerance.ts';

/** One server, whose snapshots and log a second host keeps, against the day on which somebody deletes the wrong files. */
export const backup: System<BackupOptions> = {
  ...linearizableRegisters,
  name: 'backup',
  summary: 'one key-value server whose log is shipped to a backup, from which it is restored',
  options: schema,
  roles: () => ({ server: 1, backup: 1 }),
  start: (host, role, setting) =>
    role === 'backup' ? startKeeper(host, setting) : startServer(host, setting),
  client(host, { options, hosts }) {
    const server = hosts.server![0]!;
    const sessions = new SessionClient(host);
    return {
      async invoke(request) {
        const until = host.clock.monotonic() + options.requestTimeout;
        const completion = await sessions.call(server, request, until);
        // This server redirects nobody.
        return completion.type === 'redirected'
          ? { type: 'fail', error: 'redirected', node: server }
          : completion;
      },
    };
  },
  tolerance,
  flaws,
};
