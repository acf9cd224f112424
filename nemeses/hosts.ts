import type { Scene, ScheduledFault, Topology } from '../harness/contract/index.ts';

/** Names of all hosts, in the order of the topology. */
export function allHosts(topology: Topology): string[] {
  return hostsIn(topology, () => true);
}

/** Names of all hosts that are not clients, in the order of the topology. */
export function serverHosts(topology: Topology): string[] {
  const clients = new Set(clientHosts(topology));
  return allHosts(topology).filter((host) => !clients.has(host));
}

/** Names of all client hosts, in the order of the topology. */
export function clientHosts(topology: Topology): string[] {
  return topology.datacenters
    .flatMap((datacenter) => datacenter.racks)
    .flatMap((rack) => rack.hosts)
    .filter((host) => host.role === 'client')
    .map((host) => host.name);
}

function hostsIn(topology: Topology, wanted: (rack: string, datacenter: string) => boolean): string[] {
  return topology.datacenters.flatMap((datacenter) =>
    datacenter.racks
      .filter((rack) => wanted(rack.name, datacenter.name))
      .flatMap((rack) => rack.hosts.map((host) => host.name)),
  );
}

/** Hosts of these racks, clients included, in the order of the topology. */
export function hostsInRacks(topology: Topology, racks: readonly string[]): string[] {
  return hostsIn(topology, (rack) => racks.includes(rack));
}

/**
 * Hosts that a fault aims at, clients in a targeted rack included. A role target is the leader of the moment or, if nobody
 * leads, the `index`-th server, counted round.
 */
export function aimedAt(fault: ScheduledFault, scene: Pick<Scene, 'topology' | 'leader'>): string[] {
  const { target } = fault;
  const { topology } = scene;
  if ('hosts' in target) return [...target.hosts];
  if ('racks' in target) return hostsInRacks(topology, target.racks);
  if ('datacenters' in target)
    return hostsIn(topology, (_, datacenter) => target.datacenters.includes(datacenter));
  if ('role' in target) {
    const servers = serverHosts(topology);
    const host = scene.leader() ?? servers[target.index % Math.max(1, servers.length)];
    return host === undefined ? [] : [host];
  }
  return [];
}

/** Hosts that count against a tolerance budget when a fault breaks each host that it aims at. */
export function hitHosts(fault: ScheduledFault, topology: Topology): readonly string[] | number {
  if ('role' in fault.target) return 1;
  const hosts = aimedAt(fault, { topology, leader: () => undefined });
  if ('hosts' in fault.target) return hosts;
  const clients = new Set(clientHosts(topology));
  return hosts.filter((host) => !clients.has(host));
}
