import type { Scene, ScheduledFault, Topology } from '../harness/contract/index.ts';

interface HostNames {
  readonly all: readonly string[];
  readonly servers: readonly string[];
  readonly clients: readonly string[];
}

/** Asked for many times while a schedule is generated; a topology never changes. */
const known = new WeakMap<Topology, HostNames>();

function namesIn(topology: Topology): HostNames {
  let names = known.get(topology);
  if (!names) {
    const hosts = topology.datacenters.flatMap(({ racks }) => racks).flatMap((rack) => rack.hosts);
    names = {
      all: hosts.map(({ name }) => name),
      servers: hosts.filter(({ role }) => role !== 'client').map(({ name }) => name),
      clients: hosts.filter(({ role }) => role === 'client').map(({ name }) => name),
    };
    known.set(topology, names);
  }
  return names;
}

/** Names of all hosts, in the order of the topology. */
export function allHosts(topology: Topology): readonly string[] {
  return namesIn(topology).all;
}

/** Names of all hosts that are not clients, in the order of the topology. */
export function serverHosts(topology: Topology): readonly string[] {
  return namesIn(topology).servers;
}

/** Names of all client hosts, in the order of the topology. */
export function clientHosts(topology: Topology): readonly string[] {
  return namesIn(topology).clients;
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
