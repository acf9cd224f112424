import { DiskFull, type Host, HostError, type Json, type Setting } from '../../harness/contract/index.ts';
import { loadSealed, seal } from '../shared/sealed.ts';
import type { Ping, PingReply } from './configuration.ts';
import { ChainKeeper, type Keeping, NOTHING_KEPT } from './keeper.ts';
import type { ChainOptions } from './options.ts';

const FILE = 'configuration';

/** The host of the master: hears pings, keeps the configuration on disk before it tells anybody, tells it to whoever asks. */
export async function startMaster(host: Host, setting: Setting<ChainOptions>): Promise<void> {
  const { options, hosts } = setting;
  let keeper: ChainKeeper | undefined;
  let storing = false;

  async function decide(): Promise<void> {
    if (keeper === undefined || storing) return;
    const next = keeper.next(host.clock.monotonic());
    if (next === undefined) return;
    storing = true;
    try {
      await host.disk.replace(FILE, seal(next));
      if (next.configuration.number !== keeper.kept.configuration.number)
        host.note('configuration', next.configuration);
      keeper.settle(next);
    } catch (error) {
      // Without room the old configuration stays; the next tick tries again. A failed disk is the end: what was kept is not certain.
      if (!(error instanceof HostError)) throw error;
      if (!(error instanceof DiskFull)) host.exit(error.message);
    } finally {
      storing = false;
    }
  }

  host.network.onRequest(async (message, from): Promise<Json> => {
    const ping = message as Ping | { readonly f: 'configuration' };
    if (keeper === undefined) throw new HostError('starting', 'the master is not ready', true);
    if (ping.f !== 'ping') return { configuration: keeper.kept.configuration };
    keeper.hear(from, ping, host.clock.monotonic());
    await decide();
    const { configuration, since } = keeper.kept;
    // A configuration that is being stored was decided on leases as they were: none is given meanwhile.
    const lease = !storing && keeper.lease(from, host.clock.monotonic());
    const reply: PingReply = { configuration, since: since[from] ?? 0, lease };
    return reply;
  });

  let kept: Keeping;
  try {
    kept = (loadSealed(await host.disk.read(FILE), FILE) as Keeping | undefined) ?? NOTHING_KEPT;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    host.exit(error.message);
    return;
  }
  const { deadAfter, leaseTime, resiliency } = options;
  keeper = new ChainKeeper(
    { servers: hosts.server!, deadAfter, leaseTime, resiliency },
    kept,
    host.clock.monotonic(),
  );
  for (;;) {
    await host.sleep(options.pingInterval);
    await decide();
  }
}
