import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  Evidence,
  Json,
  Lever,
  Nemesis,
  ScheduledFault,
  Surroundings,
  Target,
  Topology,
} from '../harness/contract/index.ts';
import { allHosts, clientHosts, serverHosts } from './hosts.ts';
import { nemeses } from './index.ts';
import { switches } from './reachability.ts';
import { fakeLevers, fakeScene, twoRows } from './testing/fake-levers.ts';

const NEAR = twoRows();
const FAR = twoRows(true);

function nemesisNamed(name: string): Nemesis {
  return nemeses.find((nemesis) => nemesis.name === name)!;
}

function faultOf(
  name: string,
  target: Target,
  parameters: { readonly [name: string]: Json } = {},
): ScheduledFault {
  const { properties } = nemesisNamed(name).parameters as {
    readonly properties: { readonly [name: string]: { readonly default: Json } };
  };
  const defaults = Object.fromEntries(
    Object.entries(properties).map(([key, schema]) => [key, schema.default]),
  );
  return { at: 0, fault: name, target, parameters: { ...defaults, ...parameters } };
}

/** What levers a fault pulls, in order. */
async function pulls(fault: ScheduledFault, topology: Topology = NEAR, leader?: string) {
  const levers = fakeLevers();
  await nemesisNamed(fault.fault).apply(fault, fakeScene(topology, levers, leader));
  return levers.calls;
}

function surroundings(topology: Topology, candidates: readonly string[], most: number): Surroundings {
  const hosts = { server: serverHosts(topology), client: clientHosts(topology) };
  return { topology, hosts, candidates, duration: 10_000_000_000, most };
}

const LEVER_OF: { readonly [call: string]: readonly Lever[] } = {
  block: ['partition'],
  impair: ['packets', 'packet-loss', 'wire-bits'],
  switchDown: ['switch'],
  cableDown: ['cable'],
  kill: ['kill'],
  terminate: ['kill'],
  power: ['power'],
  pause: ['pause'],
  slow: ['slow'],
  clock: ['clock'],
  flipMemory: ['memory-bits'],
  flipDisk: ['disk-bits'],
  badSector: ['disk-sectors'],
  fillDisk: ['disk-full'],
  slowDisk: ['disk-slow'],
  destroyDisk: ['disk-destroy'],
  failSyncs: ['disk-sync'],
  deleteFiles: ['files'],
  configure: ['configuration'],
  load: ['load'],
};

describe('the registry', () => {
  it('is ordered by name, each name once', () => {
    const names = nemeses.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)].sort());
  });
});

