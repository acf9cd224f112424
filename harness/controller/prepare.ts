import type { Nemesis, Plan, Setting, System, Workload, World } from '../contract/index.ts';
import { hostsByRole } from './hosts.ts';
import { RunError } from './run-error.ts';

/** What takes part in a run: the plan and the things that it names. */
export interface Cast {
  readonly plan: Plan;
  readonly system: System;
  readonly workload: Workload;
  /** Those that the schedule names, among others. */
  readonly nemeses: readonly Nemesis[];
}

/**
 * Refuses a plan that cannot be carried out, before anything runs: never a silent skip.
 * @throws RunError naming what is missing and what there is.
 */
export function refuseImpossible({ plan, system, workload, nemeses }: Cast, world: World): void {
  if (system.name !== plan.system.name) {
    throw new RunError('system', `plan: expected system ${plan.system.name}, got ${system.name}`);
  }
  if (workload.name !== plan.workload.name) {
    throw new RunError('workload', `plan: expected workload ${plan.workload.name}, got ${workload.name}`);
  }
  for (const flaw of plan.system.flaws) requireFlaw(system, flaw, 'plan');
  const clients = hostsByRole(plan.topology).client?.length ?? 0;
  if (clients < plan.workload.clients) {
    throw new RunError(
      'topology',
      `plan: expected at least ${plan.workload.clients} hosts of role client, got ${clients}`,
    );
  }
  plan.schedule.forEach(({ fault }, position) => {
    const nemesis = nemeses.find(({ name }) => name === fault);
    if (nemesis === undefined) {
      const known = nemeses.map(({ name }) => name).join(', ');
      throw new RunError('fault', `plan, fault ${position}: expected one of ${known}, got ${fault}`);
    }
    const missing = nemesis.levers.filter((lever) => !world.levers.supported.has(lever));
    if (missing.length > 0) {
      const what = `plan, fault ${position}: ${fault} needs the lever ${missing.join(' and ')}`;
      throw new RunError('lever', `${what}, which the ${world.kind} world does not have`);
    }
  });
}

function requireFlaw(system: System, flaw: string, where: string): void {
  if (system.flaws.some(({ name }) => name === flaw)) return;
  const known = system.flaws.map(({ name }) => name).join(', ') || 'none';
  throw new RunError('flaw', `${where}: expected a flaw of ${system.name} (${known}), got ${flaw}`);
}

/** What programs and clients of this run are told. */
export function settingOf({ plan, system }: Pick<Cast, 'plan' | 'system'>): Setting {
  const declared = new Set(system.flaws.map(({ name }) => name));
  const on = new Set(plan.system.flaws);
  return {
    options: plan.system.options,
    hosts: hostsByRole(plan.topology),
    workload: { name: plan.workload.name, options: plan.workload.options },
    flaw(name) {
      if (declared.has(name)) return on.has(name);
      throw new RangeError(`expected a flaw that ${system.name} declares (${[...declared]}), got ${name}`);
    },
  };
}
