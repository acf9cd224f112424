import { registries } from '../../harness/cli/registries.ts';
import type { Plan, System, Tolerance, Topology } from '../../harness/contract/index.ts';
import { planGenerator } from '../../harness/plan/index.ts';
import { randomOf } from '../../harness/simulator/index.ts';
import { blows } from './blows.ts';
import type { Step } from './steps.ts';

/** What makes a process read again what it has on its disk. */
const RESTARTS = ['restart', 'kill', 'crash'];

/**
 * The plan of each seed that goes this step beyond a system's table. `alone`: with this kind of fault (every other seed with those that are counted together with it, too),
 * and what reveals it where its damage stays; else with all of the table. A step of hosts is taken in each plan (`blows.ts`), a step of strength where it is drawn.
 */
export function plansBeyond(system: System, step: Step, alone: boolean): (seed: number) => Plan {
  const { fault, tolerance } = step;
  const restarts = RESTARTS.filter((name) => tolerance.some((row) => row.fault === name));
  const { lasting, targets } = registries.nemeses.find(({ name }) => name === fault)!;
  const revealing = lasting ? restarts : [];
  const planner = (table: Tolerance, faults?: readonly string[]) =>
    planGenerator({
      ...registries,
      system: { ...system, tolerance: () => table },
      // The table is that of the defaults.
      options: {},
      ...(faults && { faults }),
    });
  // What is aimed at data centres, and not at hosts, is drawn freely.
  if (step.hosts === undefined || targets?.includes('hosts') === false)
    return planner(tolerance, alone ? [fault, ...revealing] : undefined);

  const { count, roles, beside, sharing } = step.hosts;
  const counted = [fault, ...sharing];
  const others = tolerance.filter((row) => !counted.includes(row.fault));
  const unbounded = tolerance.map((row) =>
    counted.includes(row.fault) ? { ...row, atOnce: 'all' as const } : row,
  );
  const base = planner(others, alone ? revealing : undefined);
  const draw = (faults: readonly string[]) => {
    const plan = faults.length === 0 ? undefined : planner(unbounded, faults);
    return (seed: number) => plan?.(seed).schedule ?? [];
  };
  const own = draw([fault]);
  const shared = draw(sharing);
  const revealed = draw(alone && sharing.length === 0 ? revealing : restarts);
  return (seed) => {
    const plan = base(seed);
    const random = randomOf(seed, `beyond/${fault}`);
    const hosts = random.shuffle(hostsOf(plan.topology, roles)).slice(0, count);
    if (beside !== undefined) hosts.push(random.pick(hostsOf(plan.topology, beside)));
    const drawn = {
      own: own(seed),
      sharing: alone && seed % 2 === 0 ? [] : shared(seed),
      restarts: revealed(seed),
    };
    const more = blows(drawn, hosts, plan.phases.faults, random);
    return { ...plan, schedule: [...plan.schedule, ...more].sort((a, b) => a.at - b.at) };
  };
}

/** In the order of the topology. */
function hostsOf({ datacenters }: Topology, roles: readonly string[] | undefined): string[] {
  return datacenters
    .flatMap(({ racks }) => racks)
    .flatMap(({ hosts }) => hosts)
    .filter(({ role }) => (roles === undefined ? role !== 'client' : roles.includes(role)))
    .map(({ name }) => name);
}
