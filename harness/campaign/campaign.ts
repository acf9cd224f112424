import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { mergeValidity } from '../../checkers/index.ts';
import type { Validity } from '../../histories/index.ts';
import { isAskedFor } from '../plan/index.ts';
import type { RunPool } from './pool.ts';
import { FaultStatistics } from './statistics.ts';
import type { Generation, RunSummary, RunTask, Signature, SystemReference } from './task.ts';

export interface CampaignOptions {
  readonly system: SystemReference;
  readonly generation: Generation;
  /** First seed, and how many. */
  readonly from: number;
  readonly seeds: number;
  /** Of every n seeds only the i-th: `--shard i/n`, i from 1. */
  readonly shard?: { readonly index: number; readonly of: number };
  /** No new run begins after this many seconds of real time. */
  readonly realSeconds?: number;
  /** Folder where histories of failures are kept, as `label-seed.jsonl`. It exists. */
  readonly folder: string;
  readonly label: string;
  readonly check: RunTask['check'];
  readonly checkers?: RunTask['checkers'];
  /** Ends after this many failing seeds; all seeds run if absent. */
  readonly mostFailures?: number;
  readonly onRun?: (summary: RunSummary, done: number, total: number) => void;
}

/** Failing seeds that show the same thing. */
export interface Failure {
  readonly signature: Signature;
  /** The run that showed it first (lowest seed). */
  readonly first: RunSummary;
  readonly seeds: readonly number[];
}

export interface CampaignReport {
  readonly system: string;
  readonly flaws: readonly string[];
  readonly from: number;
  /** Seeds that were to run, and that ran. */
  readonly planned: number;
  readonly ran: number;
  readonly validity: Validity;
  readonly counts: Readonly<Record<Validity, number>>;
  /** One for each first signature of a failing run. */
  readonly failures: readonly Failure[];
  readonly unknown: readonly {
    readonly seed: number;
    readonly reasons: readonly string[];
    readonly history?: string;
  }[];
  readonly faults: ReturnType<FaultStatistics['rows']>;
  readonly operations: number;
  readonly succeeded: number;
  readonly events: number;
  /** Nanoseconds of virtual time, all runs together. */
  readonly simulated: number;
  readonly realMilliseconds: number;
  /** Why it is unknown as a whole: requested fault kinds that never bit, seeds not run. */
  readonly reasons: readonly string[];
}

const realNow = performance.now.bind(performance);

/** The seeds of a campaign, ascending. */
export function seedsOf({ from, seeds, shard }: Pick<CampaignOptions, 'from' | 'seeds' | 'shard'>): number[] {
  const all = Array.from({ length: seeds }, (_, i) => from + i);
  return shard === undefined ? all : all.filter((_, i) => i % shard.of === shard.index - 1);
}

/**
 * Runs seeds on the workers of the pool. What is reported does not depend on the order in which they finish.
 * @throws WorkerMistake when a run could not even begin (a bad option, an ambient access): one clear error, not a failing seed.
 */
export async function runCampaign(
  pool: Pick<RunPool, 'run' | 'threads' | 'stopped'>,
  options: CampaignOptions,
): Promise<CampaignReport> {
  const started = realNow();
  const seeds = seedsOf(options);
  const summaries: RunSummary[] = [];
  let next = 0;
  let failing = 0;
  let refused: unknown;
  const expired = (): boolean =>
    options.realSeconds !== undefined && realNow() - started > options.realSeconds * 1000;
  const enough = (): boolean => options.mostFailures !== undefined && failing >= options.mostFailures;
  const work = async (): Promise<void> => {
    while (next < seeds.length && refused === undefined && !pool.stopped && !expired() && !enough()) {
      const seed = seeds[next++]!;
      try {
        const summary = await pool.run(taskOf(options, seed));
        if (summary.ended === 'interrupted') return;
        summaries.push(summary);
        if (summary.validity === 'invalid') failing++;
        options.onRun?.(summary, summaries.length, seeds.length);
      } catch (error) {
        refused ??= error;
      }
    }
  };
  await Promise.all(Array.from({ length: pool.threads }, work));
  if (refused !== undefined) throw refused;
  summaries.sort((a, b) => a.seed - b.seed);
  const reported = upToFailure(summaries, options.mostFailures);
  const report = reportOf(options, seeds.length, reported, {
    realMilliseconds: realNow() - started,
    interrupted: pool.stopped,
  });
  forgetOthers(summaries, report);
  return report;
}

