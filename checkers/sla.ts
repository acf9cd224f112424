import type { History, Json, Objectives } from '../histories/index.ts';
import type { Anomaly, Checker } from './checker.ts';
import { type Effect, type Episode, effectsOf, episodesOf } from './episodes.ts';
import { percentile, percentilesOf, sortedNumbers } from './percentiles.ts';
import {
  type Attempt,
  attemptsOf,
  inTime,
  percent,
  rounded,
  SERVICE_OPTIONS,
  type ServiceOptions,
} from './service.ts';
import { describeFault, endOf, type FaultRecord, faultsOf, inForce, isBeyond } from './timeline.ts';
import { verdictOf } from './verdicts.ts';
import { describeOperation, indicesOf, list, plural, seconds } from './words.ts';

export type SlaOptions = ServiceOptions &
  Partial<Objectives> & {
    /** Nanoseconds without another failure after which an outage counts as repaired; the deadline if absent. */
    readonly settle?: number;
  };

const A_SECOND = 1e9;

/**
 * Service-level objectives: those of the history's header, each of which an option may replace. An operation is served if it is `ok` or fails for
 * a reason that a working system gives, within the deadline; operations that never completed are not served.
 * - `sla-availability`: the share served is below the objective; the figures give nines and the error budget;
 * - `sla-latency`: a percentile of the latency is above its bound. Operations that were not served count as slower than any bound:
 *   leaving them out would reward a system for not answering;
 * - `sla-repair`: a fault was applied, and operations were not served again for good within `repairWithin`.
 *
 * For each fault: *time to detect*, from its application until the first client notices (an error comes or a
 * deadline passes), and *time to repair*, until operations are served again for good (`episodesOf` and `effectsOf` say which outage is put
 * down to which fault). Nothing is judged if the plan may exceed the system's tolerance.
 */
export const sla: Checker<SlaOptions> = {
  name: 'sla',
  summary: 'service-level objectives: availability, latency, time to repair; nines and error budget',
  cost: 'O(n log n + f u), f faults, u operations not served',
  options: {
    type: 'object',
    properties: {
      ...SERVICE_OPTIONS,
      deadline: { description: 'nanoseconds', type: 'number', exclusiveMinimum: 0 },
      availability: { description: 'share that must be served', type: 'number', minimum: 0, maximum: 1 },
      latency: {
        description: 'upper bounds of percentiles, in nanoseconds',
        type: 'array',
        items: {
          type: 'object',
          properties: {
            percentile: { type: 'number', minimum: 0, maximum: 100 },
            within: { type: 'number', minimum: 0 },
          },
          required: ['percentile', 'within'],
          additionalProperties: false,
        },
      },
      repairWithin: { description: 'nanoseconds', type: 'number', minimum: 0 },
      settle: { description: 'nanoseconds', type: 'number', minimum: 0 },
    },
    additionalProperties: false,
  },
  check(history, options) {
    const objectives: Partial<Objectives> = { ...history.header.objectives, ...options };
    const seen = observe(history, objectives, options);
    const judged = isBeyond(history) ? undefined : objectives;
    const results =
      judged === undefined
        ? []
        : [
            ...availabilityResult(judged, seen),
            ...latencyResults(judged, seen),
            ...repairResult(judged, seen),
          ];
    const unserved = seen.attempts.length - seen.served.length;
    const reason =
      results.length > 0 && seen.attempts.length === 0 ? 'the history has no operations' : undefined;
    return verdictOf(
      this.name,
      { anomalies: results.flatMap(({ anomalies }) => anomalies), reason },
      {
        operations: seen.attempts.length,
        served: seen.served.length,
        availability: rounded(seen.share),
        ...ninesOf(seen.attempts.length, unserved),
        ...(objectives.availability !== undefined &&
          errorBudget(objectives.availability, seen.attempts.length, unserved)),
        latencyOfServed: percentilesOf(seen.served.map(({ latency }) => latency)),
        ...(Number.isFinite(seen.deadline) && { deadline: seen.deadline }),
        objectives: results.map(({ result }) => result),
        ...(judged === undefined && {
          judged: 'the plan may exceed the tolerance: objectives are not judged',
        }),
        ...(judged !== undefined && results.length === 0 && { judged: 'no objectives are stated' }),
        episodes: seen.episodes.length,
        faults: seen.effects.map(figuresOf),
      },
    );
  },
};

