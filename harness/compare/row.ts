import type { Nanos } from '../contract/index.ts';
import type { RunFigures } from './measure.ts';
import { MODELS, type Model, maximal, minimal } from './models.ts';
import type { Conditions } from './plan.ts';
import { type Difference, meanDifference } from './resample.ts';

/** What became of one seed. Without figures it did not reach its end. */
export interface SeedResult {
  readonly seed: number;
  readonly figures?: RunFigures;
  readonly ended?: string;
}

/** A model that was violated, and the first seed that showed it. */
export interface Violation {
  readonly model: Model;
  readonly seed: number;
  /** In how many seeds. */
  readonly seeds: number;
}

/** One system under one profile, over all seeds. Times in nanoseconds. */
export interface Row {
  readonly label: string;
  /** Seeds that reached their end, and those that did not. */
  readonly judged: number;
  readonly unfinished: readonly number[];
  /** The strongest models that no seed violated. */
  readonly keeps: readonly Model[];
  /** The weakest models that some seed violated. */
  readonly breaks: readonly Violation[];
  /** All that were violated, the strongest first. */
  readonly violations: readonly Violation[];
  /** For models that no seed violated: in how many seeds that could not be decided. */
  readonly unknown: { readonly [model: string]: number };
  /** Acknowledged writes lost, in how many seeds, and first in which; in `unknown` seeds it could not be told. */
  readonly lost: {
    readonly writes: number;
    readonly seeds: number;
    readonly first?: number;
    readonly unknown: number;
  };
  readonly reads: number;
  readonly stale: number;
  readonly demands: number;
  /** Answered within the deadline, counted from when they were due. */
  readonly served: number;
  readonly availability: number | null;
  /** -log10 of the share not served; of one in all of them, and `atLeast`, if all were. */
  readonly nines: { readonly value: number; readonly atLeast: boolean } | null;
  /** From due time to answer, over all demands; null if that many were not answered within the deadline. */
  readonly latency: { readonly p50: Nanos | null; readonly p99: Nanos | null; readonly p999: Nanos | null };
  readonly faults: number;
  readonly bit: number;
  /** Faults that a client noticed, and the mean time until the first one did. */
  readonly detect: { readonly faults: number; readonly mean: Nanos | null };
  readonly repair: { readonly faults: number; readonly mean: Nanos | null };
  /** Sent by all hosts for each operation served, heartbeats and the like included. */
  readonly messages: number | null;
  readonly bytes: number | null;
  /** Operations served a second. */
  readonly throughput: number;
  /** Against the baseline, over the seeds that both finished; absent for the baseline. */
  readonly differences?: { readonly [metric in Metric]: Difference | null };
}

/** What is compared seed by seed. Latencies are taken for the deadline where the percentile was not answered within it. */
export const METRICS = ['availability', 'p50', 'p99', 'messages', 'bytes', 'lost'] as const;
export type Metric = (typeof METRICS)[number];

