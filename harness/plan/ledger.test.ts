import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nemeses } from '../../nemeses/index.ts';
import type { AtOnce, ScheduledFault, Tolerance, Topology } from '../contract/index.ts';
import { SECOND } from '../contract/index.ts';
import { defaultTopology } from './default-topology.ts';
import { planArbitrary } from './generate.ts';
import { firstExcess, keepWithin } from './ledger.ts';
import { PlanError } from './plan-error.ts';
import { withTolerance } from './testing.ts';
import { most, ToleranceTable } from './tolerance-table.ts';

const FIVE = defaultTopology({ roles: { server: 5 }, clients: 3 });
const END = 10 * SECOND;

function crash(at: number, length: number, ...hosts: string[]): ScheduledFault {
  return { at, for: length, fault: 'crash', target: { hosts }, parameters: {} };
}

function kept(tolerance: Tolerance, schedule: readonly ScheduledFault[]): ScheduledFault[] {
  return keepWithin(new ToleranceTable(tolerance, FIVE, nemeses), schedule, END);
}

describe('how many hosts at once', () => {
  it.each<[AtOnce, number, number]>([
    ['all', 5, 5],
    ['all-but-one', 5, 4],
    ['minority', 5, 2],
    ['minority', 4, 1],
    ['minority', 2, 0],
    ['minority', 1, 0],
    [3, 5, 3],
    [9, 5, 5],
  ])('%s of %i is %i', (atOnce, hosts, expected) => {
    expect(most(atOnce, hosts)).toBe(expected);
  });
});

