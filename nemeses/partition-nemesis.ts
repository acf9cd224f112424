import fc, { type Arbitrary } from 'fast-check';
import type { ScheduledFault, Surroundings, Topology } from '../harness/contract/index.ts';
import { allHosts, clientHosts, hostsInRacks, serverHosts } from './hosts.ts';

/** Names of hosts that a fault with a list of hosts or racks puts on one side. */
export function sideOf({ target }: ScheduledFault, topology: Topology): string[] {
  if ('hosts' in target) return [...target.hosts];
  if ('racks' in target) return hostsInRacks(topology, target.racks);
  return [];
}

/**
 * Servers on the side that has fewer of them; this side if both have as many. Clients never count: cutting them off breaks no
 * server. Nor does a bridge, which is on both sides.
 */
export function smallerSide(side: readonly string[], topology: Topology, bridge?: string): string[] {
  const inside = new Set(side);
  const servers = serverHosts(topology).filter((host) => host !== bridge);
  const here = servers.filter((host) => inside.has(host));
  const there = servers.filter((host) => !inside.has(host));
  return here.length <= there.length ? here : there;
}

/** There is someone to be cut off from, if only a client, and a server may be cut off. */
export function twoSides({ candidates, topology, most }: Surroundings): boolean {
  return candidates.length > 0 && most > 0 && allHosts(topology).length > 1;
}

/** Some of the candidates, and any of the clients, on one side: the first names are servers. */
export function sides(surroundings: Surroundings): Arbitrary<{ readonly hosts: readonly string[] }> {
  const { candidates, topology, most } = surroundings;
  const servers = serverHosts(topology);
  const clients = [...clientHosts(topology)];
  const here = candidates.filter((host) => servers.includes(host));
  const half = Math.max(1, Math.min(most, here.length, Math.floor(servers.length / 2)));
  return fc
    .tuple(
      fc.shuffledSubarray(here, { minLength: 1, maxLength: half }),
      fc.subarray(clients, { maxLength: clients.length }),
    )
    .map(([some, with_]) => ({ hosts: [...some, ...with_] }));
}
