import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cable, Datacenter, Topology } from '../contract/topology.ts';
import { Graph } from './graph.ts';

const HOP = 50_000;
const MS = 1_000_000;

function datacenter(
  name: string,
  rows: number,
  racksPerRow: number,
  hostsPerRack: number,
  clusterSwitches = 3,
) {
  const racks = Array.from({ length: rows * racksPerRow }, (_, nth) => ({
    name: `${name}-r${nth + 1}`,
    row: `row-${Math.floor(nth / racksPerRow) + 1}`,
    hosts: Array.from({ length: hostsPerRack }, (_, host) => ({
      name: `${name}-r${nth + 1}-h${host + 1}`,
      role: 'server',
    })),
  }));
  return { name, clusterSwitches, racks } satisfies Datacenter;
}

/** Two rows of two racks of two hosts under three cluster switches. */
const TWO_TIER: Topology = { datacenters: [datacenter('dc', 2, 2, 2)], cables: [] };

const cable = (name: string, a: string, b: string, latency: number): Cable => ({
  name,
  between: [a, b],
  latency,
});

const THREE_CENTRES: Topology = {
  datacenters: ['a', 'b', 'c'].map((name) => datacenter(name, 1, 1, 1)),
  cables: [cable('ab', 'a', 'b', 10 * MS), cable('bc', 'b', 'c', 20 * MS), cable('ca', 'c', 'a', 30 * MS)],
};

/** The route by names, as figures and the names of its links. */
function way(graph: Graph, from: string, to: string) {
  const route = graph.route(graph.hostIndex(from), graph.hostIndex(to));
  if (route === undefined) return undefined;
  const { hops, cableLatency, links } = route;
  return { hops, cableLatency, links: Array.from(links, (link) => graph.linkName(link)) };
}

const ROW_1 = ['dc-r1-h1', 'dc-r1-h2', 'dc-r2-h1', 'dc-r2-h2'];
const ROW_2 = ['dc-r3-h1', 'dc-r3-h2', 'dc-r4-h1', 'dc-r4-h2'];

