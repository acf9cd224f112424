import type { LatencyObjective } from '../../../histories/index.ts';
import { percentile, sortedNumbers } from '../../shared/percentiles.ts';
import { describeOperation, indicesOf, plural, seconds } from '../../shared/words.ts';
import { type Attempt, percent } from '../service.ts';
import { enough, windowAt, windowOf } from '../windows.ts';
import { blameFor, causesInWords } from './blame.ts';
import { type Result, type Seen, scopeData, scopeInWords, timeTaken, unjudged } from './seen.ts';

/**
 * A percentile with a bound, over all operations or window by window. What was not served took for ever: leaving it out would reward a
 * system for not answering. Cost: O(n log n).
 */
export function latencyResult(objective: LatencyObjective, seen: Seen): Result {
  if (seen.attempts.length === 0)
    return unjudged(nameOf(objective), objective.within, 'there are no operations');
  return objective.window === undefined
    ? overall(objective, seen)
    : byWindow(objective, objective.window, seen);
}

function nameOf({ percentile: percentage, window }: LatencyObjective): string {
  return `latency p${percentage}${window === undefined ? '' : ` in windows of ${seconds(window)}`}`;
}

/** The percentile, as a number or in words. */
function shown(measured: number): number | 'not served' {
  return Number.isFinite(measured) ? measured : 'not served';
}

function inSeconds(measured: number): string {
  return Number.isFinite(measured) ? seconds(measured) : 'for ever (not served)';
}

function measure(attempts: readonly Attempt[], percentage: number): number {
  return percentile(sortedNumbers(attempts.map(timeTaken)), percentage) ?? 0;
}

function slowest(attempts: readonly Attempt[], within: number): Attempt[] {
  return attempts
    .filter((attempt) => timeTaken(attempt) > within)
    .sort((a, b) => (timeTaken(a) === timeTaken(b) ? 0 : timeTaken(b) - timeTaken(a)));
}

function overall(objective: LatencyObjective, seen: Seen): Result {
  const { percentile: percentage, within } = objective;
  const measured = measure(seen.attempts, percentage);
  const met = measured <= within;
  const result = { objective: nameOf(objective), target: within, measured: shown(measured), met };
  if (met) return { ...result, anomalies: [] };
  const slow = slowest(seen.attempts, within);
  return {
    ...result,
    anomalies: [
      {
        name: 'sla-latency',
        explanation: `${scopeInWords(seen)}Percentile ${percentage} of the latency is ${inSeconds(measured)} instead of at most ${seconds(within)}. ${plural(slow.length, 'operation')} of ${seen.attempts.length} took longer than that. Put down to the fault applied last before they ended: ${causesInWords(blameFor(slow, seen.faults))}. The slowest: ${describeOperation(slow[0]!)}.`,
        operations: indicesOf(slow.slice(0, 3)),
        data: {
          ...scopeData(seen),
          percentile: percentage,
          within,
          measured: shown(measured),
          slow: slow.length,
        },
      },
    ],
  };
}

interface Judged {
  readonly nth: number;
  readonly measured: number;
  readonly attempts: readonly Attempt[];
}

function byWindow(objective: LatencyObjective, length: number, seen: Seen): Result {
  const { percentile: percentage, within, share = 1, atLeast = 1 } = objective;
  const { from } = seen.traffic;
  const judged: Judged[] = [];
  for (const [nth, attempts] of windowsOf(seen.attempts, from, length)) {
    if (attempts.length < atLeast) continue;
    judged.push({ nth, measured: measure(attempts, percentage), attempts });
  }
  if (judged.length === 0) {
    return unjudged(
      nameOf(objective),
      within,
      `no window of ${seconds(length)} has ${plural(atLeast, 'operation')}`,
    );
  }
  const broken = judged.filter(({ measured }) => measured > within);
  const met = enough(judged.length - broken.length, judged.length, share);
  const worst = judged.reduce((most, one) => (one.measured > most.measured ? one : most));
  const result = {
    objective: nameOf(objective),
    target: within,
    measured: shown(worst.measured),
    met,
    more: { windows: judged.length, complied: judged.length - broken.length, share },
  };
  if (met) return { ...result, anomalies: [] };
  const slow = slowest(worst.attempts, within);
  const all = broken.flatMap(({ attempts }) => slowest(attempts, within));
  const span = windowAt(from, length, worst.nth);
  return {
    ...result,
    anomalies: [
      {
        name: 'sla-latency',
        explanation: `${scopeInWords(seen)}In ${broken.length} of ${plural(judged.length, 'window')} of ${seconds(length)} percentile ${percentage} of the latency is above ${seconds(within)}; ${percent(share)} of the windows must keep that bound. The worst window is ${seconds(span.from)} - ${seconds(span.until)}: ${inSeconds(worst.measured)}, ${slow.length} of its ${plural(worst.attempts.length, 'operation')} took longer than the bound. The slow operations of all these windows, put down to the fault applied last before they ended: ${causesInWords(blameFor(all, seen.faults))}. The slowest of the worst window: ${describeOperation(slow[0]!)}.`,
        operations: indicesOf(slow.slice(0, 3)),
        data: {
          ...scopeData(seen),
          percentile: percentage,
          within,
          window: length,
          windows: judged.length,
          broken: broken.length,
          share,
          worst: { ...span, measured: shown(worst.measured) },
        },
      },
    ],
  };
}

/** The attempts by the window of their invocation; windows without any are left out. */
function windowsOf(attempts: readonly Attempt[], from: number, length: number): Map<number, Attempt[]> {
  const windows = new Map<number, Attempt[]>();
  for (const attempt of attempts) {
    const nth = windowOf(from, length, attempt.invocation.time);
    const window = windows.get(nth);
    if (window === undefined) windows.set(nth, [attempt]);
    else window.push(attempt);
  }
  return windows;
}
