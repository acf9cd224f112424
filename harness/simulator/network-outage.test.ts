import { describe, expect, it } from 'vitest';
import { type Applied, MILLISECOND, SECOND, type Topology } from '../contract/index.ts';
import { defaultTopology } from '../plan/default-topology.ts';
import type { Simulator } from './simulator.ts';
import { testWorld } from './testing/world.ts';

const MS = MILLISECOND;

/** A world in which everybody sends to everybody every 10 ms; `reached` says who heard whom since the last look. */
function gossip(topology: Topology) {
  const { world } = testWorld(0, { cpuPerEvent: 0 }, { topology });
  const names = world.graph.hostNames;
  const heard = new Set<string>();
  for (const name of names) {
    world.boot(name, async (host) => {
      host.network.onMessage((_, from) => void heard.add(`${from} ${name}`));
      for (;;) {
        for (const other of names) if (other !== name) host.network.send(other, 1);
        await host.sleep(10 * MS);
      }
    });
  }
  const reached = (): string[][] => {
    const groups = new Map<string, string[]>();
    for (const name of names) {
      const group = names.filter(
        (other) => other === name || (heard.has(`${name} ${other}`) && heard.has(`${other} ${name}`)),
      );
      groups.set(group.join(), group);
    }
    heard.clear();
    return [...groups.values()];
  };
  return { world, names, reached };
}

/** Takes these down one after the other, a second apart, then heals all. After each step: who reaches whom. */
async function steps(topology: Topology, faults: ((world: Simulator) => Applied)[]) {
  const { world, names, reached } = gossip(topology);
  const seen: string[][][] = [];
  const inForce: Applied[] = [];
  faults.forEach((fault, nth) => {
    world.at((nth + 1) * SECOND, () => {
      inForce.push(fault(world));
    });
    // What was on its way has arrived.
    world.at((nth + 1) * SECOND + 200 * MS, () => void reached());
    world.at((nth + 1) * SECOND + 500 * MS, () => void seen.push(reached()));
  });
  const end = (faults.length + 1) * SECOND;
  world.at(end, () => {
    for (const fault of inForce) fault.heal();
  });
  world.at(end + 200 * MS, () => void reached());
  world.at(end + 500 * MS, () => {
    seen.push(reached());
    world.stop();
  });
  await world.run();
  return { seen, names, outcomes: inForce.map((fault) => fault.evidence()) };
}

describe('the default two-tier topology', () => {
  const topology = defaultTopology({ roles: { server: 5 }, clients: 5 });
  const row = (name: string) =>
    topology.datacenters[0]!.racks.filter((rack) => rack.row === name).flatMap(({ hosts }) =>
      hosts.map((host) => host.name),
    );

  it('is parted by row when its three cluster switches fail, and by nothing less; each of them bites', async () => {
    const names = ['dc1/cluster-1', 'dc1/cluster-2', 'dc1/cluster-3'];
    const {
      seen,
      names: everyone,
      outcomes,
    } = await steps(
      topology,
      names.map((name) => (world) => world.levers.switchDown(name)),
    );
    expect(seen).toEqual([[everyone], [everyone], [row('row-1'), row('row-2')], [everyone]]);
    for (const { outcome, figures } of outcomes) {
      expect(outcome).toBe('bit');
      expect(figures.packetsDropped).toBeGreaterThan(0);
    }
    // The first to fail had others to take over, the last had not.
    expect(outcomes[0]!.figures.packetsRerouted).toBeGreaterThan(0);
    expect(outcomes[1]!.figures.packetsRerouted).toBeGreaterThan(0);
    expect(outcomes[2]!.figures.packetsRerouted).toBe(0);
  });

  it('masks the failure of any single cluster switch, each of which carries something', async () => {
    for (const nth of [1, 2, 3]) {
      const { outcomes } = await steps(topology, [(world) => world.levers.switchDown(`dc1/cluster-${nth}`)]);
      expect(outcomes[0]).toMatchObject({ outcome: 'masked', figures: { packetsDropped: 0 } });
      expect(outcomes[0]!.figures.packetsRerouted).toBeGreaterThan(0);
    }
  });

  it('loses the hosts of a rack whose switch fails, and has them back when it heals', async () => {
    const rack = topology.datacenters[0]!.racks[3]!;
    const { seen, names, outcomes } = await steps(topology, [
      (world) => world.levers.switchDown(`${rack.name}/switch`),
    ]);
    const alone = rack.hosts.map(({ name }) => [name]);
    const others = names.filter((name) => !rack.hosts.some((host) => host.name === name));
    expect(seen[0]!.toSorted()).toEqual([others, ...alone].toSorted());
    expect(seen[1]).toEqual([names]);
    expect(outcomes[0]!.outcome).toBe('bit');
  });
});

describe('three data centres', () => {
  const centre = (name: string) => ({
    name,
    clusterSwitches: 2,
    racks: [{ name: `${name}-r1`, row: 'row', hosts: [{ name: `${name}1`, role: 'server' }] }],
  });
  const topology: Topology = {
    datacenters: ['a', 'b', 'c'].map(centre),
    cables: [
      { name: 'ab', between: ['a', 'b'], latency: 10 * MS },
      { name: 'bc', between: ['b', 'c'], latency: 20 * MS },
      { name: 'ca', between: ['c', 'a'], latency: 30 * MS },
    ],
  };

  it('go round a cut cable at the price of the detour, and part when a second is cut', async () => {
    const { seen, outcomes } = await steps(topology, [
      (world) => world.levers.cableDown('ab'),
      (world) => world.levers.cableDown('bc'),
    ]);
    expect(seen).toEqual([[['a1', 'b1', 'c1']], [['a1', 'c1'], ['b1']], [['a1', 'b1', 'c1']]]);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['bit', 'bit']);
  });

  it('take the time of the route: six hops and the cables', async () => {
    const { world } = testWorld(0, { cpuPerEvent: 0 }, { topology });
    const times: number[] = [];
    world.boot('b1', (host) =>
      host.network.onMessage((sentAt) => void times.push(world.now() - (sentAt as number))),
    );
    world.boot('a1', async (host) => {
      host.network.send('b1', 0);
      await host.sleep(SECOND);
      host.network.send('b1', SECOND);
    });
    world.at(500 * MS, () => void world.levers.cableDown('ab'));
    await world.run();
    // Over c the way leads from gateway to gateway: no more hops.
    expect(times).toEqual([6 * 50_000 + 10 * MS, 6 * 50_000 + 50 * MS]);
  });
});
