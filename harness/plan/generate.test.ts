import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nemeses } from '../../nemeses/index.ts';
import { SECOND } from '../contract/index.ts';
import { generatePlan, type PlanRequest, planArbitrary, planGenerator } from './generate.ts';
import { conform } from './json-schema.ts';
import { PlanError } from './plan-error.ts';
import { fiveServers, withTolerance, workloadNamed } from './testing.ts';

const everything = withTolerance(nemeses.map(({ name }) => ({ fault: name, atOnce: 'all' as const })));

describe('generatePlan', () => {
  it('gives the same plan for the same seed, and another for another', () => {
    const first = generatePlan({ seed: 7, system: everything, nemeses });
    expect(generatePlan({ seed: 7, system: everything, nemeses })).toEqual(first);
    expect(generatePlan({ seed: 8, system: everything, nemeses })).not.toEqual(first);
  });

  it('does not depend on the plans that were made before', () => {
    const request = { system: everything, nemeses, clients: 4 };
    const inOrder = Array.from({ length: 12 }, (_, seed) => generatePlan({ ...request, seed }));
    for (const seed of [11, 3, 0]) {
      expect(generatePlan({ ...request, seed, clients: 5 })).not.toEqual(inOrder[seed]);
      expect(generatePlan({ ...request, seed })).toEqual(inOrder[seed]);
      expect(planGenerator(request)(seed)).toEqual(inOrder[seed]);
    }
  });

  it('has two of five seeds in the variants of a system, in turn, where nothing is named', () => {
    const system = { ...everything, variants: [{ nodes: 3 }, { nodes: 7 }, { nodes: 9 }] };
    const sizes = (asked: Partial<PlanRequest>) => {
      const plans = planGenerator({ system, nemeses, ...asked });
      return Array.from({ length: 14 }, (_, seed) => (plans(seed).system.options as { nodes: number }).nodes);
    };
    expect(sizes({})).toEqual([7, 5, 5, 9, 5, 3, 5, 5, 7, 5, 9, 5, 5, 3]);
    const defaults = new Array(14).fill(5);
    expect(sizes({ options: {} })).toEqual(defaults);
    expect(sizes({ flaws: ['forgets'] })).toEqual(defaults);
    expect(sizes({ faults: ['kill'] })).toEqual(defaults);
  });

  it('survives being written as JSON', () => {
    fc.assert(
      fc.property(planArbitrary({ system: everything, nemeses }), (plan) => {
        expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps faults in order, inside the fault phase, with parameters that fit their schema', () => {
    const byName = new Map(nemeses.map((nemesis) => [nemesis.name, nemesis]));
    fc.assert(
      fc.property(planArbitrary({ system: everything, nemeses, time: 4 * SECOND }), ({ schedule }) => {
        let last = 0;
        for (const { at, for: length, fault, parameters } of schedule) {
          expect(at).toBeGreaterThanOrEqual(last);
          last = at;
          expect(at).toBeLessThan(4 * SECOND);
          expect(at + (length ?? 0)).toBeLessThanOrEqual(4 * SECOND);
          const { parameters: schema, momentary } = byName.get(fault)!;
          expect(length === undefined).toBe(momentary);
          expect(conform(schema, parameters, '')).toEqual(parameters);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('takes "partition" for all kinds of partition, and a kind for itself alone', () => {
    const drawn = (faults: readonly string[]): Set<string> => {
      const plans = planGenerator({ system: everything, nemeses, faults });
      return new Set(
        Array.from({ length: 30 }, (_, seed) => plans(seed).schedule).flatMap((schedule) =>
          schedule.map(({ fault }) => fault),
        ),
      );
    };
    expect([...drawn(['partition-one'])]).toEqual(['partition-one']);
    const group = [...drawn(['partition'])];
    expect(group.length).toBeGreaterThan(4);
    expect(group.filter((fault) => !fault.startsWith('partition-'))).toEqual([]);
  });

  it('draws calm seeds and stormy ones, and every kind in at least one seed of fifteen', () => {
    const seen = new Map<string, number>();
    const counts: number[] = [];
    const plans = planGenerator({ system: everything, nemeses });
    for (let seed = 0; seed < 300; seed++) {
      const { schedule } = plans(seed);
      counts.push(schedule.length);
      for (const kind of new Set(schedule.map(({ fault }) => fault)))
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }
    expect(counts.some((count) => count <= 4)).toBe(true);
    expect(counts.some((count) => count >= 15)).toBe(true);
    // There is one data centre, with all the clients.
    const impossible = ['cable-cut', 'data-centre-fire'];
    for (const { name } of nemeses.filter(({ name }) => !impossible.includes(name))) {
      expect(seen.get(name) ?? 0, name).toBeGreaterThan(20);
    }
  });

  it('demands that clients are served again, unless they compete', () => {
    const demands = (competitive: boolean) => {
      const workloads = [{ ...workloadNamed('registers', 'read', 'write'), competitive }];
      const plans = planGenerator({
        system: fiveServers,
        nemeses,
        workloads,
        workload: { name: 'registers' },
      });
      return new Set(Array.from({ length: 30 }, (_, seed) => plans(seed).phases.demand));
    };
    expect(demands(false)).toEqual(new Set(['clients', 'kinds']));
    expect(demands(true)).toEqual(new Set([undefined]));
  });

  it('draws only from the kinds asked for', () => {
    for (let seed = 0; seed < 30; seed++) {
      const { schedule } = generatePlan({ seed, system: everything, nemeses, faults: ['crash'] });
      expect(new Set(schedule.map(({ fault }) => fault)).size).toBeLessThanOrEqual(1);
    }
    expect(generatePlan({ seed: 1, system: everything, nemeses, faults: [] }).schedule).toEqual([]);
  });

  it('names the nearest known fault when an unknown one is asked for', () => {
    expect(() => generatePlan({ seed: 1, system: everything, nemeses, faults: ['crush'] })).toThrow(
      /^faults: expected one of .*\(did you mean crash\?\), found "crush"$/,
    );
  });

  it('draws a fault as often as the weight of its row says', () => {
    const rows = nemeses.slice(0, 12).map(({ name }, nth) => ({
      fault: name,
      atOnce: 1,
      roles: ['server'],
      ...(nth === 3 && { weight: 3 }),
    }));
    const plans = planGenerator({ system: withTolerance(rows), nemeses });
    const drawn = rows.map(() => 0);
    for (let seed = 0; seed < 96; seed++) {
      const kinds = new Set(plans(seed).schedule.map(({ fault }) => fault));
      rows.forEach(({ fault }, nth) => {
        if (kinds.has(fault)) drawn[nth]!++;
      });
    }
    const others = drawn.filter((count, nth) => count > 0 && nth !== 3).sort((a, b) => a - b);
    expect(drawn[3]).toBeGreaterThan(1.5 * others[Math.floor(others.length / 2)]!);
    const halved = withTolerance([{ fault: 'kill', atOnce: 1, weight: 0.5 }]);
    expect(() => generatePlan({ seed: 3, system: halved, nemeses })).toThrow(
      new PlanError('tolerance', 'tolerance/0/weight', 'a whole number from 1', 0.5),
    );
  });

  it('refuses a fault outside the tolerance, unless beyond', () => {
    const system = withTolerance([{ fault: 'kill', atOnce: 1 }]);
    const request = { seed: 3, system, nemeses, faults: ['crash'] };
    expect(() => generatePlan(request)).toThrow(
      new PlanError('not-tolerated', 'faults', 'a fault that example tolerates (kill), or --beyond', 'crash'),
    );
    expect(generatePlan({ ...request, beyond: true }).beyond).toBe(true);
  });

  it('refuses a fault for which the world has no lever, and leaves it out when nobody asked for it', () => {
    const supported = new Set(['kill'] as const);
    const request = { seed: 3, system: everything, nemeses, supported };
    expect(() => generatePlan({ ...request, faults: ['crash'] })).toThrow(/needs: power/);
    for (let seed = 0; seed < 20; seed++) {
      for (const { fault } of generatePlan({ ...request, seed }).schedule)
        expect(['kill', 'restart']).toContain(fault);
    }
  });

  it('fills in the defaults of options and refuses options that do not fit', () => {
    expect(generatePlan({ seed: 1, system: fiveServers, nemeses }).system.options).toEqual({ nodes: 5 });
    expect(() => generatePlan({ seed: 1, system: fiveServers, nemeses, options: { nodes: 0 } })).toThrow(
      'options/nodes: expected a value that must be >= 1, found 0',
    );
    expect(() => generatePlan({ seed: 1, system: fiveServers, nemeses, options: { node: 3 } })).toThrow(
      'options/node: expected one of nodes, found "node"',
    );
    expect(() => generatePlan({ seed: 1, system: fiveServers, nemeses, flaws: ['forgetful'] })).toThrow(
      'flaws: expected one of forgets (did you mean forgets?), found "forgetful"',
    );
  });

  it('refuses a workload that needs operations which the system lacks, by name', () => {
    const workloads = [workloadNamed('registers', 'read', 'write'), workloadNamed('lock', 'acquire', 'read')];
    const request = { seed: 1, system: fiveServers, nemeses, workloads };
    expect(generatePlan(request).workload.name).toBe('registers');
    expect(() => generatePlan({ ...request, workload: { name: 'lock' } })).toThrow(
      new PlanError(
        'operations',
        'workload',
        'a workload that example has the operations of, such as registers (it lacks acquire)',
        'lock',
      ),
    );
    const alone = { ...request, workloads: workloads.slice(1), workload: { name: 'lock' } };
    expect(() => generatePlan(alone)).toThrow(/, of which there is none here \(it lacks acquire\)/);
  });

  it('takes a workload whose options leave out the operations that the system lacks', () => {
    const lock = { ...workloadNamed('lock', 'acquire', 'read'), needs: () => ['read'] };
    expect(
      generatePlan({ seed: 1, system: fiveServers, nemeses, workloads: [lock], workload: lock }).seed,
    ).toBe(1);
  });

  it('refuses a seed that is not a whole number', () => {
    expect(() => generatePlan({ seed: Number.NaN, system: fiveServers, nemeses })).toThrow(
      'seed: expected a whole number from 0 to 2^53 - 1, found NaN',
    );
  });

  it('gives the clients asked for a host each, and the parameters that the table prescribes', () => {
    const system = withTolerance([{ fault: 'packet-loss', atOnce: 'all', parameters: { loss: 0.25 } }]);
    for (let seed = 0; seed < 20; seed++) {
      const plan = generatePlan({ seed, system, nemeses, clients: 3, rate: 10 });
      const hosts = plan.topology.datacenters.flatMap(({ racks }) => racks.flatMap((rack) => rack.hosts));
      expect(hosts.filter(({ role }) => role === 'client')).toHaveLength(3);
      expect(plan.workload).toMatchObject({ clients: 3, rate: 10 });
      for (const { parameters } of plan.schedule) expect(parameters).toEqual({ loss: 0.25 });
    }
  });
});
