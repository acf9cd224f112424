import type { Json } from '../../../histories/index.ts';
import type { Anomaly } from '../../checker.ts';
import type { FaultRecord } from '../../shared/timeline.ts';
import { type Attempt, inTime } from '../service.ts';
import type { Span } from '../windows.ts';

/** What was seen of the service: of all operations, or of those that some objectives are about. */
export interface Seen {
  /** Name of the scope; undefined for all operations. */
  readonly scope?: string;
  /** In the order of invocation. */
  readonly attempts: readonly Attempt[];
  /** Infinite if none is stated. */
  readonly deadline: number;
  /** From the first invocation to the end of the traffic: of the phase `faults`, if there is one and it is not what comes after that matters. */
  readonly traffic: Span;
  readonly faults: readonly FaultRecord[];
}

/** One objective with what was measured. */
export interface Result {
  readonly objective: string;
  readonly scope?: string;
  readonly target: Json;
  readonly measured: Json;
  /** Null if it could not be judged: `unjudged` says why. */
  readonly met: boolean | null;
  readonly unjudged?: string;
  /** It says something about faults, so that without any there is nothing to judge. */
  readonly conditional?: true;
  /** Further figures. */
  readonly more?: { readonly [name: string]: Json };
  readonly anomalies: readonly Anomaly[];
}

/** An objective that could not be judged. */
export function unjudged(objective: string, target: Json, reason: string): Result {
  return { objective, target, measured: null, met: null, unjudged: reason, anomalies: [] };
}

/** What an operation took in the client's eyes: for ever, if it was not answered. */
export function timeTaken({ served, latency }: Attempt): number {
  return served ? latency : Number.POSITIVE_INFINITY;
}

/** Until when its client waits for it: to the answer, but no longer than the deadline. Infinite if neither comes. */
export function awaitedUntil({ invocation, latency }: Attempt, deadline: number): number {
  return invocation.time + Math.min(latency, deadline);
}

/** Done, and not too late: what goodput counts. */
export function isGood(attempt: Attempt, deadline: number): boolean {
  return attempt.completion?.type === 'ok' && inTime(attempt, deadline);
}

/** The scope's name, to begin a sentence with, or nothing. */
export function scopeInWords({ scope }: Seen): string {
  return scope === undefined ? '' : `${scope}: `;
}

export function scopeData({ scope }: Seen): { readonly scope?: string } {
  return scope === undefined ? {} : { scope };
}
