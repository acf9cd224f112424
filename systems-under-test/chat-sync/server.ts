import { type Host, HostError, type Json, type Setting } from '../../harness/contract/index.ts';
import { Conversations } from './conversations.ts';
import type { ChatSyncOptions } from './options.ts';
import { Sync } from './sync.ts';

/** A server: takes in what devices and other servers bring, and tells it to whoever asks. */
export async function startServer(
  host: Host,
  { options, hosts, flaw }: Setting<ChatSyncOptions>,
): Promise<void> {
  const conversations = new Conversations(host, { checkpointBytes: options.checkpointBytes });
  const sync = new Sync(host, conversations, options, false);
  let ready = false;
  host.network.onRequest((request): Json | Promise<Json> => {
    const message = request as { readonly [name: string]: Json };
    return (ready && sync.answer(message)) || { type: 'fail', error: ready ? 'unknown' : 'starting' };
  });
  try {
    await conversations.open();
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    host.exit(error.message);
    return;
  }
  ready = true;
  const others = hosts.server!.filter((server) => server !== host.name);
  if (others.length === 0 || flaw('servers-apart')) return;
  for (let turn = host.random.integer(0, others.length - 1); ; turn++) {
    await host.sleep(options.syncInterval);
    await sync.with(others[turn % others.length]!);
  }
}