describe('keepWithin', () => {
  it('leaves a schedule within the table as it is', () => {
    const schedule = [crash(0, 10, 'n1', 'n2'), crash(11, 10, 'n3', 'n4')];
    expect(kept([{ fault: 'crash', atOnce: 'minority' }], schedule)).toEqual(schedule);
  });

  it('aims a fault that would be too much at hosts that are hit already', () => {
    const schedule = [crash(0, 100, 'n1', 'n2'), crash(50, 100, 'n4')];
    expect(kept([{ fault: 'crash', atOnce: 'minority' }], schedule)).toEqual([
      schedule[0],
      crash(50, 100, 'n1'),
    ]);
  });

  it('aims a fault at fewer hosts where nothing else is in force', () => {
    expect(kept([{ fault: 'crash', atOnce: 'minority' }], [crash(0, 100, 'n5', 'n1', 'n4')])).toEqual([
      crash(0, 100, 'n5', 'n1'),
    ]);
  });

  describe('damage that the system repairs in a time of calm', () => {
    const destroyed = (at: number, host: string): ScheduledFault => ({
      at,
      fault: 'disk-destroyed',
      target: { hosts: [host] },
      parameters: {},
    });
    const damaged: Tolerance = [
      { fault: 'disk-destroyed', atOnce: 1, lasting: 100 },
      { fault: 'crash', atOnce: 'all' },
    ];

    it('counts until that time has passed', () => {
      const schedule = [destroyed(0, 'n1'), destroyed(101, 'n2'), destroyed(202, 'n3')];
      expect(kept(damaged, schedule)).toEqual(schedule);
    });

    it('counts on while other faults are in force', () => {
      const schedule = [destroyed(0, 'n1'), crash(50, 20, 'n5'), destroyed(101, 'n2'), destroyed(180, 'n3')];
      // The second one hits the same host again; the third comes after calm from 70 on, and the second has broken that.
      expect(kept(damaged, schedule)).toEqual([
        schedule[0],
        schedule[1],
        destroyed(101, 'n1'),
        destroyed(180, 'n1'),
      ]);
    });

    it('counts to the end under another budget that says so', () => {
      const rows: Tolerance = [
        ...damaged,
        { fault: 'disk-destroyed', atOnce: 2, budget: 'lost for good', lasting: true },
      ];
      const schedule = [destroyed(0, 'n1'), destroyed(101, 'n2'), destroyed(202, 'n3')];
      expect(kept(rows, schedule)).toEqual([schedule[0], schedule[1], destroyed(202, 'n1')]);
    });
  });

  it('puts off a fault of another kind in the same budget, and cuts it to end in time', () => {
    const tolerance: Tolerance = [
      { fault: 'crash', atOnce: 1, budget: 'down' },
      { fault: 'partition-majorities-ring', atOnce: 5, budget: 'down' },
    ];
    const ring = (at: number, length: number): ScheduledFault => ({
      at,
      for: length,
      fault: 'partition-majorities-ring',
      target: { hosts: ['n1', 'n2', 'n3', 'n4', 'n5'] },
      parameters: {},
    });
    expect(kept(tolerance, [crash(0, 30, 'n1'), ring(10, 100)])).toEqual([crash(0, 30, 'n1'), ring(31, 79)]);
  });

  it('counts lasting damage to the end, and drops what would come on top', () => {
    const destroyed = (at: number, host: string): ScheduledFault => ({
      at,
      fault: 'disk-destroyed',
      target: { hosts: [host] },
      parameters: {},
    });
    const tolerance: Tolerance = [
      { fault: 'disk-destroyed', atOnce: 1, budget: 'disk' },
      { fault: 'partition-primary', atOnce: 1, budget: 'disk' },
    ];
    const primary: ScheduledFault = {
      at: 9 * SECOND,
      fault: 'partition-primary',
      target: { role: 'leader', index: 3 },
      parameters: { clients: 0 },
    };
    expect(kept(tolerance, [destroyed(0, 'n1'), destroyed(SECOND, 'n2'), primary])).toEqual([
      destroyed(0, 'n1'),
      destroyed(SECOND, 'n1'),
      { ...primary, target: { hosts: ['n1'] } },
    ]);
  });

  it('drops faults without a row, and hosts of roles that no row allows', () => {
    const schedule = [crash(0, 10, 'c1'), { ...crash(0, 10, 'n1'), fault: 'kill' }];
    expect(kept([{ fault: 'crash', atOnce: 'all' }], schedule)).toEqual([]);
    const clients: Tolerance = [{ fault: 'crash', atOnce: 1, roles: ['client'] }];
    expect(kept(clients, schedule)).toEqual([schedule[0]]);
  });

  it('counts each role by its own row', () => {
    const topology = defaultTopology({ roles: { cache: 3, store: 1 }, clients: 1 });
    const tolerance: Tolerance = [
      { fault: 'crash', atOnce: 'all', roles: ['cache'] },
      { fault: 'crash', atOnce: 0, roles: ['store'] },
    ];
    const table = new ToleranceTable(tolerance, topology, nemeses);
    const schedule = [
      crash(0, 10, 'cache1', 'cache2', 'cache3'),
      crash(20, 10, 'store1'),
      crash(40, 10, 'cache1'),
    ];
    expect(keepWithin(table, schedule, END)).toEqual([schedule[0], schedule[2]]);
  });
});

describe('firstExcess', () => {
  it('names the instant, the row and how many are hit', () => {
    const table = new ToleranceTable([{ fault: 'crash', atOnce: 'minority' }], FIVE, nemeses);
    const excess = firstExcess(table, [crash(5, 10, 'n3'), crash(0, 5, 'n1', 'n2')], END);
    expect(excess).toMatchObject({ at: 5, hit: 3, row: { fault: 'crash', most: 2 } });
  });

  it('names a fault without a row', () => {
    const table = new ToleranceTable([], FIVE, nemeses);
    expect(firstExcess(table, [crash(5, 10, 'n3')], END)).toEqual({ outside: crash(5, 10, 'n3') });
  });
});

