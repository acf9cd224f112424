import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../histories/index.ts';
import { nemeses } from '../../nemeses/index.ts';
import { systems } from '../../systems-under-test/index.ts';
import { MILLISECOND, SECOND } from '../contract/index.ts';
import { parsePlan } from '../plan/index.ts';
import { workloads } from '../workload/index.ts';
import { demandsOf } from './demands.ts';
import { comparisonPlan, DEFAULT_CONDITIONS, needsOf } from './plan.ts';
import { profileOfFault } from './profile-of-fault.ts';
import { PROFILES } from './profiles.ts';
import { contender } from './testing/in-process.ts';

const conditions = { ...DEFAULT_CONDITIONS, machines: 4 };
const raft = contender('raft', 'raft', { servers: 3 });
const backup = contender('sync', 'primary-backup');

describe('the plan of a seed', () => {
  it.each(PROFILES.filter(({ far }) => !far).map((profile) => [profile.name, profile] as const))(
    'in profile %s is the same for all systems but for the roles, and a plan that can be read again',
    (_, profile) => {
      for (let seed = 1; seed <= 20; seed++) {
        const plan = comparisonPlan(raft, conditions, profile, seed);
        const { system, topology, ...same } = comparisonPlan(backup, conditions, profile, seed);
        expect({ ...plan, system, topology }).toEqual({ ...same, system, topology });
        const racks = (of: typeof topology) =>
          of.datacenters.flatMap((each) => each.racks.map(({ hosts }) => hosts.map(({ name }) => name)));
        expect(racks(plan.topology)).toEqual(racks(topology));
        expect(parsePlan(JSON.parse(JSON.stringify(plan)), { systems, nemeses, workloads })).toEqual(plan);
        expect(plan.schedule.length > 0).toBe(profile.hardships.length > 0);
      }
    },
  );

  it('gives the machines that a system does not need no part', () => {
    const { topology } = comparisonPlan(raft, conditions, PROFILES[0]!, 1);
    const roles = topology.datacenters.flatMap(({ racks }) =>
      racks.flatMap(({ hosts }) => hosts.map(({ role }) => role)),
    );
    expect(roles.filter((role) => role !== 'client')).toEqual(['server', 'server', 'server', 'spare']);
  });

  it('is the same in several data centres, where a system has a topology of its own', () => {
    const geo = contender('geo', 'geo-replicated');
    const wide = { ...conditions, ...needsOf([raft, geo, backup], conditions.clients) };
    for (const profile of PROFILES) {
      const plans = [raft, geo, backup].map((each) => comparisonPlan(each, wide, profile, 3));
      for (const { schedule } of plans) expect(schedule).toEqual(plans[0]!.schedule);
      expect(parsePlan(JSON.parse(JSON.stringify(plans[1])), { systems, nemeses, workloads })).toEqual(
        plans[1],
      );
    }
    const rolesIn = (of: (typeof plans)[number]) =>
      of.topology.datacenters.map(({ racks }) =>
        racks.flatMap(({ hosts }) => hosts.filter(({ role }) => role !== 'client').map(({ role }) => role)),
      );
    const plans = [geo, backup].map((each) => comparisonPlan(each, wide, PROFILES[0]!, 1));
    expect(rolesIn(plans[0]!)).toEqual([['server', 'spare'], ['server'], ['server']]);
    expect(rolesIn(plans[1]!).flat().sort()).toEqual(['server', 'server', 'server', 'view']);
  });

  it('can have any fault kind on one machine', () => {
    for (const nemesis of nemeses.filter(({ name }) =>
      ['torn-writes', 'slow-host', 'partition-one'].includes(name),
    )) {
      const plan = comparisonPlan(raft, conditions, profileOfFault(nemesis), 3);
      expect(plan.schedule.map(({ fault }) => fault)).toContain(nemesis.name);
      expect(comparisonPlan(raft, conditions, profileOfFault(nemesis), 3)).toEqual(plan);
    }
  });
});

describe('demands', () => {
  const plan = {
    ...comparisonPlan(raft, { ...conditions, clients: 1, rate: 10, time: SECOND }, PROFILES[0]!, 1),
    phases: { warmUp: 0, faults: SECOND },
  };
  const operation = (nth: number, from: number, to: number): HistoryEvent[] => {
    const common = { process: 0, f: 'read', key: 'k0', value: null, id: [0, nth] } as const;
    return [
      { ...common, index: 2 * nth, time: from, type: 'invoke' },
      { ...common, index: 2 * nth + 1, time: to, type: 'ok' },
    ];
  };

  it('count from when they were due, and those that were never asked are there: no coordinated omission', () => {
    const due = demandsOf(plan, []).map((demand) => demand.due);
    expect(due.length).toBeGreaterThan(4);
    const [first, second] = due as [number, number];
    // The first one took so long that the second, due meanwhile, began only after it.
    const late = second + 300 * MILLISECOND;
    const events = [...operation(0, first, late), ...operation(1, late, late + MILLISECOND)];
    expect(demandsOf(plan, events).slice(0, 3)).toEqual([
      { due: first, latency: late - first },
      { due: second, latency: 301 * MILLISECOND },
      { due: due[2] },
    ]);
  });
});
