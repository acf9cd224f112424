import { type History, type Objectives, objectivesSchema } from '../../../histories/index.ts';
import type { Checker } from '../../checker.ts';
import { percentilesOf } from '../../shared/percentiles.ts';
import { faultsOf, isBeyond, phasesOf } from '../../shared/timeline.ts';
import { verdictOf } from '../../shared/verdicts.ts';
import { list } from '../../shared/words.ts';
import { attemptsOf, inTime, rounded, SERVICE_OPTIONS, type ServiceOptions } from '../service.ts';
import { byStage, stageMet } from '../stages.ts';
import { effectsOf } from './episodes.ts';
import { effectFigures, errorBudget, ninesOf, stageFigures } from './figures.ts';
import { boundsOf, type Observed, observe } from './observe.ts';
import { detectionResult, repairResult } from './repair.ts';
import type { Result } from './seen.ts';
import { missingTraffic, resultsOfScope, targetResults } from './targets.ts';

export type SlaOptions = ServiceOptions &
  Partial<Objectives> & {
    /** Nanoseconds without another failure after which an outage counts as repaired; the deadline if absent. */
    readonly settle?: number;
  };

/**
 * Service-level objectives: those of the history's header, each of which an option may replace. An operation is served if it is `ok` or fails for
 * a reason that a working system gives, within the deadline; operations that never completed are not served.
 * - `sla-availability`: the share served is below the objective; the figures give nines and the error budget;
 * - `sla-latency`: a percentile of the latency is above its bound, as a whole or in too many windows. Operations that were not served count as
 *   slower than any bound: leaving them out would reward a system for not answering;
 * - `sla-goodput`: fewer operations a second are `ok` within the deadline, as a whole or in too many windows. Windows without demand are not judged;
 * - `sla-burn`: an alert on the burn rate of the error budget fired (The Site Reliability Workbook, chapter 5);
 * - `sla-repair`: a fault was applied, and operations were not served again for good within `repairWithin`;
 * - `sla-detection`: a fault was noticed by a client, later than `detectWithin`.
 * Scopes state the first four for some of the operations: by kind, key, or stage (before, during, after the faults; what was under way when they began is theirs).
 *
 * For each fault: *time to detect*, from its application until the first client notices (an error comes or a
 * deadline passes), and *time to repair*, until operations are served again for good (`episodesOf` and `effectsOf` say which outage is put
 * down to which fault). Nothing is judged if the plan may exceed the system's tolerance. Unknown if an objective could not be judged (but the times
 * to detect and repair are conditional: without faults they are not judged, and that alone is no matter if something else was), or if fewer than
 * `trafficBefore` operations were served before the first fault.
 */
export const sla: Checker<SlaOptions> = {
  name: 'sla',
  summary: 'service-level objectives: availability, latency, goodput, burn rate, time to detect and repair',
  cost: 'O(n log n + f u), f faults, u operations not served in time',
  perOperation: true,
  options: {
    type: 'object',
    properties: {
      ...SERVICE_OPTIONS,
      ...objectivesSchema.properties,
      deadline: { description: 'nanoseconds', type: 'number', exclusiveMinimum: 0 },
      settle: { description: 'nanoseconds', type: 'number', minimum: 0 },
    },
    additionalProperties: false,
  },
  check(history, options) {
    const objectives: Partial<Objectives> = { ...history.header.objectives, ...options };
    const attempts = attemptsOf(history, options);
    const faults = faultsOf(history);
    const stage = stageMet(phasesOf(history), faults);
    const bounds = boundsOf(history, objectives, options.settle);
    const whole = observe(history, attempts, { faults, bounds });
    const effects = effectsOf(faults, whole, bounds);
    const judged = isBeyond(history) ? undefined : objectives;
    const results = judged === undefined ? [] : resultsOf(history, judged, whole, { effects, stage, bounds });
    const served = attempts.filter((attempt) => inTime(attempt, bounds.deadline));
    const unserved = attempts.length - served.length;
    const { reason, note } = judgementOf(results, judged, attempts.length);
    const tooLittle = judged && missingTraffic(judged.trafficBefore, attempts, faults, bounds.deadline);
    const reasons = [reason, tooLittle].filter((part) => part !== undefined);
    return verdictOf(
      this.name,
      {
        anomalies: results.flatMap(({ anomalies }) => anomalies),
        ...(reasons.length > 0 && { reason: reasons.join('; ') }),
      },
      {
        operations: attempts.length,
        served: served.length,
        availability: attempts.length === 0 ? null : rounded(served.length / attempts.length),
        ...ninesOf(attempts.length, unserved),
        ...(objectives.availability !== undefined &&
          errorBudget(objectives.availability, attempts.length, unserved)),
        latencyOfServed: percentilesOf(served.map(({ latency }) => latency)),
        ...(Number.isFinite(bounds.deadline) && { deadline: bounds.deadline }),
        objectives: results.map(figuresOfResult),
        ...(note !== undefined && { judged: note }),
        stages: stageFigures(byStage(attempts, stage), bounds.deadline),
        episodes: whole.episodes.length,
        faults: effects.map(effectFigures),
      },
    );
  },
};

function resultsOf(
  history: History,
  objectives: Partial<Objectives>,
  whole: Observed,
  context: Parameters<typeof resultsOfScope>[3] & { readonly effects: ReturnType<typeof effectsOf> },
): Result[] {
  const { repairWithin, detectWithin, scopes = [] } = objectives;
  const { effects } = context;
  return [
    ...targetResults(objectives, whole),
    ...(repairWithin === undefined ? [] : [repairResult(repairWithin, effects)]),
    ...(detectWithin === undefined ? [] : [detectionResult(detectWithin, effects)]),
    ...scopes.flatMap((scope) => resultsOfScope(history, scope, whole, context)),
  ];
}

/** Why the verdict must be unknown, and what there is to say if nothing was judged at all. */
function judgementOf(
  results: readonly Result[],
  judged: Partial<Objectives> | undefined,
  operations: number,
): { readonly reason?: string; readonly note?: string } {
  if (judged === undefined) return { note: 'the plan may exceed the tolerance: objectives are not judged' };
  if (results.length === 0) return { note: 'no objectives are stated' };
  if (operations === 0) return { reason: 'the history has no operations' };
  const open = results.filter(({ met }) => met === null);
  const nothing = open.length === results.length;
  const missed = open.filter(({ conditional }) => nothing || conditional !== true);
  if (missed.length === 0) return {};
  return {
    reason: `not judged: ${list(missed.map(({ objective, unjudged }) => `${objective} (${unjudged})`))}`,
  };
}

function figuresOfResult({ objective, scope, target, measured, met, unjudged, more }: Result) {
  return {
    objective,
    ...(scope !== undefined && { scope }),
    target,
    measured,
    met,
    ...(unjudged !== undefined && { unjudged }),
    ...more,
  };
}
