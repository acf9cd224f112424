import type { Nanos } from '../contract/time.ts';
import type { Topology } from '../contract/topology.ts';
import { type Layout, layOut, lookUp } from './graph-layout.ts';
import { distancesFrom, pathBack } from './shortest-paths.ts';

/** The way of a message. */
export interface Route {
  /** Links other than cables. */
  readonly hops: number;
  /** Of all cables on the way together. */
  readonly cableLatency: Nanos;
  /** Numbers of the links, in order. */
  readonly links: Int32Array;
}

/** The way between two hosts: small, for there are many pairs of hosts; the list of its links is made for those who ask. */
class HostRoute implements Route {
  readonly hops: number;
  readonly cableLatency: Nanos;
  private readonly from: number;
  private readonly to: number;
  private readonly path: RackPath;

  constructor(from: number, to: number, path: RackPath) {
    this.hops = path.hops;
    this.cableLatency = path.cableLatency;
    this.from = from;
    this.to = to;
    this.path = path;
  }

  get links(): Int32Array {
    return Int32Array.from([this.from, ...this.path.links, this.to]);
  }
}

const LOOPBACK: Route = { hops: 0, cableLatency: 0, links: new Int32Array(0) };

/** The way from one rack's switch to another's. */
interface RackPath {
  readonly hops: number;
  readonly cableLatency: Nanos;
  /** Numbers of the links, in order. */
  readonly links: readonly number[];
}

/** Distances kept at most; beyond, all are dropped and found again when needed. */
const KNOWN_DISTANCES = 2 ** 23;

/**
 * Who can reach whom, over what is alive. What fails are nodes and cables; partitions follow. A node or cable may be taken
 * down several times and is alive again once each of them was undone. Routes are the shortest by latency, then by links, and change at
 * once, without a time of convergence. Equal ones are spread by pair of racks: redundant switches share the traffic, two hosts keep
 * to their way while nothing fails.
 *
 * Cost: a route between racks that is known is one lookup; a new one O(links at the switches on its way) once the distances from its source rack (one
 * Dijkstra over the switches) are there. Only what changes a switch or cable drops them; a dead host does not.
 */
export class Graph {
  readonly hostNames: readonly string[];
  private readonly layout: Layout;
  private readonly hostByName: ReadonlyMap<string, number>;
  /** How many faults hold it down. */
  private readonly nodeDown: Int32Array;
  private readonly linkDown: Int32Array;
  /** From a rack's switch to each node. */
  private readonly distances = new Map<number, Float64Array>();
  /** By source and target rack: hosts of the same racks share a way. Null where there is none. */
  private readonly paths = new Map<number, RackPath | null>();
  private changes = 0;

  /** @throws RangeError when names clash or a cable ends nowhere. */
  constructor(topology: Topology, hopLatency: Nanos) {
    this.layout = layOut(topology, hopLatency);
    const { hosts, nodeNames, linkFrom } = this.layout;
    this.hostNames = nodeNames.slice(0, hosts);
    this.hostByName = new Map(this.hostNames.map((name, index) => [name, index]));
    this.nodeDown = new Int32Array(nodeNames.length);
    this.linkDown = new Int32Array(linkFrom.length);
  }

  /** Grows whenever anything dies or comes back. */
  get version(): number {
    return this.changes;
  }

  get linkCount(): number {
    return this.layout.linkFrom.length;
  }

  /** Both ends, or the name of the cable. Link h, for each host h, is the host's own. */
  linkName(link: number): string {
    const { linkFrom, linkTo, nodeNames, firstCable } = this.layout;
    if (link >= firstCable) return this.cables()[link - firstCable]!;
    return `${nodeNames[linkFrom[link]!]}--${nodeNames[linkTo[link]!]}`;
  }

  /** Position of a host in the topology. @throws RangeError */
  hostIndex(name: string): number {
    return lookUp(this.hostByName, 'a host', name);
  }

  /** Names of the top-of-rack switches, cluster switches and gateways. */
  switches(): string[] {
    return this.layout.nodeNames.slice(this.layout.hosts);
  }

  cables(): string[] {
    return [...this.layout.cableByName.keys()];
  }

  racks(): string[] {
    return [...this.layout.rackNames];
  }

  /** Takes a host or switch down, or undoes one taking down. @throws RangeError */
  setNode(name: string, alive: boolean): void {
    const node = lookUp(this.layout.nodeByName, 'a host or switch', name);
    if (this.count(this.nodeDown, node, name, alive) && node >= this.layout.hosts) this.forget();
  }

