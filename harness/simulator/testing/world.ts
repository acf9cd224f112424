import type { Observation } from '../../../histories/index.ts';
import type { Limits, Topology, WorldSettings } from '../../contract/index.ts';
import { createSimulator, type Simulator } from '../simulator.ts';
import type { TraceOptions } from '../trace.ts';

export const LIMITS: Limits = { events: 1e7, eventsPerInstant: 1e5, realSeconds: 30, memoryMegabytes: 512 };

/** Settings without chance: every figure in a test can be worked out by hand. */
export const EXACT: WorldSettings = {
  tick: 1,
  hopLatency: 50_000,
  jitter: 0,
  slowShare: 0,
  loss: 0,
  linkBitsPerSecond: 0,
  transportChecksum: true,
  cpuPerEvent: 10_000,
  cpuPerKilobyte: 0,
  queueLimit: 1000,
  diskWriteLatency: 50_000,
  diskSyncLatency: 500_000,
  diskReadLatency: 100_000,
};

/** Hosts `n1`, `n2`, ... in one rack: two hops from each other. */
export function oneRack(hosts: number): Topology {
  const specs = Array.from({ length: hosts }, (_, i) => ({ name: `n${i + 1}`, role: 'server' }));
  return {
    datacenters: [{ name: 'dc1', clusterSwitches: 1, racks: [{ name: 'r1', row: 'row1', hosts: specs }] }],
    cables: [],
  };
}

export interface TestWorld {
  readonly world: Simulator;
  readonly observations: Omit<Observation, 'index'>[];
}

export function testWorld(
  hosts = 2,
  settings: Partial<WorldSettings> = {},
  more: {
    readonly seed?: number;
    readonly topology?: Topology;
    readonly limits?: Partial<Limits>;
    readonly trace?: TraceOptions;
  } = {},
): TestWorld {
  const observations: Omit<Observation, 'index'>[] = [];
  const world = createSimulator({
    seed: more.seed ?? 1,
    topology: more.topology ?? oneRack(hosts),
    settings: { ...EXACT, ...settings },
    limits: { ...LIMITS, ...more.limits },
    observe: (observation) => observations.push(observation),
    trace: more.trace,
  });
  return { world, observations };
}