describe.each(nemeses)('$name', (nemesis) => {
  const validate = new Ajv2020({ strictTypes: false, allErrors: true }).compile(nemesis.parameters);
  /** Any topology, number of hosts and candidates in which it is applicable. */
  const anywhere = fc
    .record({
      topology: fc.constantFrom(NEAR, FAR),
      most: fc.integer({ min: 1, max: 6 }),
      few: fc.boolean(),
    })
    .map(({ topology, most, few }) => {
      const servers = serverHosts(topology);
      return surroundings(topology, few ? servers.slice(0, 4) : servers, Math.min(most, servers.length));
    })
    .filter((around) => nemesis.applicable?.(around) ?? true);
  const generated = anywhere.chain((around) =>
    nemesis.arbitrary(around).map(({ target, parameters }) => ({
      around,
      fault: { at: 0, fault: nemesis.name, target, parameters },
    })),
  );

  it('has a default for each parameter, which fits its schema', () => {
    expect(validate(faultOf(nemesis.name, { none: true }).parameters)).toBe(true);
    expect(validate({ nonsense: 1 })).toBe(false);
  });

  it('generates parameters that fit the schema, and targets of its forms, that exist and are within the bounds', () => {
    fc.assert(
      fc.property(generated, ({ around, fault }) => {
        expect(validate(fault.parameters), JSON.stringify(validate.errors)).toBe(true);
        const { topology, candidates, most } = around;
        const form = Object.keys(fault.target)[0]!;
        expect(nemesis.targets).toContain(form);
        const names: { readonly [form: string]: readonly string[] } = {
          hosts: allHosts(topology),
          racks: topology.datacenters.flatMap(({ racks }) => racks.map(({ name }) => name)),
          datacenters: topology.datacenters.map(({ name }) => name),
          switches: switches(topology),
          cables: topology.cables.map(({ name }) => name),
        };
        if (form !== 'role') {
          const named = Object.values(fault.target)[0] as readonly string[];
          expect(named.length).toBeGreaterThan(0);
          expect(names[form]).toEqual(expect.arrayContaining([...named]));
        }
        const hit = nemesis.hits(fault, topology);
        if (typeof hit === 'number') expect(hit).toBeLessThanOrEqual(most);
        // Several racks or switches together may be more than each alone: the ledger looks at these.
        else if (form === 'hosts' && !nemesis.name.startsWith('partition-')) {
          expect(hit.length).toBeLessThanOrEqual(most);
          expect(candidates).toEqual(expect.arrayContaining([...hit]));
        }
      }),
      { numRuns: 50 },
    );
  });

  // What burnt down is never built up again.
  const ends = nemesis.name === 'data-centre-fire' ? 'heals none' : 'heals each once';

  it(`pulls the levers that it declares and no other, and ${ends}`, async () => {
    await fc.assert(
      fc.asyncProperty(generated, fc.constantFrom('n2', undefined), async ({ around, fault }, leader) => {
        const levers = fakeLevers();
        const applied = await nemesis.apply(fault, fakeScene(around.topology, levers, leader));
        expect(levers.calls.length).toBeGreaterThan(0);
        expect(applied.evidence().outcome).toBe('bit');
        await applied.heal();
        await applied.heal();
        // Healing may pull levers too: a process is started anew with the right settings.
        const pulled = levers.calls
          .map(([call]) => String(call))
          .filter((call) => call !== 'heal' && call !== 'atWrite');
        for (const call of pulled)
          expect(LEVER_OF[call]!.some((lever) => nemesis.levers.includes(lever))).toBe(true);
        const healed = levers.calls.filter(([call]) => call === 'heal').map(([, nth]) => nth);
        const expected = ends === 'heals none' ? [] : pulled.map((_, nth) => nth);
        expect([...healed].sort()).toEqual(expected.sort());
      }),
      { numRuns: 20 },
    );
  });

  it('is not generated where there is nothing to aim at', () => {
    const alone: Topology = { datacenters: [{ name: 'dc1', clusterSwitches: 0, racks: [] }], cables: [] };
    expect(nemesis.applicable?.(surroundings(alone, [], 0))).toBe(false);
  });
});

