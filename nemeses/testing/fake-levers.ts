import type {
  Applied,
  Evidence,
  Lever,
  Levers,
  Random,
  Scene,
  Topology,
} from '../../harness/contract/index.ts';
import { allHosts } from '../hosts.ts';

/** For tests: levers that do nothing but write down what was pulled and what was healed. */
export interface FakeLevers extends Levers {
  /** `[lever, ...arguments]`, and `['heal', n]` for the n-th pull, from 0. */
  readonly calls: readonly (readonly unknown[])[];
}

const ALL: readonly Lever[] = [
  'partition',
  'packets',
  'packet-loss',
  'wire-bits',
  'switch',
  'cable',
  'kill',
  'power',
  'pause',
  'slow',
  'clock',
  'memory-bits',
  'disk-bits',
  'disk-full',
  'disk-slow',
  'disk-destroy',
  'disk-sync',
  'files',
  'configuration',
  'load',
];

/** @param evidence Of the n-th pull. */
export function fakeLevers(
  evidence: (pull: number) => Evidence = () => ({ outcome: 'bit', figures: {} }),
): FakeLevers {
  const calls: (readonly unknown[])[] = [];
  let pulls = 0;
  const pull = (...call: readonly unknown[]): Applied => {
    const nth = pulls++;
    let healed = false;
    calls.push(call);
    return {
      heal() {
        if (!healed) calls.push(['heal', nth]);
        healed = true;
      },
      evidence: () => evidence(nth),
    };
  };
  return {
    calls,
    supported: new Set(ALL),
    block: (pairs) => pull('block', pairs),
    impair: (rule) => pull('impair', rule),
    switchDown: (name) => pull('switchDown', name),
    cableDown: (name) => pull('cableDown', name),
    kill: (host) => pull('kill', host),
    terminate: (host) => pull('terminate', host),
    power: (host, unsynced) => pull('power', host, unsynced),
    atWrite: (hosts, what, within, act) => {
      calls.push(['atWrite', hosts, what, within]);
      return act();
    },
    pause: (host, what) => pull('pause', host, what),
    slow: (host, factor) => pull('slow', host, factor),
    clock: (host, change) => pull('clock', host, change),
    flipMemory: (host, bits, words) => pull('flipMemory', host, bits, words),
    flipDisk: (host, bits, file) => pull('flipDisk', host, bits, file),
    badSector: (host, file) => pull('badSector', host, file),
    fillDisk: (host) => pull('fillDisk', host),
    slowDisk: (host, factor) => pull('slowDisk', host, factor),
    failSyncs: (host) => pull('failSyncs', host),
    destroyDisk: (host) => pull('destroyDisk', host),
    deleteFiles: (host, file) => pull('deleteFiles', host, file),
    configure: (host, change, options) => pull('configure', host, change, options),
    load: (host, requests) => pull('load', host, requests),
  };
}

/** For tests: draws the first of everything; shuffling changes nothing. */
export const firstOfAll: Random = {
  uint32: () => 0,
  integer: (from) => from,
  fraction: () => 0,
  chance: () => false,
  pick: (items) => items[0]!,
  shuffle: (items) => [...items],
  exponential: (mean) => mean,
};

export function fakeScene(topology: Topology, levers: Levers, leader?: string): Scene {
  const hosts: { [role: string]: string[] } = {};
  for (const { name, role } of topology.datacenters
    .flatMap(({ racks }) => racks)
    .flatMap((rack) => rack.hosts)) {
    hosts[role] = [...(hosts[role] ?? []), name];
  }
  return { levers, topology, hosts, everyone: allHosts(topology), leader: () => leader, random: firstOfAll };
}

/**
 * For tests: servers `n1` to `n5` and clients `c1` to `c5`, one of each in the racks `r1` to `r5`; the first two racks are `row-1`, the others `row-2`. With
 * `far`, a second data centre `dc2` with `n6` and `c6` in rack `r6` at the cable `sea`.
 */
export function twoRows(far = false): Topology {
  const rack = (nth: number) => ({
    name: `r${nth}`,
    row: nth <= 2 ? 'row-1' : 'row-2',
    hosts: [
      { name: `n${nth}`, role: 'server' },
      { name: `c${nth}`, role: 'client' },
    ],
  });
  const near = { name: 'dc1', clusterSwitches: 3, racks: [1, 2, 3, 4, 5].map(rack) };
  if (!far) return { datacenters: [near], cables: [] };
  return {
    datacenters: [near, { name: 'dc2', clusterSwitches: 1, racks: [rack(6)] }],
    cables: [{ name: 'sea', between: ['dc1', 'dc2'], latency: 30_000_000 }],
  };
}
