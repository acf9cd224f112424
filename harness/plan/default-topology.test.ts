import { describe, expect, it } from 'vitest';
import { groups } from '../../nemeses/reachability.ts';
import { defaultTopology } from './default-topology.ts';

function shape(roles: { readonly [role: string]: number }, clients: number) {
  const [datacenter] = defaultTopology({ roles, clients }).datacenters;
  return datacenter!.racks.map(
    ({ name, row, hosts }) => `${row} ${name}: ${hosts.map((host) => host.name).join(' ')}`,
  );
}

describe('defaultTopology', () => {
  it('puts two of five servers in the first row and three in the second, a client in each rack', () => {
    expect(shape({ server: 5 }, 5)).toEqual([
      'row-1 r1: n1 c1',
      'row-1 r2: n2 c2',
      'row-2 r3: n3 c3',
      'row-2 r4: n4 c4',
      'row-2 r5: n5 c5',
    ]);
  });

  it('names hosts of other roles by their role, and spreads each role', () => {
    expect(shape({ view: 1, store: 2 }, 7)).toEqual([
      'row-1 r1: store1 c1 c2',
      'row-1 r2: c3 c4',
      'row-2 r3: view1 store2 c5',
      'row-2 r4: c6',
      'row-2 r5: c7',
    ]);
  });

  it.each([3, 4, 5, 6, 7, 8, 9, 10, 11, 50])(
    'parts %i servers into a minority and a majority when three cluster switches fail',
    (servers) => {
      const topology = defaultTopology({ roles: { server: servers }, clients: 0 });
      const down = ['dc1/cluster-1', 'dc1/cluster-2', 'dc1/cluster-3'];
      const parts = groups(topology, { switches: down, cables: [] }).map((group) => group.length);
      expect(parts).toHaveLength(2);
      expect(parts[0]! + parts[1]!).toBe(servers);
      expect(parts[0]!).toBeGreaterThan(servers / 2);
      for (let left = 1; left <= 2; left++)
        expect(groups(topology, { switches: down.slice(left), cables: [] })).toHaveLength(1);
    },
  );

  it('adds racks for many hosts', () => {
    const [datacenter] = defaultTopology({ roles: { server: 200 }, clients: 40 }).datacenters;
    expect(datacenter!.racks).toHaveLength(15);
    expect(Math.max(...datacenter!.racks.map(({ hosts }) => hosts.length))).toBeLessThanOrEqual(18);
  });
});