describe('faults of hosts', () => {
  it.each<[string, { readonly [name: string]: Json }, readonly (readonly unknown[])[]]>([
    [
      'kill',
      {},
      [
        ['kill', 'n1'],
        ['kill', 'n4'],
      ],
    ],
    [
      'restart',
      {},
      [
        ['kill', 'n1'],
        ['heal', 0],
        ['kill', 'n4'],
        ['heal', 1],
      ],
    ],
    [
      'crash',
      {},
      [
        ['power', 'n1', 'draw'],
        ['power', 'n4', 'draw'],
      ],
    ],
    [
      'crash',
      { moment: 'write' },
      [
        ['atWrite', ['n1'], 'write', 75_000_000],
        ['power', 'n1', 'draw'],
        ['atWrite', ['n4'], 'write', 75_000_000],
        ['power', 'n4', 'draw'],
      ],
    ],
    [
      'torn-writes',
      {},
      [
        ['power', 'n1', 'tear'],
        ['power', 'n4', 'tear'],
      ],
    ],
    [
      'lost-writes',
      {},
      [
        ['power', 'n1', 'lose'],
        ['power', 'n4', 'lose'],
      ],
    ],
    [
      'power-loss',
      { unsynced: 'keep' },
      [
        ['power', 'n1', 'keep'],
        ['power', 'n4', 'keep'],
      ],
    ],
    [
      'pause-process',
      {},
      [
        ['pause', 'n1', 'process'],
        ['pause', 'n4', 'process'],
      ],
    ],
    [
      'freeze-machine',
      {},
      [
        ['pause', 'n1', 'machine'],
        ['pause', 'n4', 'machine'],
      ],
    ],
    [
      'slow-host',
      { factor: 7 },
      [
        ['slow', 'n1', 7],
        ['slow', 'n4', 7],
      ],
    ],
    [
      'clock-step',
      { step: -5 },
      [
        ['clock', 'n1', { step: -5 }],
        ['clock', 'n4', { step: -5 }],
      ],
    ],
    [
      'clock-drift',
      { ppm: 9 },
      [
        ['clock', 'n1', { driftPpm: 9 }],
        ['clock', 'n4', { driftPpm: 9 }],
      ],
    ],
    [
      'memory-bit-flip',
      { bits: 2, words: 5 },
      [
        ['flipMemory', 'n1', 2, 5],
        ['flipMemory', 'n4', 2, 5],
      ],
    ],
    [
      'disk-bit-flip',
      { bits: 3 },
      [
        ['flipDisk', 'n1', 3, undefined],
        ['flipDisk', 'n4', 3, undefined],
      ],
    ],
    [
      'bad-sector',
      { file: 'log' },
      [
        ['badSector', 'n1', 'log'],
        ['badSector', 'n4', 'log'],
      ],
    ],
    [
      'disk-full',
      {},
      [
        ['fillDisk', 'n1'],
        ['fillDisk', 'n4'],
      ],
    ],
    [
      'disk-slow',
      { factor: 4 },
      [
        ['slowDisk', 'n1', 4],
        ['slowDisk', 'n4', 4],
      ],
    ],
    [
      'sync-failure',
      {},
      [
        ['failSyncs', 'n1'],
        ['failSyncs', 'n4'],
      ],
    ],
    [
      'disk-destroyed',
      {},
      [
        ['destroyDisk', 'n1'],
        ['destroyDisk', 'n4'],
      ],
    ],
    [
      'wrong-deletion',
      { file: 'log' },
      [
        ['deleteFiles', 'n1', 'log'],
        ['deleteFiles', 'n4', 'log'],
      ],
    ],
    [
      'upgrade',
      { version: 2 },
      [
        ['configure', 'n1', { version: 2 }, { lasting: true }],
        ['terminate', 'n1'],
        ['configure', 'n4', { version: 2 }, { lasting: true }],
        ['terminate', 'n4'],
      ],
    ],
    [
      'wrong-configuration',
      { factor: 4, direction: 'shorter' },
      [
        ['configure', 'n1', { timeouts: 0.25 }, undefined],
        ['kill', 'n1'],
        ['heal', 1],
        ['configure', 'n4', { timeouts: 0.25 }, undefined],
        ['kill', 'n4'],
        ['heal', 3],
      ],
    ],
    [
      'overload',
      { perSecond: 10, cost: 20 },
      [
        ['load', 'n1', { perSecond: 10, cost: 20 }],
        ['load', 'n4', { perSecond: 10, cost: 20 }],
      ],
    ],
  ])('%s pulls its lever at each targeted host', async (name, parameters, expected) => {
    const fault = faultOf(name, { hosts: ['n1', 'n4'] }, parameters);
    expect(await pulls(fault)).toEqual(expected);
    expect(nemesisNamed(name).hits(fault, NEAR)).toEqual(['n1', 'n4']);
  });

  it('hit whoever leads, or the server of that index if nobody does', async () => {
    const fault = faultOf('kill', { role: 'leader', index: 7 });
    expect(await pulls(fault, NEAR, 'n2')).toEqual([['kill', 'n2']]);
    expect(await pulls(fault, NEAR)).toEqual([['kill', 'n3']]);
    expect(nemesisNamed('kill').hits(fault, NEAR)).toBe(1);
  });

  it('hit the clients of a rack too, without counting them', async () => {
    const fault = faultOf('power-loss', { racks: ['r2', 'r3'] });
    const dark = ['n2', 'c2', 'n3', 'c3'];
    expect(await pulls(fault)).toEqual(dark.map((host) => ['power', host, 'draw']));
    expect(nemesisNamed('power-loss').hits(fault, NEAR)).toEqual(['n2', 'n3']);
  });

  it('hit everyone in a data centre', async () => {
    const fault = faultOf('power-loss', { datacenters: ['dc2'] });
    expect(await pulls(fault, FAR)).toEqual([
      ['power', 'n6', 'draw'],
      ['power', 'c6', 'draw'],
    ]);
  });

  it('burn a data centre down for good: nothing is let go when it is healed', async () => {
    const fault = faultOf('data-centre-fire', { datacenters: ['dc2'] });
    const levers = fakeLevers();
    const applied = await nemesisNamed('data-centre-fire').apply(fault, fakeScene(FAR, levers));
    await applied.heal();
    expect(levers.calls).toEqual([
      ['power', 'n6', 'lose'],
      ['destroyDisk', 'n6'],
      ['power', 'c6', 'lose'],
      ['destroyDisk', 'c6'],
    ]);
    expect(nemesisNamed('data-centre-fire').hits(fault, FAR)).toEqual(['n6']);
  });

  it('bit if one of them did, and their figures add up', async () => {
    const found: Evidence[] = [
      { outcome: 'no-effect', figures: { lost: 0, host: 'n1' } },
      { outcome: 'bit', figures: { lost: 2, host: 'n2' } },
      { outcome: 'masked', figures: { lost: 3, torn: 1 } },
    ];
    const levers = fakeLevers((nth) => found[nth]!);
    const fault = faultOf('crash', { hosts: ['n1', 'n2', 'n3'] });
    const applied = await nemesisNamed('crash').apply(fault, fakeScene(NEAR, levers));
    expect(applied.evidence()).toEqual({ outcome: 'bit', figures: { lost: 5, host: ['n1', 'n2'], torn: 1 } });
    await applied.heal();
    expect(levers.calls.slice(3)).toEqual([
      ['heal', 2],
      ['heal', 1],
      ['heal', 0],
    ]);
  });

  it('had no effect if there was nobody to aim at', async () => {
    const applied = await nemesisNamed('kill').apply(
      faultOf('kill', { none: true }),
      fakeScene(NEAR, fakeLevers()),
    );
    expect(applied.evidence()).toEqual({ outcome: 'no-effect', figures: { why: 'no host to aim at' } });
  });
});

