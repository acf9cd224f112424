import { type Host, MILLISECOND, machineOf, SECOND, type Setting } from '../../../harness/contract/index.ts';
import type { EtcdOptions } from './options.ts';

export const CLIENT_PORT = 2379;
const PEER_PORT = 2380;

/** For a server on a machine that is busy with other things. */
const START_WITHIN = 30 * SECOND;

/** One member of a static cluster, as in etcd's clustering guide. Notes when it becomes the leader. */
export async function startMember(host: Host, { options, hosts }: Setting<EtcdOptions>): Promise<void> {
  const machine = machineOf(host);
  const peer = (name: string): string => `http://${machine.addressOf(name)}:${PEER_PORT}`;
  const etcd = machine.spawn('etcd', [
    'etcd',
    `--name=${host.name}`,
    '--data-dir=data',
    '--logger=zap',
    `--initial-cluster=${hosts.server!.map((name) => `${name}=${peer(name)}`).join(',')}`,
    '--initial-cluster-state=new',
    `--initial-advertise-peer-urls=${peer(host.name)}`,
    `--listen-peer-urls=${peer(host.name)}`,
    `--advertise-client-urls=http://${machine.address}:${CLIENT_PORT}`,
    `--listen-client-urls=http://${machine.address}:${CLIENT_PORT}`,
    `--heartbeat-interval=${Math.round(options.heartbeat / MILLISECOND)}`,
    `--election-timeout=${Math.round(options.election / MILLISECOND)}`,
  ]);
  etcd.onLine((line) => {
    if (/became leader at term/.test(line)) host.note('leader', null);
  });
  await etcd.line(
    /ready to serve client requests|serving (insecure )?client (traffic|requests)/,
    START_WITHIN,
  );
}
