import type { Topology } from '../contract/index.ts';

export type HostsByRole = { readonly [role: string]: readonly string[] };

/** Names of the hosts by role, each in the order of the topology; roles in the order of their first host. */
export function hostsByRole(topology: Topology): HostsByRole {
  const byRole: { [role: string]: string[] } = {};
  for (const { racks } of topology.datacenters) {
    for (const { hosts } of racks) {
      for (const { name, role } of hosts) {
        byRole[role] ??= [];
        byRole[role].push(name);
      }
    }
  }
  return byRole;
}

/** Names and roles of all hosts that are not clients, in the order of the topology. */
export function servers(topology: Topology): { readonly name: string; readonly role: string }[] {
  return topology.datacenters
    .flatMap(({ racks }) => racks.flatMap(({ hosts }) => hosts))
    .filter(({ role }) => role !== 'client');
}

/** Names of the hosts that bear one of these names, or are in a rack or data centre that does. */
export function hostsAt({ datacenters }: Topology, names: readonly string[]): string[] {
  return datacenters.flatMap((datacenter) =>
    datacenter.racks.flatMap((rack) =>
      rack.hosts
        .filter(({ name }) => [datacenter.name, rack.name, name].some((place) => names.includes(place)))
        .map(({ name }) => name),
    ),
  );
}
