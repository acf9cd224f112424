import { join } from 'node:path';
import type { RunPool } from '../campaign/index.ts';
import { comparisonPlan } from './plan.ts';
import type { Row } from './row.ts';
import type { Comparison, ComparisonOptions } from './run.ts';

/** The history of a run that showed something first. */
export interface Kept {
  readonly label: string;
  readonly profile: string;
  readonly seed: number;
  /** What it was the first to show: models that were violated, `lost writes`. */
  readonly shows: readonly string[];
  readonly history: string;
}

/**
 * Runs again what showed first that a model is violated, or that a write is lost, and keeps the histories in this folder, which exists: each replays by
 * itself, and is judged then by linearizability, durability and corruption.
 */
export async function keepFirst(
  pool: Pick<RunPool, 'run'>,
  { contenders, profiles }: Pick<ComparisonOptions, 'contenders' | 'profiles'>,
  comparison: Comparison,
  folder: string,
): Promise<Kept[]> {
  const kept: Kept[] = [];
  for (const [at, profile] of profiles.entries()) {
    for (const [nth, contender] of contenders.entries()) {
      const row = comparison.profiles[at]?.rows[nth];
      if (row === undefined) continue;
      for (const [seed, shows] of firstsOf(row)) {
        const { label } = contender;
        const history = join(folder, `${fileName(label)}-${profile.name}-${seed}.jsonl`);
        const plan = comparisonPlan(contender, comparison.conditions, profile, seed);
        await pool.run({ system: contender.reference, plan, history, check: {} });
        kept.push({ label, profile: profile.name, seed, shows, history });
      }
    }
  }
  return kept;
}

function firstsOf({ breaks, lost }: Row): [seed: number, shows: string[]][] {
  const firsts = new Map<number, string[]>();
  const add = (seed: number, what: string): void => {
    firsts.set(seed, [...(firsts.get(seed) ?? []), what]);
  };
  for (const { model, seed } of breaks) add(seed, `not ${model}`);
  if (lost.first !== undefined) add(lost.first, 'lost writes');
  return [...firsts].sort(([a], [b]) => a - b);
}

/** Letters, digits, dots and hyphens of a label. */
function fileName(label: string): string {
  return label.replace(/[^\w.-]+/g, '-');
}
