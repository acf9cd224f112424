import type { Nanos } from '../contract/time.ts';
import type { Topology } from '../contract/topology.ts';

/**
 * A topology as integers. Nodes: the hosts 0..hosts-1 in the topology's order, then the racks' switches, the cluster switches
 * and the gateways, each in that order too. Links: link h joins host h to its switch; then those between switches; cables last.
 */
export interface Layout {
  readonly hosts: number;
  readonly nodeNames: readonly string[];
  readonly nodeByName: ReadonlyMap<string, number>;
  readonly rackNames: readonly string[];
  /** Host to rack; the switch of rack r is node `hosts + r`. */
  readonly rackOf: Int32Array;
  readonly linkFrom: Int32Array;
  readonly linkTo: Int32Array;
  /** Nanoseconds, one way. */
  readonly linkLatency: Float64Array;
  readonly cableByName: ReadonlyMap<string, number>;
  /** Links from this one on are cables. */
  readonly firstCable: number;
  /** The links of node n that lead to switches: `adjacent[adjacentStart[n]]` up to `adjacent[adjacentStart[n + 1] - 1]`. */
  readonly adjacentStart: Int32Array;
  readonly adjacent: Int32Array;
}

/** At most this many names in a message. */
const NAMES_SHOWN = 20;

/** @throws RangeError naming what is expected among the known names, and what came. */
export function lookUp(known: ReadonlyMap<string, number>, what: string, name: string): number {
  const found = known.get(name);
  if (found !== undefined) return found;
  const names = [...known.keys()];
  const rest = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : '';
  throw new RangeError(
    `expected ${what} among ${names.slice(0, NAMES_SHOWN).join(', ') || '(none)'}${rest}, got ${JSON.stringify(name)}`,
  );
}

class Names {
  readonly list: string[] = [];
  readonly byName = new Map<string, number>();
  private readonly what: string;

  constructor(what: string) {
    this.what = what;
  }

  add(name: string): number {
    if (this.byName.has(name)) throw new RangeError(`expected distinct ${this.what}, got ${name} twice`);
    const index = this.list.length;
    this.byName.set(name, index);
    this.list.push(name);
    return index;
  }
}

/**
 * @param hopLatency Nanoseconds of each link that is not a cable.
 * @throws RangeError when two nodes, racks, data centres or cables share a name, or a cable ends in an unknown data centre.
 */
export function layOut(topology: Topology, hopLatency: Nanos): Layout {
  const { datacenters } = topology;
  const nodes = new Names('names of hosts and switches');
  const racks = new Names('names of racks');
  const gateways = new Map<string, number>();
  const from: number[] = [];
  const to: number[] = [];
  const rackOf: number[] = [];

  for (const [rackIndex, rack] of datacenters.flatMap((datacenter) => datacenter.racks).entries()) {
    for (const host of rack.hosts) {
      nodes.add(host.name);
      rackOf.push(rackIndex);
    }
  }
  const hosts = nodes.list.length;
  for (const rack of datacenters.flatMap((datacenter) => datacenter.racks)) {
    racks.add(rack.name);
    nodes.add(`${rack.name}/switch`);
  }
  for (let host = 0; host < hosts; host++) {
    from.push(host);
    to.push(hosts + rackOf[host]!);
  }
  const clusterSwitches = datacenters.map((datacenter) =>
    Array.from({ length: datacenter.clusterSwitches }, (_, n) =>
      nodes.add(`${datacenter.name}/cluster-${n + 1}`),
    ),
  );
  for (const datacenter of datacenters)
    gateways.set(datacenter.name, nodes.add(`${datacenter.name}/gateway`));

  for (const [nth, datacenter] of datacenters.entries()) {
    const rows = new Map<string, number[]>();
    for (const rack of datacenter.racks) {
      const rackSwitch = hosts + racks.byName.get(rack.name)!;
      for (const clusterSwitch of clusterSwitches[nth]!) {
        from.push(rackSwitch);
        to.push(clusterSwitch);
      }
      const row = rows.get(rack.row);
      if (row) row.push(rackSwitch);
      else rows.set(rack.row, [rackSwitch]);
    }
    for (const row of rows.values()) {
      for (let i = 1; i < row.length; i++) {
        from.push(row[i - 1]!);
        to.push(row[i]!);
      }
      if (row.length > 2) {
        from.push(row.at(-1)!);
        to.push(row[0]!);
      }
    }
    for (const clusterSwitch of clusterSwitches[nth]!) {
      from.push(clusterSwitch);
      to.push(gateways.get(datacenter.name)!);
    }
  }

  const firstCable = from.length;
  const latency = new Array<Nanos>(firstCable).fill(hopLatency);
  const cables = new Names('names of cables');
  for (const cable of topology.cables) {
    cables.add(cable.name);
    from.push(lookUp(gateways, `an end of cable ${cable.name}`, cable.between[0]));
    to.push(lookUp(gateways, `an end of cable ${cable.name}`, cable.between[1]));
    latency.push(cable.latency);
  }
  for (const nanos of latency) {
    if (!Number.isSafeInteger(nanos) || nanos < 0) {
      throw new RangeError(`expected a latency in whole nanoseconds, at least 0, got ${nanos}`);
    }
  }

  return {
    hosts,
    nodeNames: nodes.list,
    nodeByName: nodes.byName,
    rackNames: racks.list,
    rackOf: Int32Array.from(rackOf),
    linkFrom: Int32Array.from(from),
    linkTo: Int32Array.from(to),
    linkLatency: Float64Array.from(latency),
    cableByName: new Map(cables.list.map((name, nth) => [name, firstCable + nth])),
    firstCable,
    ...adjacency(nodes.list.length, hosts, from, to),
  };
}

/** Hosts carry nothing through, so their links are left out; each node's links are in the order of their numbers. */
function adjacency(nodes: number, hosts: number, from: readonly number[], to: readonly number[]) {
  const adjacentStart = new Int32Array(nodes + 1);
  for (let link = hosts; link < from.length; link++) {
    adjacentStart[from[link]! + 1]!++;
    adjacentStart[to[link]! + 1]!++;
  }
  for (let node = 0; node < nodes; node++) adjacentStart[node + 1]! += adjacentStart[node]!;
  const next = adjacentStart.slice();
  const adjacent = new Int32Array(adjacentStart[nodes]!);
  for (let link = hosts; link < from.length; link++) {
    adjacent[next[from[link]!]!++] = link;
    adjacent[next[to[link]!]!++] = link;
  }
  return { adjacentStart, adjacent };
}
