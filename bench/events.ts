import type { Host, Limits, Topology, WorldSettings } from '../harness/contract/index.ts';
import { createSimulator, type Simulator } from '../harness/simulator/index.ts';

export const LIMITS: Limits = { events: 1e9, eventsPerInstant: 1e8, realSeconds: 600, memoryMegabytes: 4096 };

export const SETTINGS: WorldSettings = {
  tick: 1,
  hopLatency: 50_000,
  jitter: 100_000,
  slowShare: 0.001,
  loss: 0,
  linkBitsPerSecond: 0,
  transportChecksum: true,
  cpuPerEvent: 0,
  cpuPerKilobyte: 0,
  queueLimit: 10_000,
  diskWriteLatency: 50_000,
  diskSyncLatency: 500_000,
  diskReadLatency: 100_000,
};

export function oneRack(hosts: number): Topology {
  return {
    datacenters: [
      {
        name: 'dc1',
        clusterSwitches: 1,
        racks: [
          {
            name: 'r1',
            row: 'row1',
            hosts: Array.from({ length: hosts }, (_, i) => ({ name: `n${i + 1}`, role: 'server' })),
          },
        ],
      },
    ],
    cables: [],
  };
}

/** Hosts that pass messages round by callbacks, `balls` of them at once. One delivery each is one arrival event. */
export function ring(
  hosts: number,
  balls: number,
  settings: WorldSettings,
  asynchronous: boolean,
): { world: Simulator; deliveries: () => number } {
  let delivered = 0;
  const world = createSimulator({
    seed: 1,
    topology: oneRack(hosts),
    settings,
    limits: LIMITS,
    observe: () => {},
  });
  for (let i = 0; i < hosts; i++) {
    const next = `n${((i + 1) % hosts) + 1}`;
    world.boot(`n${i + 1}`, (host: Host) => {
      host.network.onMessage(
        asynchronous
          ? async (message) => {
              delivered++;
              await Promise.resolve();
              host.network.send(next, message);
            }
          : (message) => {
              delivered++;
              host.network.send(next, message);
            },
      );
      if (i === 0) for (let ball = 0; ball < balls; ball++) host.network.send(next, { type: 'ball', ball });
    });
  }
  return { world, deliveries: () => delivered };
}

/** Timers that set themselves again: the bare loop of the engine. */
export function timers(hosts: number, settings: WorldSettings): Simulator {
  const world = createSimulator({
    seed: 1,
    topology: oneRack(hosts),
    settings,
    limits: LIMITS,
    observe: () => {},
  });
  for (let i = 1; i <= hosts; i++) {
    world.boot(`n${i}`, (host) => {
      const tick = (): void => {
        host.after(1000 + i, tick);
      };
      tick();
    });
  }
  return world;
}
