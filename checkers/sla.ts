import type { History, Json, Objectives } from '../histories/index.ts';
import type { Checker } from './checker.ts';
import { type Effect, effectsOf, episodesOf } from './episodes.ts';
import { percentilesOf } from './percentiles.ts';
import { attemptsOf, inTime, rounded, SERVICE_OPTIONS, type ServiceOptions } from './service.ts';
import { availabilityResult, latencyResults, repairResult, type Seen } from './sla-objectives.ts';
import { endOf, faultsOf, isBeyond } from './timeline.ts';
import { verdictOf } from './verdicts.ts';

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
    const isStated = [judged?.availability, judged?.latency, judged?.repairWithin].some(
      (of) => of !== undefined,
    );
    const reason = isStated && seen.attempts.length === 0 ? 'the history has no operations' : undefined;
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
        ...(judged !== undefined && !isStated && { judged: 'no objectives are stated' }),
        episodes: seen.episodes.length,
        faults: seen.effects.map(figuresOf),
      },
    );
  },
};

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
    episodes: episodes.length,
  };
}