interface Seen {
  readonly attempts: readonly Attempt[];
  readonly served: readonly Attempt[];
  readonly share?: number;
  readonly deadline: number;
  readonly episodes: readonly Episode[];
  readonly effects: readonly Effect[];
  readonly faults: readonly FaultRecord[];
}

function observe(history: History, objectives: Partial<Objectives>, options: SlaOptions): Seen {
  const attempts = attemptsOf(history, options);
  const faults = faultsOf(history);
  const deadline = objectives.deadline ?? Number.POSITIVE_INFINITY;
  const settle = options.settle ?? objectives.deadline ?? A_SECOND;
  const bounds = { deadline, settle, end: endOf(history) };
  const found = episodesOf(attempts, faults, bounds);
  const served = attempts.filter((attempt) => inTime(attempt, deadline));
  return {
    attempts,
    served,
    deadline,
    faults,
    ...(attempts.length > 0 && { share: served.length / attempts.length }),
    episodes: found.episodes,
    effects: effectsOf(faults, found, bounds),
  };
}

/** One objective with what was measured, and the breach if it was not met. */
interface Result {
  readonly result: Json;
  readonly anomalies: readonly Anomaly[];
}

function availabilityResult({ availability: target }: Partial<Objectives>, seen: Seen): Result[] {
  const { share, episodes, attempts } = seen;
  if (target === undefined || share === undefined) return [];
  const met = share >= target;
  const result = { objective: 'availability', target, measured: rounded(share), met };
  if (met) return [{ result, anomalies: [] }];
  const unserved = episodes.flatMap((episode) => episode.unserved);
  const causes = blame(
    episodes.map(({ suspects, unserved }) => ({ faults: suspects, count: unserved.length })),
  );
  const within = Number.isFinite(seen.deadline) ? ` within ${seconds(seen.deadline)}` : '';
  const allowed = (1 - target) * attempts.length;
  const budget =
    allowed >= 1 ? `, ${Number((unserved.length / allowed).toPrecision(3))} times the error budget` : '';
  const anomaly: Anomaly = {
    name: 'sla-availability',
    explanation: `${unserved.length} of ${plural(attempts.length, 'operation')} were not served${within}${budget}: ${percent(share)} instead of ${percent(target)}. By the fault applied last before: ${inWordsOf(causes)}.`,
    operations: indicesOf(unserved.slice(0, 3)),
    data: {
      share,
      target,
      unserved: unserved.length,
      causes: causes.map(({ faults, count }) => ({ faults: faults.map(({ fault }) => fault), count })),
    },
  };
  return [{ result, anomalies: [anomaly] }];
}

function latencyResults({ latency }: Partial<Objectives>, seen: Seen): Result[] {
  if (latency === undefined || seen.attempts.length === 0) return [];
  // What an operation took in the client's eyes: for ever, if it was not answered.
  const took = ({ served, latency: time }: Attempt) => (served ? time : Number.POSITIVE_INFINITY);
  const sorted = sortedNumbers(seen.attempts.map(took));
  return latency.map(({ percentile: percentage, within }): Result => {
    const measured = percentile(sorted, percentage) ?? 0;
    const met = measured <= within;
    const shown = Number.isFinite(measured) ? measured : 'not served';
    const result = { objective: `latency p${percentage}`, target: within, measured: shown, met };
    if (met) return { result, anomalies: [] };
    const slow = seen.attempts.filter((attempt) => took(attempt) > within).sort((a, b) => took(b) - took(a));
    const causes = blame(
      slow.map(({ invocation, latency: time }) => {
        const around = inForce(seen.faults, invocation.time, invocation.time + time);
        const latest = Math.max(...around.map(({ from }) => from ?? 0));
        return { faults: around.filter(({ from }) => from === latest), count: 1 };
      }),
    );
    const anomaly: Anomaly = {
      name: 'sla-latency',
      explanation: `The ${percentage} % of operations that were fastest took up to ${typeof shown === 'number' ? seconds(shown) : 'for ever (not served)'} instead of ${seconds(within)}. ${plural(slow.length, 'operation')} of ${seen.attempts.length} took longer than that. By the fault applied last before they ended: ${inWordsOf(causes)}. The slowest: ${describeOperation(slow[0]!)}.`,
      operations: indicesOf(slow.slice(0, 3)),
      data: { percentile: percentage, within, measured: shown, slow: slow.length },
    };
    return { result, anomalies: [anomaly] };
  });
}