describe('a tolerance table', () => {
  it('is refused when it names an unknown fault or half a host', () => {
    expect(() => new ToleranceTable([{ fault: 'crahs', atOnce: 1 }], FIVE, nemeses)).toThrow(
      /^tolerance\/0\/fault: expected one of .*\(did you mean crash\?\), found "crahs"$/,
    );
    expect(() => new ToleranceTable([{ fault: 'crash', atOnce: 0.5 }], FIVE, nemeses)).toThrow(PlanError);
  });
});

/**
 * The table by brute force, with nothing of the ledger in it: at every instant at which something begins, and the one
 * after, count hosts row by row.
 */
function violations(tolerance: Tolerance, schedule: readonly ScheduledFault[], topology: Topology): string[] {
  const specs = topology.datacenters[0]!.racks.flatMap((rack) => rack.hosts);
  const found: string[] = [];
  const inForce = (fault: ScheduledFault, now: number): boolean => {
    const nemesis = nemeses.find(({ name }) => name === fault.fault)!;
    const row = tolerance.find((candidate) => candidate.fault === fault.fault);
    if (now < fault.at) return false;
    if (row?.lasting ?? nemesis.lasting) return true;
    if (nemesis.momentary) return now === fault.at;
    return now <= (fault.for === undefined ? END : fault.at + fault.for);
  };
  for (const instant of schedule.flatMap(({ at }) => [at, at + 1])) {
    const now = schedule.filter((fault) => inForce(fault, instant));
    for (const row of tolerance) {
      if (!now.some(({ fault }) => fault === row.fault)) continue;
      const budget = row.budget ?? row.fault;
      const sharing = now.filter(({ fault }) =>
        tolerance.some((other) => other.fault === fault && (other.budget ?? other.fault) === budget),
      );
      const hosts = new Set<string>();
      let unnamed = 0;
      for (const fault of sharing) {
        const hit = nemeses.find(({ name }) => name === fault.fault)!.hits(fault, topology);
        if (typeof hit === 'number') unnamed += hit;
        else for (const host of hit) hosts.add(host);
      }
      const ofRow = specs.filter(({ role }) => (row.roles ? row.roles.includes(role) : role !== 'client'));
      const counted = ofRow.filter(({ name }) => hosts.has(name)).length + unnamed;
      if (Math.min(counted, ofRow.length) > most(row.atOnce, ofRow.length))
        found.push(`${instant} ${row.fault}: ${counted}`);
      if ([...hosts].some((host) => specs.find(({ name }) => name === host)!.role === 'client'))
        found.push(`${instant} ${row.fault}: a client`);
    }
  }
  return found;
}

describe('generated plans', () => {
  const atOnce = fc.constantFrom<AtOnce>('all', 'minority', 'all-but-one', 0, 1, 2);
  const tolerances: fc.Arbitrary<Tolerance> = fc.subarray([...nemeses], { minLength: 1 }).chain((some) =>
    fc.tuple(
      ...some.map(({ name }) =>
        fc.record({
          fault: fc.constant(name),
          atOnce,
          budget: fc.constantFrom('a', 'b', name),
          lasting: fc.constantFrom(true, false, undefined),
        }),
      ),
    ),
  );

  it('never exceed the table at any instant, whatever the table', () => {
    fc.assert(
      fc.property(
        tolerances.chain((tolerance) =>
          fc.tuple(fc.constant(tolerance), planArbitrary({ system: withTolerance(tolerance), nemeses })),
        ),
        ([tolerance, { schedule, topology }]) => {
          expect(violations(tolerance, schedule, topology)).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('are not emptied by the ledger: a tight table still leaves faults in most plans', () => {
    const tight = withTolerance(
      nemeses.map(({ name }) => ({ fault: name, atOnce: 'minority' as const, budget: 'down' })),
    );
    const plans = fc.sample(planArbitrary({ system: tight, nemeses }), { seed: 1, numRuns: 60 });
    expect(plans.filter(({ schedule }) => schedule.length >= 2).length).toBeGreaterThan(30);
  });
});