describe('Graph of one data centre', () => {
  it('names its parts in the order of the topology', () => {
    const graph = new Graph(TWO_TIER, HOP);
    expect(graph.hostNames).toEqual([...ROW_1, ...ROW_2]);
    expect(graph.hostIndex('dc-r2-h1')).toBe(2);
    expect(graph.racks()).toEqual(['dc-r1', 'dc-r2', 'dc-r3', 'dc-r4']);
    expect(graph.switches()).toEqual([
      'dc-r1/switch',
      'dc-r2/switch',
      'dc-r3/switch',
      'dc-r4/switch',
      'dc/cluster-1',
      'dc/cluster-2',
      'dc/cluster-3',
      'dc/gateway',
    ]);
    expect(graph.cables()).toEqual([]);
    expect(graph.linkCount).toBe(8 + 12 + 2 + 3);
  });

  it('routes to itself by no link, within the rack, along the stack, and over a cluster switch', () => {
    const graph = new Graph(TWO_TIER, HOP);
    expect(way(graph, 'dc-r1-h1', 'dc-r1-h1')).toEqual({ hops: 0, cableLatency: 0, links: [] });
    expect(way(graph, 'dc-r1-h1', 'dc-r1-h2')).toEqual({
      hops: 2,
      cableLatency: 0,
      links: ['dc-r1-h1--dc-r1/switch', 'dc-r1-h2--dc-r1/switch'],
    });
    expect(way(graph, 'dc-r2-h1', 'dc-r1-h2')).toEqual({
      hops: 3,
      cableLatency: 0,
      links: ['dc-r2-h1--dc-r2/switch', 'dc-r1/switch--dc-r2/switch', 'dc-r1-h2--dc-r1/switch'],
    });
    expect(way(graph, 'dc-r1-h1', 'dc-r4-h2')).toEqual({
      hops: 4,
      cableLatency: 0,
      links: [
        'dc-r1-h1--dc-r1/switch',
        'dc-r1/switch--dc/cluster-1',
        'dc-r4/switch--dc/cluster-1',
        'dc-r4-h2--dc-r4/switch',
      ],
    });
  });

  it('isolates the rows from each other when all three cluster switches fail, not when two do', () => {
    const graph = new Graph(TWO_TIER, HOP);
    graph.setNode('dc/cluster-1', false);
    graph.setNode('dc/cluster-2', false);
    expect(graph.isolatedGroups()).toEqual([[...ROW_1, ...ROW_2]]);
    expect(way(graph, 'dc-r1-h1', 'dc-r3-h1')?.links[1]).toBe('dc-r1/switch--dc/cluster-3');
    graph.setNode('dc/cluster-3', false);
    expect(graph.isolatedGroups()).toEqual([ROW_1, ROW_2]);
    expect(way(graph, 'dc-r1-h1', 'dc-r3-h1')).toBeUndefined();
    expect(way(graph, 'dc-r1-h1', 'dc-r2-h1')?.hops).toBe(3);
    graph.setNode('dc/cluster-2', true);
    expect(graph.isolatedGroups()).toEqual([[...ROW_1, ...ROW_2]]);
    expect(way(graph, 'dc-r1-h1', 'dc-r3-h1')?.links[1]).toBe('dc-r1/switch--dc/cluster-2');
  });

  it("isolates a rack's hosts, from each other too, when its switch fails", () => {
    const graph = new Graph(TWO_TIER, HOP);
    graph.setNode('dc-r2/switch', false);
    expect(graph.isolatedGroups()).toEqual([['dc-r1-h1', 'dc-r1-h2', ...ROW_2], ['dc-r2-h1'], ['dc-r2-h2']]);
    expect(way(graph, 'dc-r2-h1', 'dc-r2-h2')).toBeUndefined();
    expect(way(graph, 'dc-r2-h1', 'dc-r2-h1')?.hops).toBe(0);
    expect(way(graph, 'dc-r1-h1', 'dc-r2-h1')).toBeUndefined();
  });

  it('goes round a dead switch in the stack: over a cluster switch, or the other way round the ring', () => {
    const graph = new Graph({ datacenters: [datacenter('dc', 1, 4, 1, 1)], cables: [] }, HOP);
    expect(way(graph, 'dc-r1-h1', 'dc-r4-h1')?.links[1]).toBe('dc-r4/switch--dc-r1/switch');
    const between = () => way(graph, 'dc-r1-h1', 'dc-r3-h1')?.links.slice(1, -1);
    expect(between()).toEqual(['dc-r4/switch--dc-r1/switch', 'dc-r3/switch--dc-r4/switch']);
    graph.setNode('dc-r4/switch', false);
    expect(between()).toEqual(['dc-r1/switch--dc/cluster-1', 'dc-r3/switch--dc/cluster-1']);
    graph.setNode('dc/cluster-1', false);
    expect(between()).toEqual(['dc-r1/switch--dc-r2/switch', 'dc-r2/switch--dc-r3/switch']);
    graph.setNode('dc-r2/switch', false);
    expect(between()).toBeUndefined();
  });

  it('keeps rows of the same name in different data centres apart', () => {
    const graph = new Graph(
      { datacenters: [datacenter('a', 1, 1, 1), datacenter('b', 1, 1, 1)], cables: [] },
      HOP,
    );
    expect(graph.isolatedGroups()).toEqual([['a-r1-h1'], ['b-r1-h1']]);
  });

  it('has no route from or to a dead host, and no group for it', () => {
    const graph = new Graph({ datacenters: [datacenter('dc', 1, 1, 3)], cables: [] }, HOP);
    expect(way(graph, 'dc-r1-h1', 'dc-r1-h2')?.hops).toBe(2);
    graph.setNode('dc-r1-h2', false);
    expect(way(graph, 'dc-r1-h1', 'dc-r1-h2')).toBeUndefined();
    expect(way(graph, 'dc-r1-h2', 'dc-r1-h1')).toBeUndefined();
    expect(way(graph, 'dc-r1-h2', 'dc-r1-h2')).toBeUndefined();
    expect(graph.isolatedGroups()).toEqual([['dc-r1-h1', 'dc-r1-h3']]);
    graph.setNode('dc-r1-h2', true);
    expect(way(graph, 'dc-r1-h1', 'dc-r1-h2')?.hops).toBe(2);
  });
});