function repairResult({ repairWithin }: Partial<Objectives>, seen: Seen): Result[] {
  if (repairWithin === undefined) return [];
  const late = seen.effects.filter(
    ({ repaired, unrepaired }) => (unrepaired ?? repaired ?? 0) > repairWithin,
  );
  const longest = seen.effects.reduce(
    (most, { repaired, unrepaired }) => Math.max(most, unrepaired ?? repaired ?? 0),
    0,
  );
  const anomalies = late.map(({ fault, detected, repaired, unrepaired }): Anomaly => {
    const took = unrepaired ?? repaired ?? 0;
    const first = seen.episodes.find(
      ({ suspects, repaired: at }) => suspects.includes(fault) || at === undefined || at > (fault.from ?? 0),
    );
    return {
      name: 'sla-repair',
      explanation: `After the ${describeFault(fault)} ${unrepaired === undefined ? `it took ${seconds(took)} until operations were served again` : `operations were not served again until the end, ${seconds(took)} later`}; ${seconds(repairWithin)} are allowed. Clients noticed ${detected === undefined ? 'before it was applied' : `after ${seconds(detected)}`}.`,
      operations: indicesOf(first?.unserved.slice(0, 1) ?? []),
      data: {
        fault: fault.fault,
        kind: fault.kind,
        took,
        within: repairWithin,
        repaired: unrepaired === undefined,
      },
    };
  });
  return [
    {
      result: { objective: 'repair', target: repairWithin, measured: longest, met: late.length === 0 },
      anomalies,
    },
  ];
}

interface Cause {
  readonly faults: readonly FaultRecord[];
  count: number;
}

/** Adds up by fault, the most guilty first. */
function blame(shares: readonly Cause[]): Cause[] {
  const causes = new Map<string, Cause>();
  for (const { faults, count } of shares) {
    const id = faults.map(({ fault }) => fault).join();
    const cause = causes.get(id);
    if (cause === undefined) causes.set(id, { faults, count });
    else cause.count += count;
  }
  return [...causes.values()].sort((a, b) => b.count - a.count);
}

function inWordsOf(causes: readonly Cause[]): string {
  return list(
    causes.map(
      ({ faults, count }) =>
        `${count} ${faults.length === 0 ? 'with no fault in force' : `by ${list(faults.map(describeFault))}`}`,
    ),
  );
}

/**
 * How many nines the share served has: 3.2 is a little better than 99.9 %. Without any failure among n the figure is that of one failure
 * in n: the least that it can be known to be.
 */
function ninesOf(operations: number, unserved: number): { [name: string]: Json } {
  if (operations === 0) return { nines: null };
  const nines = Math.round(-Math.log10(Math.max(unserved, 1) / operations) * 100) / 100;
  return unserved === 0 ? { nines, ninesAtLeast: true } : { nines: nines === 0 ? 0 : nines };
}

function errorBudget(target: number, operations: number, unserved: number): { [name: string]: Json } {
  const allowed = (1 - target) * operations;
  return {
    errorBudget: {
      allowed: rounded(allowed),
      spent: unserved,
      burn: allowed > 0 ? rounded(unserved / allowed) : null,
    },
  };
}

function figuresOf({ fault, detected, repaired, unrepaired, episodes }: Effect): Json {
  return {
    fault: fault.fault,
    kind: fault.kind,
    from: fault.from ?? null,
    until: fault.until ?? null,
    timeToDetect: detected ?? null,
    timeToRepair: repaired ?? null,
    ...(unrepaired !== undefined && { unrepairedFor: unrepaired }),
    episodes,
  };
}
