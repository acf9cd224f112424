import { FORMAT_VERSION, type HistoryHeader, type Json } from '../../histories/index.ts';
import type { Plan, System, Workload, World } from '../contract/index.ts';
import type { Cast } from './prepare.ts';

/** What only the caller knows about a run. */
export type Origin = Pick<HistoryHeader, 'versions' | 'code' | 'source'>;

/** The first line of a run's history: everything needed to judge it and to run it again. */
export function headerOf(
  { plan, system, workload }: Cast,
  world: World['kind'],
  origin: Origin,
): HistoryHeader {
  const objectives = plan.objectives ?? system.objectives;
  return {
    sixways: FORMAT_VERSION,
    world,
    // A copy as plain JSON: properties that are undefined do not survive a file either.
    plan: JSON.parse(JSON.stringify(plan)) as Json,
    system: system.name,
    claims: system.claims(plan.system.options),
    ...(objectives !== undefined && { objectives }),
    checkers: selectedCheckers(plan, system, workload),
    ...origin,
  };
}

/** The plan's checkers; if it names none, those of the system and of the workload, each name once. */
function selectedCheckers(
  plan: Plan,
  system: System,
  workload: Workload,
): NonNullable<HistoryHeader['checkers']> {
  if (plan.checkers.length > 0) return plan.checkers;
  const selected = new Map<string, { readonly name: string; readonly options?: Json }>();
  for (const selection of [
    ...system.checkers(plan.system.options, plan.workload.name),
    ...workload.checkers(plan.workload.options),
  ]) {
    if (!selected.has(selection.name)) selected.set(selection.name, selection);
  }
  return [...selected.values()];
}
