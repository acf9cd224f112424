import { type HistoryEvent, isOperation } from '../../histories/index.ts';
import type { Nanos, Plan } from '../contract/index.ts';
import { timetable } from '../controller/index.ts';

/** An operation that somebody wanted to be done in the fault phase. */
export interface Demand {
  /** When it was to begin, whatever the system was doing. */
  readonly due: Nanos;
  /** From then until it was answered with `ok`; undefined if it was not, or never came to be asked. */
  readonly latency?: Nanos;
}

/**
 * The operations that were due in the fault phase, by client and number. Latency counts from the due time: one that had to wait for its client, whom another
 * one held up, has waited, and one that was never invoked is a demand that was not met (Tene, "How NOT to measure latency": coordinated omission).
 */
export function demandsOf(plan: Plan, events: readonly HistoryEvent[]): Demand[] {
  const { warmUp, faults } = plan.phases;
  const answered = new Map<string, Nanos>();
  for (const event of events) {
    if (isOperation(event) && event.type === 'ok' && event.id !== undefined)
      answered.set(event.id.join('/'), event.time);
  }
  return timetable(plan, warmUp + faults).flatMap((dues, client) =>
    dues.flatMap((due, nth): Demand[] => {
      if (due < warmUp) return [];
      const at = answered.get(`${client}/${nth}`);
      return [at === undefined ? { due } : { due, latency: at - due }];
    }),
  );
}
