import { DiskFull, type Host, HostError, type Json, type Setting } from '../../harness/contract/index.ts';
import { loadSealed, seal } from '../shared/sealed.ts';
import { type PrimaryBackupOptions, quorumOf } from './options.ts';
import type { Ping } from './view.ts';
import { type Keeping, NOTHING_KEPT, ViewKeeper } from './view-keeper.ts';

const FILE = 'view';

/** The host of the view service: hears pings, keeps the view on disk before it tells anybody, tells it to whoever asks. */
export async function startViewService(host: Host, setting: Setting<PrimaryBackupOptions>): Promise<void> {
  const { options, hosts, flaw } = setting;
  let keeper: ViewKeeper | undefined;
  let storing = false;

  async function decide(): Promise<void> {
    if (keeper === undefined || storing) return;
    const next = keeper.next(host.clock.monotonic());
    if (next === undefined) return;
    storing = true;
    try {
      if (!flaw('view-not-persisted')) await host.disk.replace(FILE, seal(next));
      if (next.view.number !== keeper.kept.view.number) host.note('view', next.view);
      keeper.settle(next);
    } catch (error) {
      // Without room the old view stays; the next tick tries again. A failed disk is the end: what was kept is not certain.
      if (!(error instanceof HostError)) throw error;
      if (!(error instanceof DiskFull)) host.exit(error.message);
    } finally {
      storing = false;
    }
  }

  host.network.onRequest(async (message, from): Promise<Json> => {
    const ping = message as Ping | { readonly f: 'view' };
    if (keeper === undefined) throw new HostError('starting', 'the view service is not ready', true);
    if (ping.f === 'ping') {
      keeper.hear(from, ping, host.clock.monotonic());
      await decide();
    }
    const { view, complete } = keeper.kept;
    return { view, complete: complete === view.number };
  });

  let kept: Keeping;
  try {
    kept = (loadSealed(await host.disk.read(FILE), FILE) as Keeping | undefined) ?? NOTHING_KEPT;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    host.exit(error.message);
    return;
  }
  const { servers } = { servers: hosts.server! };
  keeper = new ViewKeeper(
    { servers, deadAfter: options.deadAfter, quorum: quorumOf(options) },
    kept,
    host.clock.monotonic(),
  );
  for (;;) {
    await host.sleep(options.pingInterval);
    await decide();
  }
}
