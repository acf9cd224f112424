import type { Topology } from '../contract/index.ts';
import { defaultTopology } from '../plan/index.ts';

/** So many machines, all alike, and client hosts: the same for every system that is compared. Machines are named `n1`, `n2`, ... */
export function commonTopology(machines: number, clients: number): Topology {
  return defaultTopology({ roles: { server: machines }, clients });
}

/** Names of the machines of `commonTopology`, and of its clients. */
export function rangeOf({ datacenters }: Topology): { machines: string[]; clients: string[] } {
  const hosts = datacenters.flatMap(({ racks }) => racks.flatMap((rack) => rack.hosts));
  const named = (client: boolean): string[] =>
    hosts.filter(({ role }) => (role === 'client') === client).map(({ name }) => name);
  return { machines: named(false), clients: named(true) };
}

/**
 * Gives the machines the roles of a system, in the order in which it names them, and `spare` to what it does not need. Names, racks and clients stay, so that
 * one schedule means the same machines for every system.
 */
export function withRoles(topology: Topology, roles: { readonly [role: string]: number }): Topology {
  const wanted = Object.entries(roles).flatMap(([role, count]) => Array.from({ length: count }, () => role));
  let next = 0;
  return {
    ...topology,
    datacenters: topology.datacenters.map((datacenter) => ({
      ...datacenter,
      racks: datacenter.racks.map((rack) => ({
        ...rack,
        hosts: rack.hosts.map((host) =>
          host.role === 'client' ? host : { ...host, role: wanted[next++] ?? 'spare' },
        ),
      })),
    })),
  };
}
