import { type Host, machineOf, SECOND, type Setting } from '../../../harness/contract/index.ts';
import { redisConfiguration, sentinelConfiguration } from './configuration.ts';
import type { RedisOptions } from './options.ts';

/** For a server on a machine that is busy with other things. */
const START_WITHIN = 20 * SECOND;

/** A Redis server and a Sentinel on one host, as in the three-box setup of Sentinel's documentation. Notes who leads. */
export async function startServer(host: Host, { options, hosts }: Setting<RedisOptions>): Promise<void> {
  const machine = machineOf(host);
  const servers = hosts.server!.map((name) => machine.addressOf(name));
  const primary = servers[0]!;
  const fresh = host.incarnation === 1;
  if (fresh) {
    machine.writeFile('redis.conf', redisConfiguration(options, machine.address, primary));
    machine.writeFile('sentinel.conf', sentinelConfiguration(options, machine.address, servers));
  }
  const redis = machine.spawn('redis', ['redis-server', 'redis.conf']);
  redis.onLine((line) => {
    // Printed when a replica is promoted.
    if (line.includes('MASTER MODE enabled')) host.note('leader', null);
  });
  await redis.line(/Ready to accept connections/, START_WITHIN);
  if (fresh && machine.address === primary) host.note('leader', null);
  if (fresh && machine.address !== primary)
    await redis.line(/MASTER <-> REPLICA sync: Finished with success/, START_WITHIN);
  const sentinel = machine.spawn('sentinel', ['redis-server', 'sentinel.conf', '--sentinel']);
  await sentinel.line(/\+monitor master/, START_WITHIN);
}
