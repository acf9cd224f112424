import { type Host, HostError, type Setting } from '../../harness/contract/index.ts';
import type { Report } from './messages.ts';
import { frontHosts, type WebTierOptions } from './options.ts';
import { Scaling } from './scaling.ts';

/**
 * Asks the front ends how busy they are, decides how many are wanted, starts them, and tells the balancers which serve. It says what shall
 * be over and over again, and remembers nothing that cannot be asked: after a restart, or when messages are lost, the
 * next round puts it right.
 */
export async function startAutoscaler(
  host: Host,
  { options, hosts }: Setting<WebTierOptions>,
): Promise<void> {
  const all = hosts.front!.slice(0, frontHosts(options));
  const scaling = new Scaling({
    least: options.frontEnds,
    most: options.frontEndsMost,
    target: options.scaleTarget,
  });
  const busyBefore = new Map<string, number>();
  let lookedAt = host.clock.monotonic();
  let announced = '';

  async function ask(name: string, f: string): Promise<Report | undefined> {
    try {
      return (await host.network.request(name, { f }, { timeout: options.scaleEvery })) as Report;
    } catch (error) {
      if (error instanceof HostError) return undefined;
      throw error;
    }
  }

  for (;;) {
    await host.sleep(options.scaleEvery);
    const reports = new Map<string, Report | undefined>();
    await Promise.all(all.map(async (name) => void reports.set(name, await ask(name, 'report'))));

    const now = host.clock.monotonic();
    let busy = 0;
    let queued = 0;
    for (const name of all) {
      const report = reports.get(name);
      // A front end that was started anew counts from 0.
      if (report !== undefined) busy += Math.max(0, report.busy - (busyBefore.get(name) ?? report.busy));
      queued += report?.queued ?? 0;
      if (report !== undefined) busyBefore.set(name, report.busy);
    }
    const complete = all.slice(0, scaling.wanted).every((name) => reports.get(name) !== undefined);
    const wanted = all.slice(0, scaling.look(now - lookedAt, busy, queued, complete));
    lookedAt = now;

    for (const name of wanted) if (reports.get(name)?.ready === false) void ask(name, 'start');
    const ready = wanted.filter((name) => reports.get(name)?.ready === true);
    // Those that never say anything may still serve, and a balancer finds out by itself.
    const members = ready.length > 0 ? ready : all.slice(0, options.frontEnds);
    for (const balancer of hosts.balancer!) host.network.send(balancer, { members });
    if (members.join() !== announced) {
      announced = members.join();
      host.note('members', { members });
    }
  }
}
