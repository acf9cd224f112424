import type { RunPool, RunSummary, SystemReference } from '../campaign/index.ts';
import type { RunFigures } from './measure.ts';
import { type Conditions, comparisonPlan, type Entrant, needsOf } from './plan.ts';
import type { Profile } from './profiles.ts';
import { type Row, rowOf, type SeedResult } from './row.ts';

/** One of the systems that are compared. */
export interface Contender extends Entrant {
  readonly label: string;
  readonly reference: SystemReference;
}

export interface ComparisonOptions {
  readonly contenders: readonly Contender[];
  readonly profiles: readonly Profile[];
  /** Machines and silence are those that the contenders need, whatever is said here. */
  readonly conditions: Conditions;
  readonly from: number;
  readonly seeds: number;
  /** Label of the contender with which the others are compared. */
  readonly baseline: string;
  readonly onRun?: (summary: RunSummary, done: number, total: number) => void;
}

/** All contenders under one profile. */
export interface ProfileResult {
  readonly profile: string;
  readonly summary: string;
  /** In the order of the contenders. */
  readonly rows: readonly Row[];
}

/** What a comparison found. A function of its options: neither real time nor the number of workers has a part in it. */
export interface Comparison {
  readonly contenders: readonly string[];
  readonly baseline: string;
  readonly from: number;
  readonly seeds: number;
  readonly conditions: Conditions;
  readonly profiles: readonly ProfileResult[];
}

interface Job {
  readonly profile: Profile;
  readonly contender: Contender;
  readonly seed: number;
}

/**
 * Runs every contender on the plan of every seed under every profile.
 * @throws WorkerMistake when a run could not even begin
 */
export async function runComparison(
  pool: Pick<RunPool, 'run' | 'threads' | 'stopped'>,
  options: ComparisonOptions,
): Promise<Comparison> {
  const { contenders, profiles, from, seeds, baseline } = options;
  const conditions = { ...options.conditions, ...needsOf(contenders, options.conditions.clients) };
  const all = Array.from({ length: seeds }, (_, nth) => from + nth);
  const jobs = profiles.flatMap((profile) =>
    all.flatMap((seed) => contenders.map((contender): Job => ({ profile, contender, seed }))),
  );
  const results = await runJobs(pool, jobs, conditions, options.onRun);
  const resultsOf = (profile: Profile, contender: Contender): SeedResult[] =>
    results.filter((_, nth) => jobs[nth]!.profile === profile && jobs[nth]!.contender === contender);
  return {
    contenders: contenders.map(({ label }) => label),
    baseline,
    from,
    seeds,
    conditions,
    profiles: profiles.map((profile) => {
      const base = contenders.find(({ label }) => label === baseline) ?? contenders[0]!;
      const baseResults = resultsOf(profile, base);
      return {
        profile: profile.name,
        summary: profile.summary,
        rows: contenders.map((contender) =>
          rowOf(
            contender.label,
            resultsOf(profile, contender),
            conditions,
            contender === base ? undefined : baseResults,
          ),
        ),
      };
    }),
  };
}

/** Results in the order of the jobs, whoever finishes first. Those that an interruption left out are missing at the end. */
async function runJobs(
  pool: Pick<RunPool, 'run' | 'threads' | 'stopped'>,
  jobs: readonly Job[],
  conditions: Conditions,
  onRun: ComparisonOptions['onRun'],
): Promise<SeedResult[]> {
  const results: SeedResult[] = [];
  let next = 0;
  let done = 0;
  let refused: unknown;
  const work = async (): Promise<void> => {
    while (next < jobs.length && refused === undefined && !pool.stopped) {
      const at = next++;
      const { contender, profile, seed } = jobs[at]!;
      try {
        const plan = comparisonPlan(contender, conditions, profile, seed);
        const summary = await pool.run({
          system: contender.reference,
          plan,
          check: false,
          want: { figures: true },
        });
        // Whoever interrupts wants no more runs; those under way are no result.
        if (summary.ended === 'interrupted') return;
        const figures = summary.ended === undefined ? (summary.figures as RunFigures | undefined) : undefined;
        results[at] = { seed, ...(figures && { figures }), ...(summary.ended && { ended: summary.ended }) };
        onRun?.(summary, ++done, jobs.length);
      } catch (error) {
        refused ??= error;
      }
    }
  };
  await Promise.all(Array.from({ length: pool.threads }, work));
  if (refused !== undefined) throw refused;
  return results;
}