describe('Graph with redundant cluster switches', () => {
  /** How many ordered pairs of racks in different rows go over each cluster switch. */
  function shares(graph: Graph): Record<string, number> {
    const shares: Record<string, number> = {};
    for (const name of graph.switches().filter((each) => each.includes('/cluster-'))) {
      const over = ROW_1.flatMap((from) => ROW_2.map((to) => [from, to] as const)).filter(([from, to]) =>
        [
          [from, to],
          [to, from],
        ].every(([a, b]) => {
          const route = graph.route(graph.hostIndex(a!), graph.hostIndex(b!));
          return route !== undefined && graph.passes(route, name);
        }),
      );
      shares[name] = over.length;
    }
    return shares;
  }

  it('shares the pairs of racks out among those that live; both directions go the same way', () => {
    const graph = new Graph(TWO_TIER, HOP);
    expect(shares(graph)).toEqual({ 'dc/cluster-1': 8, 'dc/cluster-2': 4, 'dc/cluster-3': 4 });
    graph.setNode('dc/cluster-3', false);
    expect(shares(graph)).toEqual({ 'dc/cluster-1': 8, 'dc/cluster-2': 8, 'dc/cluster-3': 0 });
    graph.setNode('dc/cluster-1', false);
    expect(shares(graph)).toEqual({ 'dc/cluster-1': 0, 'dc/cluster-2': 16, 'dc/cluster-3': 0 });
    graph.setNode('dc/cluster-3', true);
    graph.setNode('dc/cluster-1', true);
    expect(shares(graph)).toEqual({ 'dc/cluster-1': 8, 'dc/cluster-2': 4, 'dc/cluster-3': 4 });
  });

  it('knows what a route passes', () => {
    const graph = new Graph(THREE_CENTRES, HOP);
    const route = graph.route(0, 1)!;
    const parts = [...graph.hostNames, ...graph.switches(), ...graph.cables()];
    expect(parts.filter((part) => graph.passes(route, part))).toEqual([
      'a-r1-h1',
      'b-r1-h1',
      'a-r1/switch',
      'b-r1/switch',
      'a/cluster-2',
      'b/cluster-2',
      'a/gateway',
      'b/gateway',
      'ab',
    ]);
    expect(() => graph.passes(route, 'moon')).toThrow(RangeError);
  });
});

describe('Graph of several data centres', () => {
  it('goes over the cable, and when it is cut by the detour over a third data centre', () => {
    const graph = new Graph(THREE_CENTRES, HOP);
    expect(way(graph, 'a-r1-h1', 'b-r1-h1')).toEqual({
      hops: 6,
      cableLatency: 10 * MS,
      links: [
        'a-r1-h1--a-r1/switch',
        'a-r1/switch--a/cluster-2',
        'a/cluster-2--a/gateway',
        'ab',
        'b/cluster-2--b/gateway',
        'b-r1/switch--b/cluster-2',
        'b-r1-h1--b-r1/switch',
      ],
    });
    graph.setCable('ab', false);
    const detour = way(graph, 'a-r1-h1', 'b-r1-h1');
    expect(detour?.links.slice(3, 5)).toEqual(['ca', 'bc']);
    expect(detour).toMatchObject({ hops: 6, cableLatency: 50 * MS });
    graph.setCable('bc', false);
    expect(way(graph, 'a-r1-h1', 'b-r1-h1')).toBeUndefined();
    expect(graph.isolatedGroups()).toEqual([['a-r1-h1', 'c-r1-h1'], ['b-r1-h1']]);
    graph.setCable('ab', true);
    expect(way(graph, 'a-r1-h1', 'b-r1-h1')?.cableLatency).toBe(10 * MS);
  });

  it('takes the shorter of two parallel cables, and shares two equal ones out among the racks', () => {
    const datacenters = ['a', 'b'].map((name) => datacenter(name, 1, 2, 1));
    const graph = new Graph(
      {
        datacenters,
        cables: [cable('slow', 'a', 'b', 9), cable('one', 'b', 'a', 5), cable('other', 'a', 'b', 5)],
      },
      HOP,
    );
    const cables = () =>
      ['a-r1-h1', 'a-r2-h1'].map((from) =>
        ['b-r1-h1', 'b-r2-h1'].map((to) => way(graph, from, to)?.links[3]),
      );
    expect(cables()).toEqual([
      ['one', 'other'],
      ['other', 'one'],
    ]);
    graph.setCable('one', false);
    expect(new Set(cables().flat())).toEqual(new Set(['other']));
    graph.setCable('other', false);
    expect(new Set(cables().flat())).toEqual(new Set(['slow']));
  });

  it('is cut off from the world, and whole within, when its gateway fails', () => {
    const graph = new Graph(THREE_CENTRES, HOP);
    graph.setNode('b/gateway', false);
    expect(graph.isolatedGroups()).toEqual([['a-r1-h1', 'c-r1-h1'], ['b-r1-h1']]);
    expect(way(graph, 'a-r1-h1', 'c-r1-h1')?.cableLatency).toBe(30 * MS);
  });
});

