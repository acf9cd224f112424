import { readFileSync } from 'node:fs';
import type { SystemReference } from '../campaign/index.ts';
import type { Plan } from '../contract/index.ts';
import { PlanError, parsePlan } from '../plan/index.ts';
import { registries } from './registries.ts';
import { loadSystem } from './system/load-system.ts';
import { UsageError } from './usage-error.ts';

const UNREADABLE: Readonly<Record<string, string>> = { ENOENT: 'no such file', EISDIR: 'a directory' };

/** Reads a plan. @throws UsageError naming the file, and within it the place, the expectation and the value. */
export async function planFromFile(file: string, reference: SystemReference): Promise<Plan> {
  const system = await loadSystem(reference, registries.systems);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(
      'unreadable',
      `${file}: expected a file with a plan, got ${UNREADABLE[String((error as NodeJS.ErrnoException).code)] ?? (error as Error).message}`,
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
    if (!(error instanceof PlanError)) throw error;
    throw new UsageError(error.code, `${file}: ${error.message}`);
  }
}
