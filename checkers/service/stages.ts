import type { FaultRecord, Phase } from '../shared/timeline.ts';
import type { Attempt } from './service.ts';

export type Stage = 'before' | 'during' | 'after';

/** Tells when an operation was invoked: before the faults, among them, or after they were healed. */
export type StageOf = (attempt: Attempt) => Stage;

/**
 * By the phase `faults` if the controller recorded one; else from the application of the first fault to the healing of the last. Without
 * either everything is before.
 */
export function stageOf(phases: readonly Phase[], faults: readonly FaultRecord[]): StageOf {
  const { begun, over } = limitsOf(phases, faults);
  return ({ invocation }) => (!begun(invocation) ? 'before' : over(invocation) ? 'after' : 'during');
}

/** As `stageOf`, but what was under way when the faults began is theirs: before them is what they cannot have met. */
export function stageMet(phases: readonly Phase[], faults: readonly FaultRecord[]): StageOf {
  const { begun, over, never } = limitsOf(phases, faults);
  return ({ invocation, completion }) => {
    if (never || (completion !== undefined && !begun(completion))) return 'before';
    return over(invocation) ? 'after' : 'during';
  };
}

type Moment = Pick<Attempt['invocation'], 'index' | 'time'>;

/** Whether the faults had begun at a moment, and whether they were over; `never`: there were none. */
function limitsOf(phases: readonly Phase[], faults: readonly FaultRecord[]) {
  const position = phases.findIndex(({ name }) => name === 'faults');
  if (position >= 0) {
    const from = phases[position]!.index;
    const until = phases[position + 1]?.index ?? Number.POSITIVE_INFINITY;
    return {
      begun: ({ index }: Moment) => index >= from,
      over: ({ index }: Moment) => index >= until,
      never: false,
    };
  }
  const from = firstApplication(faults);
  const until = faults.reduce(
    (last, fault) =>
      fault.from === undefined ? last : Math.max(last, fault.until ?? Number.POSITIVE_INFINITY),
    from,
  );
  return {
    begun: ({ time }: Moment) => time >= from,
    over: ({ time }: Moment) => time > until,
    never: from === Number.POSITIVE_INFINITY,
  };
}

/** Infinite if no fault was applied. */
export function firstApplication(faults: readonly FaultRecord[]): number {
  return faults.reduce((first, { from }) => Math.min(first, from ?? first), Number.POSITIVE_INFINITY);
}

/** The attempts of each stage, in their order. */
export function byStage(
  attempts: readonly Attempt[],
  stage: StageOf,
): { readonly [stage in Stage]: readonly Attempt[] } {
  const stages = { before: [] as Attempt[], during: [] as Attempt[], after: [] as Attempt[] };
  for (const attempt of attempts) stages[stage(attempt)].push(attempt);
  return stages;
}
