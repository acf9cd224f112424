import type { Nanos, Topology } from '../../harness/contract/index.ts';
import { createSimulator } from '../../harness/simulator/index.ts';
import { startMachine } from '../../systems-under-test/fleet/machine.ts';
import { Manager } from '../../systems-under-test/fleet/manager.ts';
import { type FleetOptions, rackOf } from '../../systems-under-test/fleet/options.ts';

export interface FleetResult {
  readonly failures: number;
  readonly rackFailures: number;
  readonly repaired: number;
  /** Groups of which the last copy was lost. */
  readonly lost: number;
  /** Mean time from a failure to its detection. */
  readonly detection: Nanos;
  readonly events: number;
  readonly digest: string | undefined;
}

/** A microsecond: virtual time then lasts for 834 days. */
const TICK = 1000;

const MANAGER = 'manager';
const machine = (nth: number): string => `m${nth + 1}`;

function topologyOf(options: FleetOptions): Topology {
  const hosts: { name: string; role: string }[][] = Array.from({ length: options.racks }, () => []);
  for (let nth = 0; nth < options.machines; nth++)
    hosts[rackOf(nth, options)]!.push({ name: machine(nth), role: 'machine' });
  hosts[0]!.unshift({ name: MANAGER, role: 'manager' });
  const racks = hosts.map((inRack, nth) => ({ name: `r${nth + 1}`, row: 'row-1', hosts: inRack }));
  return { datacenters: [{ name: 'dc1', clusterSwitches: 3, racks }], cables: [] };
}

/** A fleet for so long, in the simulator: every machine a host, every message a packet. */
export async function simulateFleet(options: FleetOptions, time: Nanos, seed: number): Promise<FleetResult> {
  const counts = { failed: 0, 'rack-failed': 0, repaired: 0, lost: 0, detected: 0 };
  const failedAt = new Map<string, Nanos>();
  let latency = 0;
  const topology = topologyOf(options);
  const world = createSimulator({
    seed,
    topology,
    settings: {
      tick: TICK,
      hopLatency: 50_000,
      jitter: 0,
      slowShare: 0,
      loss: 0,
      linkBitsPerSecond: 0,
      transportChecksum: true,
      cpuPerEvent: 0,
      cpuPerKilobyte: 0,
      queueLimit: 1_000_000,
      diskWriteLatency: 0,
      diskSyncLatency: 0,
      diskReadLatency: 0,
    },
    limits: { events: 1e9, eventsPerInstant: 1e8, realSeconds: 3600, memoryMegabytes: 4096 },
    observe: ({ kind, host, data, time: at }) => {
      if (!(kind in counts)) throw new Error(`${host}: ${kind} ${JSON.stringify(data)}`);
      counts[kind as keyof typeof counts]++;
      if (kind === 'failed') failedAt.set(host, at);
      if (kind === 'detected') latency += at - failedAt.get(String(data))!;
    },
  });
  const machines = Array.from({ length: options.machines }, (_, nth) => machine(nth));
  const inRack = (nth: number) => topology.datacenters[0]!.racks[nth]!.hosts.map(({ name }) => name);
  world.boot(MANAGER, (host) => new Manager(host, options, machines).start());
  for (const [nth, name] of machines.entries()) {
    const isFirst = nth === 0 || rackOf(nth - 1, options) !== rackOf(nth, options);
    const rack = isFirst ? inRack(rackOf(nth, options)).filter((each) => each !== MANAGER) : undefined;
    world.boot(name, (host) => startMachine(host, options, MANAGER, rack));
  }
  world.at(time, () => world.stop());
  const { events, digest } = await world.run();
  const { failed, 'rack-failed': rackFailures, repaired, lost, detected } = counts;
  return { failures: failed, rackFailures, repaired, lost, detection: latency / detected, events, digest };
}
