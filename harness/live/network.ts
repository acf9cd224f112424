import { readFileSync, writeFileSync } from 'node:fs';
import { ip } from './commands.ts';
import { type Layout, PREFIX_LENGTH } from './layout.ts';
import { pairsCut, spanningTree, type Tree } from './spanning-tree.ts';

/**
 * The network of a run: a bridge for each switch, a veth pair for each link, a namespace with a veth pair for each host. Links outside the
 * spanning tree are down; when a switch or a cable fails or comes back, the tree is computed anew and changed in one go.
 */
export class Network {
  readonly layout: Layout;
  /** How many faults hold each switch or cable down. */
  private readonly down = new Map<string, number>();
  private tree: Tree;

  constructor(layout: Layout) {
    this.layout = layout;
    this.tree = spanningTree(layout, { switches: new Set(), cables: new Set() });
  }

  /** Makes all of it. @throws CommandError */
  build(): void {
    const { bridges, links, ports } = this.layout;
    // No neighbour discovery of IPv6 on any device: nothing but the system's own packets shall meet a fault.
    writeFileSync('/proc/sys/net/ipv6/conf/default/disable_ipv6', '1');
    const devices = new Map(bridges.map(({ name, device }) => [name, device]));
    ip([
      'link set lo up',
      ...bridges.map(({ device }) => `link add ${device} type bridge stp_state 0 mcast_snooping 0`),
      ...bridges.map(({ device }) => `link set ${device} up`),
      ...links.flatMap(({ ends, devices: [a, b] }) => [
        `link add ${a} type veth peer name ${b}`,
        `link set ${a} master ${devices.get(ends[0])}`,
        `link set ${b} master ${devices.get(ends[1])}`,
      ]),
      ...ports.flatMap(({ device, namespace, rackSwitch }) => [
        `netns add ${namespace}`,
        `link add ${device} type veth peer name eth0 netns ${namespace}`,
        `link set ${device} master ${devices.get(rackSwitch)} up`,
      ]),
      ...this.forward(() => true),
    ]);
    for (const { namespace, address } of ports)
      ip(['link set lo up', `addr add ${address}/${PREFIX_LENGTH} dev eth0`, 'link set eth0 up'], namespace);
  }

  /** Takes a switch or cable down, once more. */
  fail(name: string): void {
    this.down.set(name, (this.down.get(name) ?? 0) + 1);
    this.follow();
  }

  restore(name: string): void {
    this.down.set(name, (this.down.get(name) ?? 0) - 1);
    this.follow();
  }

  /** Pairs of hosts, unordered, without a way to each other now. */
  get pairsCut(): number {
    return pairsCut(this.tree);
  }

  /** Packets that arrived at the ports of a switch so far, whether it forwards them or is dead. */
  arrivedAt(name: string): number {
    const { links, ports } = this.layout;
    const here = [
      ...links.flatMap(({ ends, devices }) => devices.filter((_, nth) => ends[nth] === name)),
      ...ports.filter(({ rackSwitch }) => rackSwitch === name).map(({ device }) => device),
    ];
    const received = packetsReceived();
    return here.reduce((sum, device) => sum + (received.get(device) ?? 0), 0);
  }

  private follow(): void {
    const broken = new Set([...this.down].filter(([, faults]) => faults > 0).map(([name]) => name));
    const before = this.tree;
    this.tree = spanningTree(this.layout, { switches: broken, cables: broken });
    ip([
      ...this.layout.bridges.map(
        ({ name, device }) => `link set ${device} ${broken.has(name) ? 'down' : 'up'}`,
      ),
      ...this.forward((nth) => before.forwarding[nth] !== this.tree.forwarding[nth]),
      // What the bridges learned about the ways of before leads nowhere now.
      ...this.layout.bridges.map(({ device }) => `link set ${device} type bridge fdb_flush`),
    ]);
  }

  private forward(which: (link: number) => boolean): string[] {
    return this.layout.links.flatMap(({ devices }, nth) =>
      which(nth)
        ? devices.map((device) => `link set ${device} ${this.tree.forwarding[nth] ? 'up' : 'down'}`)
        : [],
    );
  }
}

/** Packets that came in at each device of this process's network. (What is mounted at `/sys` may be of another one.) */
function packetsReceived(): ReadonlyMap<string, number> {
  const lines = readFileSync('/proc/self/net/dev', 'utf8').split('\n').slice(2);
  return new Map(
    lines.map((line) => {
      const [device = '', , packets] = line.trim().split(/:?\s+/);
      return [device, Number(packets)];
    }),
  );
}