describe('Graph under overlapping faults', () => {
  it('stays down until each of two faults on one switch and one cable is healed', () => {
    const graph = new Graph(THREE_CENTRES, HOP);
    const start = graph.version;
    graph.setCable('ab', false);
    graph.setCable('ab', false);
    expect(graph.version).toBe(start + 1);
    graph.setCable('ab', true);
    expect(way(graph, 'a-r1-h1', 'b-r1-h1')?.cableLatency).toBe(50 * MS);
    graph.setCable('ab', true);
    expect(graph.version).toBe(start + 2);
    expect(way(graph, 'a-r1-h1', 'b-r1-h1')?.cableLatency).toBe(10 * MS);
    graph.setNode('a-r1/switch', false);
    graph.setNode('a-r1/switch', false);
    graph.setNode('a-r1/switch', true);
    expect(way(graph, 'a-r1-h1', 'b-r1-h1')).toBeUndefined();
    graph.setNode('a-r1/switch', true);
    expect(way(graph, 'a-r1-h1', 'b-r1-h1')?.hops).toBe(6);
    expect(() => graph.setNode('a-r1/switch', true)).toThrow('expected a-r1/switch to be down, it is alive');
  });

  it('agrees with a naive search and with its own groups, whatever fails and heals', () => {
    const topology: Topology = {
      datacenters: [datacenter('a', 2, 3, 1, 2), datacenter('b', 1, 2, 2, 1), datacenter('c', 1, 1, 1, 1)],
      cables: THREE_CENTRES.cables,
    };
    const fresh = new Graph(topology, HOP);
    const parts = [...fresh.switches(), ...fresh.cables(), ...fresh.hostNames];
    fc.assert(
      fc.property(fc.array(fc.nat(parts.length - 1), { maxLength: 20 }), (toggles) => {
        const graph = new Graph(topology, HOP);
        const down = new Set<string>();
        for (const toggle of toggles) {
          const part = parts[toggle]!;
          const alive = down.delete(part);
          if (!alive) down.add(part);
          if (graph.cables().includes(part)) graph.setCable(part, alive);
          else graph.setNode(part, alive);
          graph.route(toggle % graph.hostNames.length, 0);
        }
        const latencies = naiveLatencies(topology, down, graph.hostNames);
        const groupOf = new Map(graph.isolatedGroups().flatMap((group, nth) => group.map((h) => [h, nth])));
        for (const [a, from] of graph.hostNames.entries()) {
          for (const [b, to] of graph.hostNames.entries()) {
            const route = graph.route(a, b);
            expect(route && route.hops * HOP + route.cableLatency).toBe(latencies.get(`${from} ${to}`));
            const together = groupOf.has(from) && groupOf.get(from) === groupOf.get(to);
            expect(route !== undefined).toBe(together);
          }
        }
      }),
      { seed: 1, numRuns: 60 },
    );
  });
});

