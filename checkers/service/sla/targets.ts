import type { History, ScopedObjectives, ServiceTargets } from '../../../histories/index.ts';
import type { FaultRecord } from '../../shared/timeline.ts';
import { plural } from '../../shared/words.ts';
import { type Attempt, inTime } from '../service.ts';
import { firstApplication, type StageOf } from '../stages.ts';
import { availabilityResult } from './availability.ts';
import { burnResult } from './burn.ts';
import { goodputResult } from './goodput.ts';
import { latencyResult } from './latency.ts';
import { type Bounds, type Observed, observe } from './observe.ts';
import type { Result } from './seen.ts';

/** A result for each target stated. */
export function targetResults(targets: ServiceTargets, seen: Observed): Result[] {
  const { availability, latency = [], goodput = [], burn = [] } = targets;
  return [
    ...(availability === undefined ? [] : [availabilityResult(availability, seen, seen.episodes)]),
    ...latency.map((objective) => latencyResult(objective, seen)),
    ...goodput.map((objective) => goodputResult(objective, seen)),
    ...burn.map((objective) => burnResult(objective, availability, seen)),
  ];
}

/** The same for the operations of a scope. */
export function resultsOfScope(
  history: History,
  scope: ScopedObjectives,
  whole: Observed,
  { stage, bounds }: { readonly stage: StageOf; readonly bounds: Bounds },
): Result[] {
  const deadline = scope.deadline ?? bounds.deadline;
  const seen = observe(
    history,
    whole.attempts.filter((attempt) => isIn(scope, attempt, stage)),
    { faults: whole.faults, bounds: { ...bounds, deadline } },
    { scope: scope.name, ...(scope.stage !== undefined && { stage: scope.stage }) },
  );
  return targetResults(scope, seen).map((result) => ({ ...result, scope: scope.name }));
}

function isIn(scope: ScopedObjectives, attempt: Attempt, stage: StageOf): boolean {
  const { f, key } = attempt.invocation;
  return (
    scope.f?.includes(f) !== false &&
    (scope.keys === undefined || (key !== undefined && scope.keys.includes(key))) &&
    (scope.keyPrefix === undefined || (key !== undefined && String(key).startsWith(scope.keyPrefix))) &&
    (scope.stage === undefined || stage(attempt) === scope.stage)
  );
}

/** Says so if fewer operations than these were answered in time before the first fault. */
export function missingTraffic(
  least: number | undefined,
  attempts: readonly Attempt[],
  faults: readonly FaultRecord[],
  deadline: number,
): string | undefined {
  const first = firstApplication(faults);
  if (least === undefined || !Number.isFinite(first)) return undefined;
  const served = attempts.filter(
    (attempt) => inTime(attempt, deadline) && attempt.completion!.time < first,
  ).length;
  return served >= least
    ? undefined
    : `${plural(served, 'operation')} served before the first fault, ${least} are needed to tell what is normal`;
}
