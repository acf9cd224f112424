import {
  type Host,
  type Json,
  MILLISECOND,
  machineOf,
  type Nanos,
  type Setting,
} from '../../../harness/contract/index.ts';
import { Cluster } from './cluster.ts';
import type { PostgresqlOptions } from './options.ts';

const LOOK_EVERY: Nanos = 300 * MILLISECOND;

/**
 * A server, and with replication the script that many shops write for themselves: the standby promotes itself when the primary has been silent for a while; a primary
 * that meets another one with a later timeline throws its data away and becomes the standby of that. Nobody is asked, so a partition
 * makes two primaries: what that costs depends on whether replication is synchronous. Notes who leads.
 */
export async function startServer(host: Host, setting: Setting<PostgresqlOptions>): Promise<void> {
  const { options, hosts, workload } = setting;
  const cluster = new Cluster(host, options);
  const machine = machineOf(host);
  const [first, second] = hosts.server!;
  const other = host.name === first ? second : first;
  if (host.incarnation > 1) await cluster.start();
  else if (host.name === first) {
    await cluster.create(accountsOf(workload));
    host.note('leader', null);
  } else {
    await answering(host, cluster, machine.addressOf(first!));
    await cluster.copyFrom(machine.addressOf(first!));
  }
  if (other !== undefined) watch(host, cluster, machine.addressOf(other), options.failoverAfter);
}

async function answering(host: Host, cluster: Cluster, address: string): Promise<void> {
  for (;;) {
    try {
      await cluster.standingOf(address);
      return;
    } catch {
      await host.sleep(LOOK_EVERY);
    }
  }
}

/** Looks at the other server again and again, for as long as this incarnation lives. */
function watch(host: Host, cluster: Cluster, other: string, failoverAfter: Nanos): void {
  const own = machineOf(host).address;
  let heardAt = host.clock.monotonic();
  const look = async (): Promise<void> => {
    try {
      const there = await cluster.standingOf(other);
      heardAt = host.clock.monotonic();
      if (there.inRecovery) return;
      const here = await cluster.standingOf(own);
      if (here.inRecovery || here.timeline >= there.timeline) return;
      host.note('rejoins', { timeline: here.timeline, after: there.timeline });
      await cluster.stop();
      await cluster.copyFrom(other);
    } catch (error) {
      if (host.clock.monotonic() - heardAt < failoverAfter) return;
      await takeOver(host, cluster, own, error);
      heardAt = host.clock.monotonic();
    }
  };
  const again = (): void => {
    host.after(LOOK_EVERY, () => look().finally(again));
  };
  again();
}

async function takeOver(host: Host, cluster: Cluster, own: string, why: unknown): Promise<void> {
  try {
    if (!(await cluster.standingOf(own)).inRecovery) return;
    await cluster.promote();
    host.note('leader', null);
    host.note('promoted', why instanceof Error ? why.message.slice(-200) : null);
  } catch {
    // It does not answer either: it is paused, or starts, or stops. The next look will show.
  }
}

/** Balances that add up to the total of a bank. */
function accountsOf({ name, options }: { readonly name: string; readonly options: Json }): string {
  if (name !== 'bank') return '';
  const { accounts = 8, total = 100 } = options as { readonly accounts?: number; readonly total?: number };
  const share = Math.floor(total / accounts);
  const rows = Array.from(
    { length: accounts },
    (_, id) => `(${id}, ${id === 0 ? total - share * (accounts - 1) : share})`,
  );
  return `INSERT INTO accounts VALUES ${rows.join(', ')};`;
}
