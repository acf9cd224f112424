import type { Verdict } from '../../checkers/index.ts';
import { type HistoryEvent, isOperation, isPhase } from '../../histories/index.ts';
import type { Plan } from '../contract/index.ts';
import { timetable } from '../controller/index.ts';
import type { Proof, RunSummary, Signature } from './task.ts';

/**
 * The operations of the first two phases, in order. One that waited for its client is told with its time, where the timetable is known (`paced`): without those that
 * it waited for it would be made earlier.
 */
export function invokedOperations(
  plan: Plan,
  events: readonly HistoryEvent[],
  paced: boolean,
): NonNullable<RunSummary['invoked']> {
  const due = paced ? timetable(plan, plan.phases.warmUp + plan.phases.faults) : [];
  return events.flatMap((event) => {
    if (!isOperation(event) || event.type !== 'invoke' || event.phase === 'final' || !event.id) return [];
    const [client, nth] = event.id;
    const onTime = due[client]?.[nth] ?? event.time;
    return [event.time > onTime ? [client, nth, event.time] : [client, nth]];
  });
}

/** The operations of the first anomaly of this kind. */
export function proofOf(
  { checker, anomaly }: Signature,
  verdicts: readonly Verdict[],
  events: readonly HistoryEvent[],
): Proof {
  const phase = events.find(
    (event) => isPhase(event) && (event.value as { name?: string }).name === 'faults',
  );
  const verdict = verdicts.find((candidate) => candidate.checker === checker);
  const found = verdict?.anomalies.find(({ name }) => name === anomaly);
  const proving = (found?.operations ?? [])
    .map((index) => events[index])
    .filter((event) => event !== undefined);
  const ids = new Map<string, readonly [number, number]>();
  for (const event of proving) if (isOperation(event) && event.id) ids.set(event.id.join('/'), event.id);
  const last = proving.reduce((latest, event) => Math.max(latest, event.time), 0);
  return { operations: [...ids.values()], until: Math.max(0, last - (phase?.time ?? 0)) };
}
