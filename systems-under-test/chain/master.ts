import type { Host, Setting } from '../../harness/contract/index.ts';
import { startMembershipService } from '../shared/membership-service.ts';
import type { Ping, PingReply } from './configuration.ts';
import { ChainKeeper, type Keeping, NOTHING_KEPT } from './keeper.ts';
import type { ChainOptions } from './options.ts';

/** The host of the master. */
export function startMaster(host: Host, { options, hosts }: Setting<ChainOptions>): Promise<void> {
  return startMembershipService<Keeping, Ping, ChainKeeper>(host, {
    file: 'configuration',
    interval: options.pingInterval,
    keeper: (kept = NOTHING_KEPT, now) => new ChainKeeper({ ...options, servers: hosts.server! }, kept, now),
    membership: ({ configuration }) => configuration,
    answer(keeper, from, ping, storing) {
      const { configuration, since } = keeper.kept;
      if (ping === undefined) return { configuration };
      // A configuration that is being stored was decided on leases as they were: none is given meanwhile.
      const lease = !storing && keeper.lease(from, host.clock.monotonic());
      const reply: PingReply = { configuration, since: since[from] ?? 0, lease };
      return reply;
    },
  });
}
