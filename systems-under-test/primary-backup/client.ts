import type { Client, Host, Setting } from '../../harness/contract/index.ts';
import { LeaderClient } from '../shared/leader-client.ts';
import type { PrimaryBackupOptions } from './options.ts';
import type { View } from './view.ts';

/** Learns the view from the view service or, when that is silent, from the servers; sends everything to the primary. */
export function makeClient(host: Host, { options, hosts }: Setting<PrimaryBackupOptions>): Client {
  return new LeaderClient<View>(host, {
    ...options,
    lookUpTimeout: options.forwardTimeout,
    sources: [hosts.view![0]!, ...hosts.server!],
    question: { f: 'view' },
    told: ({ view }) => view as View | null | undefined,
    target: (_f, { primary }) => primary,
    nobody: 'no-primary',
  });
}
