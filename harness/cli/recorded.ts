import { readFile } from 'node:fs/promises';
import { type History, HistoryError, parseHistory, readHistory } from '../../histories/index.ts';
import type { SystemReference } from '../campaign/index.ts';
import type { Plan } from '../contract/index.ts';
import { PlanError, parsePlan } from '../plan/index.ts';
import { registries } from './registries.ts';
import { loadSystem, resolveSystem } from './system/load-system.ts';
import { UsageError } from './usage-error.ts';

export interface Recorded {
  readonly history: History;
  readonly plan: Plan;
  readonly system: SystemReference;
  /** What the file's digest says against its events, if somebody changed them. The footer is then left out. */
  readonly damage?: string;
}

/**
 * Reads a history that can be run again: one of ours, with its plan. `system` overrides where the system is loaded from.
 * @throws HistoryError, UsageError
 */
export async function readRecorded(file: string, system?: string): Promise<Recorded> {
  const { history, damage } = await readEvenIfDamaged(file);
  const { header } = history;
  if (header.plan === undefined) {
    throw new UsageError(
      'no-plan',
      `${file}: expected a history with the plan that made it, got one recorded in the ${header.world} world without a plan`,
    );
  }
  const reference = await resolveRecorded(file, system, header.source ?? header.system ?? '');
  const loaded = await loadSystem(reference, registries.systems);
  const { nemeses, workloads, checkers } = registries;
  try {
    const plan = parsePlan(header.plan, {
      systems: [loaded],
      nemeses,
      workloads,
      checkers,
      // What was recorded was run: a table that has changed since must not stand in the way of its replay.
      tolerance: false,
    });
    return { history, plan, system: reference, ...(damage !== undefined && { damage }) };
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    throw new UsageError(
      error.code,
      `${file}:1: /plan${error.message.startsWith('/') ? '' : ': '}${error.message}`,
    );
  }
}

async function resolveRecorded(file: string, asked: string | undefined, recorded: string) {
  try {
    return await resolveSystem(asked ?? recorded, registries.systems);
  } catch (error) {
    if (asked !== undefined || !(error instanceof UsageError)) throw error;
    throw new UsageError(
      error.code,
      `${file} was recorded with the system ${recorded}, which is not found here. ${error.message}. Name it with --system`,
    );
  }
}

/** Somebody who edited a history wants to hear which line, and that is for a comparison to say. @throws HistoryError for all other defects */
async function readEvenIfDamaged(file: string): Promise<{ history: History; damage?: string }> {
  try {
    return { history: await readHistory(file) };
  } catch (error) {
    if (!(error instanceof HistoryError) || error.code !== 'damaged' || error.pointer !== '/content')
      throw error;
    const text = await readFile(file, 'utf8');
    const footerAt = text.trimEnd().lastIndexOf('\n') + 1;
    return { history: parseHistory(text.slice(0, footerAt), file), damage: error.message };
  }
}