  /** Cuts a cable, or undoes one cut. @throws RangeError */
  setCable(name: string, alive: boolean): void {
    const link = lookUp(this.layout.cableByName, 'a cable', name);
    if (this.count(this.linkDown, link, name, alive)) this.forget();
  }

  /** @returns Whether it went from alive to dead or back. */
  private count(down: Int32Array, index: number, name: string, alive: boolean): boolean {
    const before = down[index]!;
    if (alive && before === 0) throw new RangeError(`expected ${name} to be down, it is alive`);
    down[index] = alive ? before - 1 : before + 1;
    const changed = alive ? before === 1 : before === 0;
    if (changed) this.changes++;
    return changed;
  }

  private forget(): void {
    this.distances.clear();
    this.paths.clear();
  }

  /** The way between two hosts, by index; undefined if there is none now, or one of them is down. A host reaches itself by no link. */
  route(fromHost: number, toHost: number): Route | undefined {
    if (this.nodeDown[fromHost]! > 0 || this.nodeDown[toHost]! > 0) return undefined;
    if (fromHost === toHost) return LOOPBACK;
    const { rackOf } = this.layout;
    const path = this.pathBetween(rackOf[fromHost]!, rackOf[toHost]!);
    return path === null ? undefined : new HostRoute(fromHost, toHost, path);
  }

  private pathBetween(source: number, target: number): RackPath | null {
    const { hosts, rackNames, linkLatency, firstCable } = this.layout;
    const pair = source * rackNames.length + target;
    let known = this.paths.get(pair);
    if (known === undefined) {
      const spread = source + target;
      const back = pathBack(hosts + target, this.distancesOf(source), spread, this.layout, this.linkDown);
      const cables = back?.filter((link) => link >= firstCable) ?? [];
      known =
        back === undefined
          ? null
          : {
              hops: back.length + 2 - cables.length,
              cableLatency: cables.reduce((sum, cable) => sum + linkLatency[cable]!, 0),
              links: [...back].reverse(),
            };
      this.paths.set(pair, known);
    }
    return known;
  }

  private distancesOf(rack: number): Float64Array {
    let distances = this.distances.get(rack);
    if (distances === undefined) {
      if ((this.distances.size + 1) * this.layout.nodeNames.length > KNOWN_DISTANCES) this.distances.clear();
      distances = distancesFrom(this.layout.hosts + rack, this.layout, this.nodeDown, this.linkDown);
      this.distances.set(rack, distances);
    }
    return distances;
  }

  /** Whether the route goes over this cable or through this host or switch. @throws RangeError */
  passes(route: Route, name: string): boolean {
    const { cableByName, nodeByName, linkFrom, linkTo } = this.layout;
    const cable = cableByName.get(name);
    if (cable !== undefined && route.links.includes(cable)) return true;
    const node = nodeByName.get(name);
    if (node === undefined && cable === undefined) lookUp(nodeByName, 'a host, switch or cable', name);
    return node !== undefined && route.links.some((link) => linkFrom[link] === node || linkTo[link] === node);
  }

  /**
   * Live hosts by who can reach whom: one group if the network is whole. Groups and their members in the topology's order; a host
   * under a dead switch is alone. Cost: O(nodes + links).
   */
  isolatedGroups(): string[][] {
    const { hosts, rackOf } = this.layout;
    const component = this.components();
    const groups = new Map<number, string[]>();
    for (let host = 0; host < hosts; host++) {
      if (this.nodeDown[host]! > 0) continue;
      const rackSwitch = hosts + rackOf[host]!;
      const key = this.nodeDown[rackSwitch]! > 0 ? host : component[rackSwitch]!;
      const group = groups.get(key);
      if (group) group.push(this.hostNames[host]!);
      else groups.set(key, [this.hostNames[host]!]);
    }
    return [...groups.values()];
  }

  /** For each live switch the lowest switch that it can reach. */
  private components(): Int32Array {
    const { hosts, nodeNames, linkFrom, linkTo, adjacentStart, adjacent } = this.layout;
    const component = new Int32Array(nodeNames.length).fill(-1);
    for (let first = hosts; first < nodeNames.length; first++) {
      if (component[first] !== -1 || this.nodeDown[first]! > 0) continue;
      component[first] = first;
      const open = [first];
      for (let node = open.pop(); node !== undefined; node = open.pop()) {
        for (let i = adjacentStart[node]!; i < adjacentStart[node + 1]!; i++) {
          const link = adjacent[i]!;
          const other = linkFrom[link]! === node ? linkTo[link]! : linkFrom[link]!;
          if (this.linkDown[link]! > 0 || this.nodeDown[other]! > 0 || component[other] !== -1) continue;
          component[other] = first;
          open.push(other);
        }
      }
    }
    return component;
  }
}
