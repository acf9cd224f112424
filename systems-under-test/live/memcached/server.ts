import { type Host, machineOf, SECOND } from '../../../harness/contract/index.ts';
import { Cluster } from '../postgresql/cluster.ts';
import { answers } from '../shared/answers.ts';
import { CACHE_PORT } from './connection.ts';

const START_WITHIN = 20 * SECOND;
/** Entries are small and few. */
const MEGABYTES = 64;

/** The cache: empty again after each start. */
export async function startCache(host: Host): Promise<void> {
  const machine = machineOf(host);
  const { address } = machine;
  // It refuses to run as root unless told to.
  const command = [
    'memcached',
    '-l',
    address,
    '-p',
    String(CACHE_PORT),
    '-m',
    String(MEGABYTES),
    '-u',
    'root',
  ];
  const server = machine.spawn('memcached', command);
  await Promise.race([answers(machine, `${address}:${CACHE_PORT}`, START_WITHIN), server.gone()]);
}

/** The store: PostgreSQL alone. */
export async function startStore(host: Host): Promise<void> {
  const cluster = new Cluster(host, { replication: 'none', synchronousCommit: 'on' });
  await (host.incarnation > 1 ? cluster.start() : cluster.create(''));
}
