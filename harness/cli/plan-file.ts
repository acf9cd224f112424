import { readFileSync } from 'node:fs';
import type { SystemReference } from '../campaign/index.ts';
import type { Plan } from '../contract/index.ts';
import { parsePlan } from '../plan/index.ts';
import { loadSystem } from './load-system.ts';
import { registries } from './registries.ts';
import { UsageError } from './usage-error.ts';

/** Reads a plan. @throws UsageError naming the file, and within it the place, the expectation and the value. */
export async function planFromFile(file: string, reference: SystemReference): Promise<Plan> {
  const system = await loadSystem(reference, registries.systems);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(
      'unreadable',
      `${file}: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : (error as Error).message}`,
    );
  }
  try {
    return parsePlan(text, {
      systems: [system],
      nemeses: registries.nemeses,
      workloads: registries.workloads,
      checkers: registries.checkers,
    });
  } catch (error) {
    if ((error as Error).name !== 'PlanError') throw error;
    throw new UsageError((error as { code?: string }).code ?? 'plan', `${file}: ${(error as Error).message}`);
  }
}