/** Latencies by relaxing all edges until nothing changes, straight from the topology; only pairs that can reach each other. */
function naiveLatencies(topology: Topology, down: ReadonlySet<string>, hosts: readonly string[]) {
  const edges: [string, string, number][] = [];
  for (const { name, racks, clusterSwitches } of topology.datacenters) {
    for (const rack of racks) {
      for (const host of rack.hosts) edges.push([host.name, `${rack.name}/switch`, HOP]);
      for (let n = 1; n <= clusterSwitches; n++)
        edges.push([`${rack.name}/switch`, `${name}/cluster-${n}`, HOP]);
      const row = racks.filter((other) => other.row === rack.row);
      const next = row[(row.indexOf(rack) + 1) % row.length]!;
      edges.push([`${rack.name}/switch`, `${next.name}/switch`, HOP]);
    }
    for (let n = 1; n <= clusterSwitches; n++) edges.push([`${name}/cluster-${n}`, `${name}/gateway`, HOP]);
  }
  for (const { name, between, latency } of topology.cables) {
    if (!down.has(name)) edges.push([`${between[0]}/gateway`, `${between[1]}/gateway`, latency]);
  }
  const live = edges.filter(([a, b]) => !down.has(a) && !down.has(b));
  const found = new Map<string, number>();
  for (const source of hosts) {
    if (down.has(source)) continue;
    const distance = new Map([[source, 0]]);
    for (let changed = true; changed; ) {
      changed = false;
      for (const [a, b, latency] of live) {
        for (const [from, to] of [
          [a, b],
          [b, a],
        ] as const) {
          const length = (distance.get(from) ?? Number.POSITIVE_INFINITY) + latency;
          if (length < (distance.get(to) ?? Number.POSITIVE_INFINITY)) {
            distance.set(to, length);
            changed = true;
          }
        }
      }
    }
    for (const host of hosts) {
      const length = distance.get(host);
      if (length !== undefined) found.set(`${source} ${host}`, length);
    }
  }
  return found;
}

describe('Graph and bad names', () => {
  const one: Topology = { datacenters: [datacenter('dc', 1, 1, 2, 1)], cables: [] };

  it('names the known ones', () => {
    const graph = new Graph(one, HOP);
    expect(() => graph.hostIndex('n9')).toThrow(
      new RangeError('expected a host among dc-r1-h1, dc-r1-h2, got "n9"'),
    );
    expect(() => graph.hostIndex('dc/gateway')).toThrow(RangeError);
    expect(() => graph.setNode('dc/cluster-9', false)).toThrow(
      'expected a host or switch among dc-r1-h1, dc-r1-h2, dc-r1/switch, dc/cluster-1, dc/gateway, got "dc/cluster-9"',
    );
    expect(() => graph.setCable('x', false)).toThrow('expected a cable among (none), got "x"');
    const large = new Graph({ datacenters: [datacenter('dc', 1, 1, 30)], cables: [] }, HOP);
    expect(() => large.hostIndex('n9')).toThrow(/dc-r1-h20 and 10 more, got "n9"$/);
  });

  it.each<[string, Topology]>([
    [
      'expected distinct names of racks, got dc-r1 twice',
      {
        datacenters: [datacenter('dc', 1, 1, 0), { ...datacenter('dc', 1, 1, 0), name: 'other' }],
        cables: [],
      },
    ],
    [
      'expected distinct names of hosts and switches, got dc-r1-h1 twice',
      { datacenters: [datacenter('dc', 1, 1, 1), datacenter('dc', 1, 1, 1)], cables: [] },
    ],
    [
      'expected distinct names of cables, got x twice',
      { ...one, cables: [cable('x', 'dc', 'dc', 1), cable('x', 'dc', 'dc', 1)] },
    ],
    ['expected an end of cable x among dc, got "moon"', { ...one, cables: [cable('x', 'dc', 'moon', 1)] }],
    [
      'expected a latency in whole nanoseconds, at least 0, got -1',
      { ...one, cables: [cable('x', 'dc', 'dc', -1)] },
    ],
  ])('refuses a topology: %s', (message, topology) => {
    expect(() => new Graph(topology, HOP)).toThrow(new RangeError(message));
  });
});

describe('Graph of ten thousand hosts', () => {
  it('finds routes rack by rack', () => {
    const topology: Topology = {
      datacenters: ['a', 'b'].map((name) => datacenter(name, 5, 25, 40)),
      cables: [cable('ab', 'a', 'b', MS)],
    };
    const graph = new Graph(topology, HOP);
    let hops = 0;
    for (let from = 0; from < 10_000; from += 7) {
      for (let to = 0; to < 10_000; to += 501) hops += graph.route(from, to)?.hops ?? 0;
    }
    expect(graph.hostNames.length).toBe(10_000);
    expect(hops).toBeGreaterThan(0);
    expect(graph.route(0, 9_999)).toMatchObject({ hops: 6, cableLatency: MS });
  });
});
