import type { History } from '../../../histories/index.ts';
import { endOf, type FaultRecord, phasesOf } from '../../shared/timeline.ts';
import type { Attempt } from '../service.ts';
import type { Span } from '../windows.ts';
import { type Episode, episodesOf, type Served } from './episodes.ts';
import { awaitedUntil, type Seen } from './seen.ts';

const A_SECOND = 1e9;

/** What was seen, with the stretches in which clients were not served. */
export interface Observed extends Seen {
  readonly episodes: Episode[];
  readonly served: Served;
}

/** Nanoseconds. */
export interface Bounds {
  readonly deadline: number;
  readonly settle: number;
  readonly end: number;
}

export function boundsOf(
  history: History,
  { deadline }: { readonly deadline?: number },
  settle: number | undefined,
): Bounds {
  return {
    deadline: deadline ?? Number.POSITIVE_INFINITY,
    settle: settle ?? deadline ?? A_SECOND,
    end: endOf(history),
  };
}

/** @param about Name of the scope, and whether it is about what comes after the faults. */
export function observe(
  history: History,
  attempts: readonly Attempt[],
  context: { readonly faults: readonly FaultRecord[]; readonly bounds: Bounds },
  about: { readonly scope?: string; readonly stage?: 'before' | 'during' | 'after' } = {},
): Observed {
  const { faults, bounds } = context;
  return {
    ...(about.scope !== undefined && { scope: about.scope }),
    attempts,
    deadline: bounds.deadline,
    traffic: trafficOf(history, attempts, bounds, about.stage === 'after'),
    faults,
    ...episodesOf(attempts, faults, bounds),
  };
}

/**
 * The time in which clients ask as the workload says: from the first invocation until the faults are over, if phases are recorded (recovery and final reads
 * come in their own time); else until the last operation is over or given up.
 */
function trafficOf(
  history: History,
  attempts: readonly Attempt[],
  { deadline, end }: Bounds,
  afterwards: boolean,
): Span {
  const from = attempts[0]?.invocation.time ?? 0;
  const last = attempts.reduce(
    (time, attempt) => Math.max(time, Math.min(end, awaitedUntil(attempt, deadline))),
    from,
  );
  const faults = phasesOf(history).find(({ name }) => name === 'faults');
  return {
    from,
    until: faults === undefined || afterwards ? last : Math.min(last, Math.max(from, faults.until)),
  };
}
