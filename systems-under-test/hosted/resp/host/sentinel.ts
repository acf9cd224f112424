import type { Host } from '../../../../harness/contract/index.ts';
import { fromBytes, toBytes } from '../protocol/bytes.ts';
import { Sentinel, type SentinelMemory } from '../sentinel/sentinel.ts';
import { hostEnvironment, serveOn } from './environment.ts';
import { fileStorage } from './storage.ts';

const CONFIGURATION = '/data/sentinel.json';

export interface SentinelProgram {
  /** Name of the group of servers. Default: `mymaster`. */
  readonly name?: string;
  /** The first primary's host. */
  readonly primary: string;
  /** Default: 6379. */
  readonly primaryPort?: number;
  /** Default: 26379. */
  readonly port?: number;
  /** Hosts of all sentinels. */
  readonly sentinels: readonly string[];
  /** Default: a majority of them. */
  readonly quorum?: number;
  /** Milliseconds. Default: 5000. */
  readonly downAfter?: number;
  /** Milliseconds. Default: 60000. */
  readonly failoverTimeout?: number;
}

/** Runs a sentinel on a simulated host; what it may not forget is on the host's disk. @throws Error where the world has no sockets */
export function startSentinel(host: Host, options: SentinelProgram): Sentinel {
  const { native } = host;
  if (native === undefined) throw new Error('sentinel: expected the simulated world, which has sockets');
  const { port = 26379, sentinels, primaryPort = 6379 } = options;
  const storage = fileStorage(host, native, CONFIGURATION);
  const kept = fromBytes(storage.read());
  // Servers tell each other addresses, not names.
  const addressOf = (name: string): string => native.sockets.addressOf(name) ?? name;
  const sentinel = new Sentinel(
    hostEnvironment(host, native),
    {
      name: options.name ?? 'mymaster',
      primary: { host: addressOf(options.primary), port: primaryPort },
      peers: sentinels.filter((name) => name !== host.name).map((name) => ({ host: addressOf(name), port })),
      quorum: options.quorum ?? Math.floor(sentinels.length / 2) + 1,
      downAfter: options.downAfter ?? 5000,
      failoverTimeout: options.failoverTimeout ?? 60_000,
      port,
    },
    kept === '' ? null : (JSON.parse(kept) as SentinelMemory),
    (memory) => storage.replace(toBytes(JSON.stringify(memory))),
  );
  serveOn(native, port, sentinel.server, () => {});
  return sentinel;
}
