import { type History, readHistory } from '../../histories/index.ts';
import type { SystemReference } from '../campaign/index.ts';
import type { Plan } from '../contract/index.ts';
import { parsePlan } from '../plan/index.ts';
import { loadSystem, resolveSystem } from './load-system.ts';
import { registries } from './registries.ts';
import { UsageError } from './usage-error.ts';

export interface Recorded {
  readonly history: History;
  readonly plan: Plan;
  readonly system: SystemReference;
}

/**
 * Reads a history that can be run again: one of ours, with its plan. `system` overrides where the system is loaded from.
 * @throws HistoryError, UsageError
 */
export async function readRecorded(file: string, system?: string): Promise<Recorded> {
  const history = await readHistory(file);
  const { header } = history;
  if (header.plan === undefined) {
    throw new UsageError(
      'no-plan',
      `${file}: expected a history with the plan that made it, got one recorded in the ${header.world} world without a plan`,
    );
  }
  const name = system ?? header.source ?? header.system ?? '';
  const reference = await resolveSystem(name, registries.systems);
  const loaded = await loadSystem(reference, registries.systems);
  const { nemeses, workloads, checkers } = registries;
  try {
    return {
      history,
      plan: parsePlan(header.plan, { systems: [loaded], nemeses, workloads, checkers }),
      system: reference,
    };
  } catch (error) {
    if ((error as Error).name !== 'PlanError') throw error;
    throw new UsageError('plan', `${file}, line 1, /plan: ${(error as Error).message}`);
  }
}
