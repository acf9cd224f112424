import { describe, expect, it } from 'vitest';
import type { Topology } from '../contract/index.ts';
import { layoutOf } from './layout.ts';
import { pairsCut, spanningTree } from './spanning-tree.ts';

const NONE: ReadonlySet<string> = new Set();

/** Two data centres with a cable; in the first two racks of a row and one apart, behind two cluster switches. */
const topology: Topology = {
  datacenters: [
    {
      name: 'dc1',
      clusterSwitches: 2,
      racks: [
        { name: 'r1', row: 'row-1', hosts: [{ name: 'n1', role: 'server' }] },
        { name: 'r2', row: 'row-1', hosts: [{ name: 'n2', role: 'server' }] },
        { name: 'r3', row: 'row-2', hosts: [{ name: 'c1', role: 'client' }] },
      ],
    },
    {
      name: 'dc2',
      clusterSwitches: 1,
      racks: [{ name: 'r4', row: 'row-1', hosts: [{ name: 'n3', role: 'server' }] }],
    },
  ],
  cables: [{ name: 'sea', between: ['dc1', 'dc2'], latency: 1 }],
};

const layout = layoutOf(topology);

describe('the layout of a topology', () => {
  it('has a bridge for each switch, a link for each neighbourhood and a port for each host', () => {
    expect(layout.bridges.map(({ name }) => name)).toEqual([
      'dc1/cluster-1',
      'dc1/cluster-2',
      'dc1/gateway',
      'r1/switch',
      'r2/switch',
      'r3/switch',
      'dc2/cluster-1',
      'dc2/gateway',
      'r4/switch',
    ]);
    // 3 racks by 2 cluster switches, one stack, two to the gateway; one rack and one gateway; the cable.
    expect(layout.links).toHaveLength(6 + 1 + 2 + 2 + 1);
    expect(layout.ports.map(({ host, rackSwitch, address }) => [host, rackSwitch, address])).toEqual([
      ['n1', 'r1/switch', '10.77.0.1'],
      ['n2', 'r2/switch', '10.77.0.2'],
      ['c1', 'r3/switch', '10.77.0.3'],
      ['n3', 'r4/switch', '10.77.0.4'],
    ]);
  });

  it('names devices in at most 15 characters, each once', () => {
    const names = [
      ...layout.bridges.map(({ device }) => device),
      ...layout.links.flatMap(({ devices }) => devices),
      ...layout.ports.map(({ device }) => device),
    ];
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name.length > 15)).toEqual([]);
  });
});

describe('the spanning tree', () => {
  it('joins all switches without a loop', () => {
    const tree = spanningTree(layout, { switches: NONE, cables: NONE });
    expect(tree.forwarding.filter(Boolean)).toHaveLength(layout.bridges.length - 1);
    expect(pairsCut(tree)).toBe(0);
  });

  it('goes another way when one of two cluster switches fails', () => {
    const tree = spanningTree(layout, { switches: new Set(['dc1/cluster-1']), cables: NONE });
    expect(pairsCut(tree)).toBe(0);
  });

  it('cuts off the host of a dead rack switch, and the other data centre with its cable', () => {
    const rack = spanningTree(layout, { switches: new Set(['r1/switch']), cables: NONE });
    expect(rack.parts[0]).toBeUndefined();
    expect(pairsCut(rack)).toBe(3);
    const cable = spanningTree(layout, { switches: NONE, cables: new Set(['sea']) });
    expect(pairsCut(cable)).toBe(3);
  });

  it('leaves the racks of a row joined when all cluster switches are dead', () => {
    const tree = spanningTree(layout, {
      switches: new Set(['dc1/cluster-1', 'dc1/cluster-2']),
      cables: NONE,
    });
    expect(tree.parts[0]).toBe(tree.parts[1]);
    expect(tree.parts[2]).not.toBe(tree.parts[0]);
  });
});
