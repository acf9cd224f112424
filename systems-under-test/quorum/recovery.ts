import { type Host, HostError, type Json, type Setting } from '../../harness/contract/index.ts';
import type { HashRing } from '../shared/hash-ring.ts';
import type { AntiEntropy } from './anti-entropy.ts';
import type { Fields } from './copies.ts';
import { copiesOf, type QuorumOptions } from './options.ts';
import type { Replica } from './replica.ts';

/**
 * Gets back what this server's disk may have lost, before it answers reads. A write that it had acknowledged is on w - 1 other servers of its key at least, so that
 * any n - w + 1 of the other n - 1 have one that knows it: so many must have told everything they know, for every preference list in which this server is.
 * (If w is 1 nobody else may know it, and it is lost.) Writes are taken in meanwhile, for they are new.
 *
 * A server that starts for the first time does the same: it cannot tell an empty disk from a lost one.
 */
export async function recoverCopy(
  host: Host,
  { options, hosts }: Setting<QuorumOptions>,
  ring: HashRing,
  replica: Replica,
  antiEntropy: AntiEntropy,
): Promise<void> {
  const lists = ring.preferenceLists(copiesOf(options)).filter((list) => list.includes(host.name));
  const told = new Set<string>();
  const isEnough = (): boolean =>
    lists.every(
      (list) =>
        list.filter((server) => told.has(server)).length >=
        Math.min(list.length - 1, list.length - options.w + 1),
    );
  while (!replica.complete) {
    const others = hosts.server!.filter((server) => server !== host.name && !told.has(server));
    try {
      await Promise.all(
        others.map(async (server) => {
          if (await copyFrom(host, options, server, antiEntropy)) told.add(server);
        }),
      );
      if (isEnough()) await replica.completed();
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
    }
    if (!replica.complete) await host.sleep(options.handOffInterval);
  }
  host.note('complete', { told: [...told] });
}

/** Whether the server told everything, and it is on this server's disk. @throws DiskFull, DiskFailure */
async function copyFrom(
  host: Host,
  { replicaTimeout }: QuorumOptions,
  server: string,
  antiEntropy: AntiEntropy,
): Promise<boolean> {
  let reply: Fields;
  try {
    reply = (await host.network.request(server, { f: 'snapshot' }, { timeout: replicaTimeout })) as Fields;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return false;
  }
  if (reply.type !== 'ok') return false;
  return antiEntropy.mergeAll(reply.entries as readonly (readonly [string, Json])[]);
}
