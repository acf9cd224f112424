import type { Host, Setting } from '../../harness/contract/index.ts';
import { startMembershipService } from '../shared/membership-service.ts';
import { type PrimaryBackupOptions, quorumOf } from './options.ts';
import type { Ping } from './view.ts';
import { type Keeping, NOTHING_KEPT, ViewKeeper } from './view-keeper.ts';

/** The host of the view service. */
export function startViewService(
  host: Host,
  { options, hosts, flaw }: Setting<PrimaryBackupOptions>,
): Promise<void> {
  const keeping = { servers: hosts.server!, deadAfter: options.deadAfter, quorum: quorumOf(options) };
  return startMembershipService<Keeping, Ping, ViewKeeper>(host, {
    file: 'view',
    interval: options.pingInterval,
    keeper: (kept = NOTHING_KEPT, now) => new ViewKeeper(keeping, kept, now),
    membership: ({ view }) => view,
    answer({ kept: { view, complete } }) {
      return { view, complete };
    },
    forgetful: flaw('view-not-persisted'),
  });
}
