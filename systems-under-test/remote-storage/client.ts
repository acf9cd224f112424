import type { Client, Host, Setting } from '../../harness/contract/index.ts';
import { SessionClient } from '../shared/session-client.ts';
import type { RemoteStorageOptions } from './options.ts';

/** Keeps to one compute server while it answers. */
export function makeClient(host: Host, { options, hosts }: Setting<RemoteStorageOptions>): Client {
  const servers = hosts.server!;
  const sessions = new SessionClient(host);
  let at = host.random.integer(0, servers.length - 1);
  return {
    async invoke(request) {
      const server = servers[at]!;
      const until = host.clock.monotonic() + options.requestTimeout;
      const completion = await sessions.call(server, request, until);
      if (completion.type === 'redirected') return { type: 'fail', error: 'redirected', node: server };
      if (completion.type !== 'ok' && completion.error !== 'cas-mismatch') at = (at + 1) % servers.length;
      return completion;
    },
  };
}