describe('faults of packets', () => {
  it('impair both directions between the targeted hosts and everyone else, each pair once', async () => {
    const [[call, rule]] = (await pulls(faultOf('packet-loss', { hosts: ['n1', 'n2'] }, { loss: 0.4 }))) as [
      [string, { readonly pairs: readonly string[][]; readonly loss: number }],
    ];
    expect([call, rule.loss]).toEqual(['impair', 0.4]);
    const pairs = rule.pairs.map((pair) => pair.join('>'));
    expect(new Set(pairs).size).toBe(pairs.length);
    expect(pairs).toHaveLength(2 * (2 * 8 + 1));
    expect(pairs).toEqual(expect.arrayContaining(['n1>n2', 'n2>n1', 'n1>c5', 'c5>n1']));
    expect(pairs).not.toContain('n3>n4');
  });

  it.each<[string, { readonly [name: string]: Json }, object]>([
    ['packet-delay', { delay: 5, jitter: 2 }, { delay: 5, jitter: 2 }],
    ['packet-duplicate', { duplicate: 0.2 }, { duplicate: 0.2 }],
    ['packet-reorder', { reorder: 0.2, by: 9 }, { reorder: 0.2, reorderBy: 9 }],
    ['wire-bit-flip', { corrupt: 0.1, bits: 3 }, { corrupt: 0.1, corruptBits: 3 }],
  ])('%s hands its parameters on', async (name, parameters, rule) => {
    const [call] = await pulls(faultOf(name, { hosts: ['n1'] }, parameters));
    expect(call![1]).toMatchObject(rule);
  });

  it('loses requests on their way to a server, replies on their way back', async () => {
    const towards = (await pulls(faultOf('request-loss', { hosts: ['n1'] }, { loss: 1 })))[0]![1];
    const clients = ['c1', 'c2', 'c3', 'c4', 'c5'];
    expect(towards).toEqual({ pairs: clients.map((client) => [client, 'n1']), only: 'request', loss: 1 });
    const back = (await pulls(faultOf('reply-loss', { hosts: ['n1'] }, { loss: 1 })))[0]![1];
    expect(back).toEqual({ pairs: clients.map((client) => ['n1', client]), only: 'reply', loss: 1 });
  });

  it('loses the requests of servers among themselves too, if asked to, but none of a host to itself', async () => {
    const everyone = faultOf('request-loss', { hosts: ['n1', 'n2'] }, { loss: 1, with: 'everyone' });
    const { pairs } = (await pulls(everyone))[0]![1] as { readonly pairs: readonly string[][] };
    const cut = pairs.map((pair) => pair.join('>'));
    expect(cut).toEqual(expect.arrayContaining(['n2>n1', 'n1>n2', 'n3>n1', 'c4>n2']));
    expect(cut.filter((pair) => pair === 'n1>n1' || pair === 'n2>n2')).toEqual([]);
  });
});