/** Of failures of one kind the first is kept: any seed can be run again. */
function forgetOthers(summaries: readonly RunSummary[], { failures, unknown }: CampaignReport): void {
  const kept = new Set([
    ...failures.map(({ first }) => first.history),
    ...unknown.map(({ history }) => history),
  ]);
  for (const { history } of summaries)
    if (history !== undefined && !kept.has(history)) rmSync(history, { force: true });
}

/** Seeds beyond the last failure that was wanted ran only because there are several workers. */
function upToFailure(
  summaries: readonly RunSummary[],
  mostFailures: number | undefined,
): readonly RunSummary[] {
  let failing = 0;
  const last = summaries.findIndex(({ validity }) => validity === 'invalid' && ++failing === mostFailures);
  return last < 0 ? summaries : summaries.slice(0, last + 1);
}

function taskOf(options: CampaignOptions, seed: number): RunTask {
  return {
    system: options.system,
    seed,
    generation: options.generation,
    history: join(options.folder, `${options.label}-${seed}.jsonl`),
    keepOnlyFailures: true,
    check: options.check,
    ...(options.checkers && { checkers: options.checkers }),
  };
}

function reportOf(
  options: CampaignOptions,
  planned: number,
  summaries: readonly RunSummary[],
  { realMilliseconds, interrupted }: { readonly realMilliseconds: number; readonly interrupted: boolean },
): CampaignReport {
  const counts = { valid: 0, invalid: 0, unknown: 0 };
  const failures = new Map<string, { signature: Signature; first: RunSummary; seeds: number[] }>();
  const faults = new FaultStatistics();
  for (const summary of summaries) {
    counts[summary.validity]++;
    faults.add(summary.faults);
    const signature = summary.signatures[0];
    if (signature === undefined) continue;
    const key = `${signature.checker}/${signature.anomaly}`;
    const known = failures.get(key);
    if (known === undefined) failures.set(key, { signature, first: summary, seeds: [summary.seed] });
    else known.seeds.push(summary.seed);
  }
  const rows = faults.rows();
  const toothless = (options.generation.faults ?? []).filter(
    (kind) => !rows.some((row) => isAskedFor(row.fault, kind) && row.bit > 0),
  );
  const reasons: string[] = [];
  if (interrupted) reasons.push(`interrupted after ${summaries.length} of ${planned} seeds`);
  else if (summaries.length === 0) reasons.push('no seed was run');
  else {
    reasons.push(
      ...toothless.map((kind) => `${kind} was asked for and never bit in ${summaries.length} runs`),
    );
  }
  return {
    system: options.system.name,
    flaws: options.generation.flaws ?? [],
    from: options.from,
    planned,
    ran: summaries.length,
    validity: mergeValidity([
      ...summaries.map(({ validity }) => validity),
      ...(reasons.length > 0 ? (['unknown'] as const) : []),
    ]),
    counts,
    failures: [...failures.values()],
    unknown: summaries
      .filter(({ validity }) => validity === 'unknown')
      .map(({ seed, reasons: why, history }) => ({ seed, reasons: why, ...(history && { history }) })),
    faults: rows,
    operations: sum(summaries, ({ operations }) => operations),
    succeeded: sum(summaries, ({ succeeded }) => succeeded),
    events: sum(summaries, ({ events }) => events),
    simulated: sum(summaries, ({ simulated }) => simulated),
    realMilliseconds,
    reasons,
  };
}

function sum<T>(items: readonly T[], figure: (item: T) => number): number {
  return items.reduce((total, item) => total + figure(item), 0);
}
