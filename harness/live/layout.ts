import type { Topology } from '../contract/index.ts';

/** A switch of the topology: a bridge in the world's own network namespace. */
export interface Bridge {
  readonly name: string;
  readonly device: string;
}

/** What joins two switches: a pair of virtual cables' ends, each a port of its bridge. */
export interface Link {
  readonly ends: readonly [string, string];
  readonly devices: readonly [string, string];
  /** Its name, if it is a cable between data centres. */
  readonly cable?: string;
}

/** What joins a host to its rack's switch. `device` is the end at the switch; the other one is `eth0` in the host's namespace. */
export interface Port {
  readonly host: string;
  readonly role: string;
  readonly rackSwitch: string;
  readonly device: string;
  /** The switch's device. */
  readonly bridge: string;
  /** Name of the host's network namespace. */
  readonly namespace: string;
  readonly address: string;
}

export interface Layout {
  readonly bridges: readonly Bridge[];
  readonly links: readonly Link[];
  readonly ports: readonly Port[];
}

/** Addresses of hosts are 10.77.0.1 and so on, in the order of the topology. */
export const PREFIX_LENGTH = 16;

/**
 * Bridges, links and ports of a topology, with device names that fit the kernel's 15 characters. The links are those of the
 * topology's contract: the racks of a row stacked in a ring (a line of two), each rack to every cluster switch, those to the
 * gateway, gateways by cables.
 */
export function layoutOf(topology: Topology): Layout {
  const bridges: Bridge[] = [];
  const links: Link[] = [];
  const ports: Port[] = [];
  const bridge = (name: string): void => {
    bridges.push({ name, device: `b${bridges.length}` });
  };
  const link = (a: string, b: string, cable?: string): void => {
    const nth = links.length;
    links.push({ ends: [a, b], devices: [`l${nth}a`, `l${nth}b`], ...(cable !== undefined && { cable }) });
  };
  for (const { name, clusterSwitches, racks } of topology.datacenters) {
    const clusters = Array.from({ length: clusterSwitches }, (_, nth) => `${name}/cluster-${nth + 1}`);
    const gateway = `${name}/gateway`;
    for (const cluster of clusters) bridge(cluster);
    bridge(gateway);
    const rows = new Map<string, string[]>();
    for (const rack of racks) {
      const top = `${rack.name}/switch`;
      bridge(top);
      const topBridge = bridges[bridges.length - 1]!.device;
      rows.set(rack.row, [...(rows.get(rack.row) ?? []), top]);
      for (const cluster of clusters) link(cluster, top);
      for (const { name: host, role } of rack.hosts) {
        const nth = ports.length;
        const address = `10.77.${(nth + 1) >> 8}.${(nth + 1) & 255}`;
        ports.push({
          host,
          role,
          rackSwitch: top,
          device: `h${nth}`,
          bridge: topBridge,
          namespace: `host${nth}`,
          address,
        });
      }
    }
    for (const row of rows.values()) {
      for (let nth = 0; nth + 1 < row.length; nth++) link(row[nth]!, row[nth + 1]!);
      if (row.length > 2) link(row[row.length - 1]!, row[0]!);
    }
    for (const cluster of clusters) link(gateway, cluster);
  }
  for (const { name, between } of topology.cables) {
    link(`${between[0]}/gateway`, `${between[1]}/gateway`, name);
  }
  return { bridges, links, ports };
}