describe('partitions', () => {
  const blocked = async (fault: ScheduledFault, leader?: string): Promise<Set<string>> => {
    const [call] = await pulls(fault, NEAR, leader);
    return new Set((call![1] as readonly string[][]).map((pair) => pair.join('>')));
  };

  it('halves: clients belong to a side, and the smaller side counts', async () => {
    const fault = faultOf('partition-halves', { hosts: ['n1', 'n2', 'n3', 'c1'] });
    const cut = await blocked(fault);
    expect(cut.has('c1>n4') && cut.has('n4>c1') && cut.has('c2>n1')).toBe(true);
    expect(cut.has('c1>n1') || cut.has('c2>n4')).toBe(false);
    expect(nemesisNamed('partition-halves').hits(fault, NEAR)).toEqual(['n4', 'n5']);
  });

  it('bridge: one server of the others reaches both sides', async () => {
    const fault = faultOf('partition-bridge', { hosts: ['n1', 'n2'] }, { bridge: 1 });
    const cut = await blocked(fault);
    expect([...cut].some((pair) => pair.includes('n4'))).toBe(false);
    expect(cut.has('n1>n3') && cut.has('n5>n2') && cut.has('c1>n1')).toBe(true);
    expect(nemesisNamed('partition-bridge').hits(fault, NEAR)).toEqual(['n1', 'n2']);
  });

  it('one and primary: clients are cut off with the host, as many as the parameter says', async () => {
    const one = await blocked(faultOf('partition-one', { hosts: ['n2'] }));
    expect(one.size).toBe(2 * 9);
    const fault = faultOf('partition-primary', { role: 'leader', index: 0 }, { clients: 2 });
    const primary = await blocked(fault, 'n3');
    expect(primary.has('n3>c1') || primary.has('c2>n3')).toBe(false);
    expect(primary.has('n3>c3') && primary.has('c1>n1') && primary.has('n3>n1')).toBe(true);
    expect(nemesisNamed('partition-primary').hits(fault, NEAR)).toBe(1);
  });

  it('one way: only one direction is cut', async () => {
    const out = await blocked(faultOf('partition-one-way', { hosts: ['n2'] }, { direction: 'out' }));
    expect([out.size, out.has('n2>n1'), out.has('n1>n2')]).toEqual([9, true, false]);
  });

  it('majorities ring: servers that are not named stand at the end, and all servers count', async () => {
    const fault = faultOf('partition-majorities-ring', { hosts: ['n3', 'n1'] });
    const cut = await blocked(fault);
    // The ring is n3 n1 n2 n4 n5.
    expect(cut.has('n3>n1') || cut.has('n5>n3')).toBe(false);
    expect(cut.has('n3>n2') && cut.has('n1>n4')).toBe(true);
    expect(nemesisNamed('partition-majorities-ring').hits(fault, NEAR)).toEqual(serverHosts(NEAR));
  });

  it('rack cut off: the rack goes on inside', async () => {
    const fault = faultOf('rack-cut-off', { racks: ['r1'] });
    const cut = await blocked(fault);
    expect(cut.has('n1>c1') || cut.has('n2>n3')).toBe(false);
    expect(cut.has('n1>n2') && cut.has('c1>n5')).toBe(true);
    expect(nemesisNamed('rack-cut-off').hits(fault, NEAR)).toEqual(['n1']);
  });
});

describe('switches and cables', () => {
  const hit = (name: string, target: Target, topology: Topology = NEAR) =>
    nemesisNamed(name).hits(faultOf(name, target), topology);

  it('one or two cluster switches hit nobody, all three part the rows', async () => {
    const three = ['dc1/cluster-1', 'dc1/cluster-2', 'dc1/cluster-3'];
    expect(hit('switch-down', { switches: three.slice(0, 2) })).toEqual([]);
    expect(hit('switch-down', { switches: three })).toEqual(['n1', 'n2']);
    expect(await pulls(faultOf('cluster-switches-down', { switches: three }))).toEqual(
      three.map((name) => ['switchDown', name]),
    );
  });

  it('the switch of a rack cuts its hosts off', () => {
    expect(hit('switch-down', { switches: ['r4/switch'] })).toEqual(['n4']);
  });

  it('two switches in a ring of three stacked racks leave the third alone once the cluster is gone', () => {
    const down = ['dc1/cluster-1', 'dc1/cluster-2', 'dc1/cluster-3', 'r3/switch', 'r4/switch'];
    expect(hit('switch-down', { switches: down })).toEqual(['n3', 'n4', 'n5']);
  });

  it('a cut cable, or a gateway, parts data centres', async () => {
    expect(hit('cable-cut', { cables: ['sea'] }, FAR)).toEqual(['n6']);
    expect(hit('switch-down', { switches: ['dc2/gateway'] }, FAR)).toEqual(['n6']);
    expect(await pulls(faultOf('cable-cut', { cables: ['sea'] }), FAR)).toEqual([['cableDown', 'sea']]);
  });

  it('only what a system can bear is generated', () => {
    const { applicable } = nemesisNamed('cluster-switches-down');
    expect(applicable!(surroundings(NEAR, serverHosts(NEAR), 2))).toBe(true);
    expect(applicable!(surroundings(NEAR, serverHosts(NEAR), 1))).toBe(false);
    expect(applicable!(surroundings(NEAR, ['n1', 'n3', 'n4', 'n5'], 5))).toBe(false);
  });
});
