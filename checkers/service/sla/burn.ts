import type { BurnObjective } from '../../../histories/index.ts';
import type { Anomaly } from '../../checker.ts';
import { indicesOf, list, plural, seconds } from '../../shared/words.ts';
import { inTime, percent, rounded } from '../service.ts';
import { blameFor, causesAsData, causesInWords } from './blame.ts';
import { type Result, type Seen, scopeData, scopeInWords, unjudged } from './seen.ts';

/** The alert at its worst. Positions among the attempts. */
interface Peak {
  /** First attempt in the long window, and the one past the last. */
  readonly first: number;
  readonly end: number;
  readonly unserved: number;
  readonly shortUnserved: number;
  readonly shortTotal: number;
}

/**
 * An alert on the burn rate, as in The Site Reliability Workbook, chapter 5 (multiwindow, multi-burn-rate alerts): it fires at a moment if the
 * share of operations not served, over the share that may fail, is above `rate` both in the long window that ends then and in the short one. Looked at
 * whenever an operation is invoked, once a whole long window lies behind. An operation counts at its invocation. Cost: O(n).
 */
export function burnResult(objective: BurnObjective, availability: number | undefined, seen: Seen): Result {
  const { rate, window, short } = objective;
  const name = `burn rate over ${list([window, ...(short === undefined ? [] : [short])].map(seconds))}`;
  if (availability === undefined) return unjudged(name, rate, 'no availability is stated that it refers to');
  const { attempts, deadline } = seen;
  const allowed = 1 - availability;
  const unservedUpTo = new Int32Array(attempts.length + 1);
  for (let i = 0; i < attempts.length; i++) {
    unservedUpTo[i + 1] = unservedUpTo[i]! + (inTime(attempts[i]!, deadline) ? 0 : 1);
  }
  const timeOf = (i: number) => attempts[i]!.invocation.time;
  // Above by more than rounding can do.
  const fires = (unserved: number, total: number) => unserved > rate * allowed * total + 1e-9;
  let looked = 0;
  let firing = false;
  let alerts = 0;
  let highest = 0;
  let peak: Peak | undefined;
  let first = 0;
  let shortFirst = 0;
  for (let end = 1; end <= attempts.length; end++) {
    const now = timeOf(end - 1);
    // All operations of this moment, or none.
    if (end < attempts.length && timeOf(end) === now) continue;
    if (now - timeOf(0) < window) continue;
    while (timeOf(first) <= now - window) first++;
    while (timeOf(shortFirst) <= now - (short ?? window)) shortFirst++;
    looked++;
    const unserved = unservedUpTo[end]! - unservedUpTo[first]!;
    const shortUnserved = unservedUpTo[end]! - unservedUpTo[shortFirst]!;
    highest = Math.max(highest, unserved / (end - first));
    const fired = fires(unserved, end - first) && fires(shortUnserved, end - shortFirst);
    if (fired && !firing) alerts++;
    firing = fired;
    if (fired && (peak === undefined || unserved / (end - first) > peak.unserved / (peak.end - peak.first))) {
      peak = { first, end, unserved, shortUnserved, shortTotal: end - shortFirst };
    }
  }
  if (looked === 0) return unjudged(name, rate, `the operations do not span a window of ${seconds(window)}`);
  const measured = burnOf(highest, allowed);
  const result = {
    objective: name,
    target: rate,
    measured,
    met: peak === undefined,
    more: { alerts, looked },
  };
  if (peak === undefined) return { ...result, anomalies: [] };
  const total = peak.end - peak.first;
  const failed = attempts.slice(peak.first, peak.end).filter((attempt) => !inTime(attempt, deadline));
  const causes = blameFor(failed, seen.faults);
  const until = timeOf(peak.end - 1);
  const shorter =
    short === undefined
      ? ''
      : ` It was still going on: in the last ${seconds(short)} ${peak.shortUnserved} of ${peak.shortTotal} were not served${allowed > 0 ? ` (${Number((peak.shortUnserved / peak.shortTotal / allowed).toPrecision(3))} times)` : ''}.`;
  const anomaly: Anomaly = {
    name: 'sla-burn',
    explanation: `${scopeInWords(seen)}In the ${seconds(window)} up to ${seconds(until)} ${peak.unserved} of ${plural(total, 'operation')} were not served${Number.isFinite(deadline) ? ` within ${seconds(deadline)}` : ''}, ${inTimes(peak.unserved / total, allowed)}; more than ${rate} times is too fast.${shorter} ${percent(allowed)} may fail. The alert fired ${plural(alerts, 'time')}; this is its worst moment. Put down to the fault applied last before they ended: ${causesInWords(causes)}.`,
    operations: indicesOf(failed.slice(0, 3)),
    data: {
      ...scopeData(seen),
      rate,
      window,
      ...(short !== undefined && { short }),
      until,
      unserved: peak.unserved,
      operations: total,
      burn: burnOf(peak.unserved / total, allowed),
      alerts,
      causes: causesAsData(causes),
    },
  };
  return { ...result, anomalies: [anomaly] };
}

/** The rate, or words if nothing may fail. */
function burnOf(share: number, allowed: number): number | 'infinite' | null {
  if (allowed > 0) return rounded(share / allowed);
  return share === 0 ? 0 : 'infinite';
}

function inTimes(share: number, allowed: number): string {
  return allowed > 0
    ? `which burns the error budget ${Number((share / allowed).toPrecision(3))} times as fast as the objective allows`
    : 'though there is no error budget at all';
}
