import type { Json, Objectives } from '../histories/index.ts';
import type { Anomaly } from './checker.ts';
import type { Effect, Episode } from './episodes.ts';
import { percentile, sortedNumbers } from './percentiles.ts';
import { type Attempt, percent, rounded } from './service.ts';
import { describeFault, type FaultRecord, inForce } from './timeline.ts';
import { describeOperation, indicesOf, list, plural, seconds } from './words.ts';

/** What was seen of the service in a history. */
export interface Seen {
  /** In the order of invocation. */
  readonly attempts: readonly Attempt[];
  /** Those that were served within the deadline. */
  readonly served: readonly Attempt[];
  readonly share?: number;
  /** Infinite if none is stated. */
  readonly deadline: number;
  readonly episodes: readonly Episode[];
  readonly effects: readonly Effect[];
  readonly faults: readonly FaultRecord[];
}

/** One objective with what was measured, and the breach if it was not met. */
export interface Result {
  readonly result: Json;
  readonly anomalies: readonly Anomaly[];
}

/** Nothing if there is no such objective, or nothing to measure. */
export function availabilityResult({ availability: target }: Partial<Objectives>, seen: Seen): Result[] {
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

/** One for each percentile with a bound. Cost: O(n log n). */
export function latencyResults({ latency }: Partial<Objectives>, seen: Seen): Result[] {
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
      explanation: `Percentile ${percentage} of the latency is ${typeof shown === 'number' ? seconds(shown) : 'for ever (not served)'} instead of at most ${seconds(within)}. ${plural(slow.length, 'operation')} of ${seen.attempts.length} took longer than that. By the fault applied last before they ended: ${inWordsOf(causes)}. The slowest: ${describeOperation(slow[0]!)}.`,
      operations: indicesOf(slow.slice(0, 3)),
      data: { percentile: percentage, within, measured: shown, slow: slow.length },
    };
    return { result, anomalies: [anomaly] };
  });
}

/** One result; an anomaly for each fault after which it took too long. */
export function repairResult({ repairWithin }: Partial<Objectives>, seen: Seen): Result[] {
  if (repairWithin === undefined) return [];
  const late = seen.effects.filter(
    ({ repaired, unrepaired }) => (unrepaired ?? repaired ?? 0) > repairWithin,
  );
  const longest = seen.effects.reduce(
    (most, { repaired, unrepaired }) => Math.max(most, unrepaired ?? repaired ?? 0),
    0,
  );
  const anomalies = late.map(({ fault, detected, repaired, unrepaired, episodes }): Anomaly => {
    const took = unrepaired ?? repaired ?? 0;
    return {
      name: 'sla-repair',
      explanation: `After the ${describeFault(fault)} ${unrepaired === undefined ? `it took ${seconds(took)} until operations were served again` : `operations were not served again until the end, ${seconds(took)} later`}; ${seconds(repairWithin)} are allowed. Clients noticed ${detected === undefined ? 'before it was applied' : `after ${seconds(detected)}`}.`,
      operations: indicesOf(episodes[0]?.unserved.slice(0, 1) ?? []),
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