/** Cost: O(n log n) in all latencies. */
export function rowOf(
  label: string,
  results: readonly SeedResult[],
  conditions: Conditions,
  baseline: readonly SeedResult[] | undefined,
): Row {
  const runs = results.flatMap(({ seed, figures }) => (figures === undefined ? [] : [{ seed, ...figures }]));
  const { deadline, time } = conditions;
  const sum = (figure: (run: RunFigures) => number): number =>
    runs.reduce((total, run) => total + figure(run), 0);
  const all = Float64Array.from(runs.flatMap(({ latencies }) => latencies)).sort();
  const demands = sum((run) => run.demands);
  const served = sum((run) => servedIn(run, deadline));
  const violations = violationsOf(runs);
  const violated = violations.map(({ model }) => model);
  const kept = MODELS.filter((model) => runs.length > 0 && !violated.includes(model));
  const weakest = minimal(violated);
  const losing = runs.filter(({ lost }) => (lost ?? 0) > 0);
  return {
    label,
    judged: runs.length,
    unfinished: results.filter(({ figures }) => figures === undefined).map(({ seed }) => seed),
    keeps: maximal(kept),
    breaks: violations.filter(({ model }) => weakest.includes(model)),
    violations,
    unknown: Object.fromEntries(
      kept
        .map((model) => [model, runs.filter(({ models }) => models[model] === 'unknown').length] as const)
        .filter(([, count]) => count > 0),
    ),
    lost: {
      writes: sum(({ lost }) => lost ?? 0),
      seeds: losing.length,
      ...(losing[0] && { first: losing[0].seed }),
      unknown: runs.filter(({ lost }) => lost === null).length,
    },
    reads: sum(({ reads }) => reads),
    stale: sum(({ stale }) => stale),
    demands,
    served,
    availability: demands === 0 ? null : served / demands,
    nines: ninesOf(demands, served),
    latency: {
      p50: percentile(all, demands, 50, deadline),
      p99: percentile(all, demands, 99, deadline),
      p999: percentile(all, demands, 99.9, deadline),
    },
    faults: sum(({ faults }) => faults),
    bit: sum(({ bit }) => bit),
    detect: meanOf(runs.flatMap(({ detected }) => detected)),
    repair: meanOf(runs.flatMap(({ repaired }) => repaired)),
    messages: served === 0 ? null : sum(({ messages }) => messages) / served,
    bytes: served === 0 ? null : sum(({ bytes }) => bytes) / served,
    throughput: runs.length === 0 ? 0 : served / ((runs.length * time) / 1e9),
    ...(baseline && { differences: differencesOf(results, baseline, deadline) }),
  };
}

function servedIn({ latencies }: RunFigures, deadline: Nanos): number {
  return latencies.filter((latency) => latency <= deadline).length;
}

function violationsOf(runs: readonly (RunFigures & { readonly seed: number })[]): Violation[] {
  return MODELS.flatMap((model): Violation[] => {
    const violating = runs.filter(({ models }) => models[model] === 'invalid');
    const first = violating[0];
    return first === undefined ? [] : [{ model, seed: first.seed, seeds: violating.length }];
  });
}

/** Nearest rank among all demands; those without an answer in time are slower than any. */
function percentile(
  sorted: Float64Array | readonly number[],
  demands: number,
  percentage: number,
  deadline: Nanos,
): Nanos | null {
  if (demands === 0) return null;
  const rank = Math.max(1, Math.ceil((percentage / 100) * demands - 1e-9));
  const latency = sorted[rank - 1];
  return latency === undefined || latency > deadline ? null : latency;
}

function ninesOf(demands: number, served: number): Row['nines'] {
  if (demands === 0) return null;
  const unserved = demands - served;
  const value = Math.round(-Math.log10(Math.max(1, unserved) / demands) * 100) / 100;
  return { value: value === 0 ? 0 : value, atLeast: unserved === 0 };
}

function meanOf(times: readonly Nanos[]): { readonly faults: number; readonly mean: Nanos | null } {
  const total = times.reduce((sum, time) => sum + time, 0);
  return { faults: times.length, mean: times.length === 0 ? null : total / times.length };
}

function metricOf(metric: Metric, run: RunFigures, deadline: Nanos): number | null {
  const { latencies, demands, lost, messages, bytes } = run;
  const served = servedIn(run, deadline);
  switch (metric) {
    case 'availability':
      return demands === 0 ? null : served / demands;
    case 'p50':
      return percentile(latencies, demands, 50, deadline) ?? deadline;
    case 'p99':
      return percentile(latencies, demands, 99, deadline) ?? deadline;
    case 'messages':
      return served === 0 ? null : messages / served;
    case 'bytes':
      return served === 0 ? null : bytes / served;
    case 'lost':
      return lost;
  }
}

function differencesOf(
  results: readonly SeedResult[],
  baseline: readonly SeedResult[],
  deadline: Nanos,
): NonNullable<Row['differences']> {
  const ofMetric = (metric: Metric): Difference | null =>
    meanDifference(
      results.flatMap(({ figures }, nth) => {
        const other = baseline[nth]?.figures;
        if (figures === undefined || other === undefined) return [];
        const [here, there] = [metricOf(metric, figures, deadline), metricOf(metric, other, deadline)];
        return here === null || there === null ? [] : [here - there];
      }),
    ) ?? null;
  return Object.fromEntries(METRICS.map((metric) => [metric, ofMetric(metric)])) as {
    [metric in Metric]: Difference | null;
  };
}
