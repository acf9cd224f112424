import type { Host, Setting } from '../../harness/contract/index.ts';
import { KeyValue } from './key-value.ts';
import type { ClientRequest } from './messages.ts';
import { Node } from './node.ts';
import { type RaftOptions, settingsOf } from './options.ts';

/** What only the operator asks. */
const ADMINISTRATION = ['members', 'add-server', 'remove-server'];

/** A server of the system `raft`: a member of one group that replicates a key-value store, and answers its clients. */
export async function startServer(host: Host, setting: Setting<RaftOptions>): Promise<void> {
  const settings = settingsOf(setting.options);
  const machine = new KeyValue(host.memory, settings.sessions, {
    retryAppliedTwice: setting.flaw('retry-applied-twice'),
    snapshotForgetsSessions: setting.flaw('snapshot-forgets-sessions'),
  });
  const node = await Node.start(host, {
    members: setting.hosts.server ?? [],
    spares: setting.hosts.standby ?? [],
    settings,
    machine,
    flaw: (name) => setting.flaw(name),
  });
  host.network.onRequest((message) => {
    const request = message as ClientRequest;
    if (ADMINISTRATION.includes(request.f)) return node.administer(request);
    if (request.f !== 'read') return node.command(request);
    return request.key === null ? { status: 'fail', error: 'malformed' } : node.read(request.key);
  });
}
