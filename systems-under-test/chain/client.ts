import type { Client, Host, Setting } from '../../harness/contract/index.ts';
import { LeaderClient } from '../shared/leader-client.ts';
import type { Configuration } from './configuration.ts';
import type { ChainOptions } from './options.ts';

/** Learns the configuration from the master or, when that is silent, from the servers; sends updates to the head and reads to the tail, or to any server. */
export function makeClient(host: Host, { options, hosts }: Setting<ChainOptions>): Client {
  return new LeaderClient<Configuration>(host, {
    ...options,
    lookUpTimeout: options.forwardTimeout,
    sources: [hosts.master![0]!, ...hosts.server!],
    question: { f: 'configuration' },
    told: ({ configuration }) => configuration as Configuration | undefined,
    target(f, { chain }) {
      if (f !== 'read') return chain[0]!;
      return options.reads === 'any' ? host.random.pick(chain) : chain.at(-1)!;
    },
    nobody: 'no-chain',
  });
}
