import type { HostSpec, Rack, Topology } from '../contract/index.ts';
import { defaultTopology } from '../plan/index.ts';

/**
 * So many machines, all alike, and client hosts: the same for every system that is compared. Machines are named `n1`, `n2`, ...
 * `own`: the topology of a system that has one of its own, such as several data centres: then this one, with machines added in turn to the racks that have some.
 */
export function commonTopology(machines: number, clients: number, own?: Topology): Topology {
  if (own === undefined) return defaultTopology({ roles: { server: machines }, clients });
  const racks = own.datacenters.flatMap((each) => each.racks).filter(({ hosts }) => hosts.some(isMachine));
  const present = racks.flatMap(({ hosts }) => hosts.filter(isMachine)).length;
  const more = new Map<string, HostSpec[]>(racks.map(({ name }) => [name, []]));
  for (let nth = present; nth < machines; nth++) {
    const rack = racks[nth % racks.length]!;
    more.get(rack.name)!.push({ name: `n${nth + 1}`, role: 'server', ecc: 'sec-ded' });
  }
  return mapRacks(own, (rack) => ({ ...rack, hosts: [...rack.hosts, ...(more.get(rack.name) ?? [])] }));
}

function isMachine({ role }: HostSpec): boolean {
  return role !== 'client';
}

function mapRacks(topology: Topology, change: (rack: Rack) => Rack): Topology {
  return {
    ...topology,
    datacenters: topology.datacenters.map((datacenter) => ({
      ...datacenter,
      racks: datacenter.racks.map(change),
    })),
  };
}

/** What faults can be aimed at. */
export interface Range {
  /** By number. */
  readonly machines: readonly string[];
  readonly clients: readonly string[];
  readonly datacenters: readonly string[];
  readonly cables: readonly string[];
}

/** What there is in a topology to aim at. */
export function rangeOf({ datacenters, cables }: Topology): Range {
  const hosts = datacenters.flatMap(({ racks }) => racks.flatMap((rack) => rack.hosts));
  const names = (some: readonly HostSpec[]): string[] => some.map(({ name }) => name);
  return {
    machines: names(hosts.filter(isMachine)).sort((a, b) => numberIn(a) - numberIn(b)),
    clients: names(hosts.filter((host) => !isMachine(host))),
    datacenters: datacenters.map(({ name }) => name),
    cables: cables.map(({ name }) => name),
  };
}

function numberIn(name: string): number {
  return Number(name.replace(/^\D+/, ''));
}

/**
 * Gives the machines the roles of a system, in the order in which it names them, and `spare` to what it does not need. Names, racks and clients stay, so that
 * one schedule means the same machines for every system.
 */
export function withRoles(topology: Topology, roles: { readonly [role: string]: number }): Topology {
  const wanted = Object.entries(roles).flatMap(([role, count]) => Array.from({ length: count }, () => role));
  const roleOf = new Map(rangeOf(topology).machines.map((name, nth) => [name, wanted[nth] ?? 'spare']));
  return mapRacks(topology, (rack) => ({
    ...rack,
    hosts: rack.hosts.map((host) => ({ ...host, role: roleOf.get(host.name) ?? host.role })),
  }));
}
