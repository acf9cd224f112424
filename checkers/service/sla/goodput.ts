import type { GoodputObjective } from '../../../histories/index.ts';
import type { Anomaly } from '../../checker.ts';
import { indicesOf, plural, seconds } from '../../shared/words.ts';
import { type Attempt, percent, rounded } from '../service.ts';
import { enough, MOST_WINDOWS, type Span, windowAt, windowOf } from '../windows.ts';
import { blame, blameFor, causesInWords, suspectsIn } from './blame.ts';
import { awaitedUntil, isGood, type Result, type Seen, scopeData, scopeInWords, unjudged } from './seen.ts';

/** `12.5`, to three significant digits. */
function rate(perSecond: number): string {
  return String(Number(perSecond.toPrecision(3)));
}

/** Operations done in time for each second, over the traffic or window by window. Cost: O(n + windows). */
export function goodputResult(objective: GoodputObjective, seen: Seen): Result {
  return objective.window === undefined
    ? overall(objective, seen)
    : byWindow(objective, objective.window, seen);
}

function overall({ perSecond: target }: GoodputObjective, seen: Seen): Result {
  const measured = goodputIn(seen.traffic, seen.attempts, seen.deadline);
  if (measured === undefined) return unjudged('goodput', target, 'the traffic has no duration');
  const met = measured >= target - 1e-9;
  const result = { objective: 'goodput', target, measured: rounded(measured), met };
  if (met) return { ...result, anomalies: [] };
  const { from, until } = seen.traffic;
  const asked = seen.attempts.filter(({ invocation }) => invocation.time <= until);
  const bad = asked.filter((attempt) => !isGood(attempt, seen.deadline));
  const anomaly: Anomaly = {
    name: 'sla-goodput',
    explanation: `${scopeInWords(seen)}From ${seconds(from)} to ${seconds(until)} ${rate(measured)} operations a second were done${inTimeInWords(seen)} instead of at least ${rate(target)}: of ${plural(asked.length, 'operation')} invoked in that time ${bad.length} were not. ${byWhom(seen, bad)}`,
    operations: indicesOf((bad.length > 0 ? bad : asked).slice(0, 3)),
    data: { ...scopeData(seen), perSecond: measured, target, from, until, operations: asked.length },
  };
  return { ...result, anomalies: [anomaly] };
}

/** Done in time for each second of this stretch; undefined if it has no length. */
export function goodputIn(
  { from, until }: Span,
  attempts: readonly Attempt[],
  deadline: number,
): number | undefined {
  if (!(until > from)) return undefined;
  const good = attempts.filter(
    (attempt) =>
      isGood(attempt, deadline) && attempt.completion!.time >= from && attempt.completion!.time <= until,
  );
  return good.length / ((until - from) / 1e9);
}

/** Whole windows of the traffic in which some client asked for something or waited for it. */
function byWindow({ perSecond: target, share = 1 }: GoodputObjective, length: number, seen: Seen): Result {
  const { from, until } = seen.traffic;
  const name = `goodput in windows of ${seconds(length)}`;
  const count = Math.max(0, windowOf(from, length, until));
  if (count > MOST_WINDOWS)
    return unjudged(name, target, `there are ${count} windows of ${length} ns, more than ${MOST_WINDOWS}`);
  const { good, open } = countsOf(seen, length, count);
  const floor = (target * length) / 1e9 - 1e-9;
  let judged = 0;
  let worst: number | undefined;
  const broken: number[] = [];
  for (let nth = 0; nth < count; nth++) {
    if (open[nth] === 0) continue;
    judged++;
    if (worst === undefined || good[nth]! < good[worst]!) worst = nth;
    if (good[nth]! < floor) broken.push(nth);
  }
  if (worst === undefined) return unjudged(name, target, `the traffic fills no window of ${seconds(length)}`);
  const least = good[worst]! / (length / 1e9);
  const met = enough(judged - broken.length, judged, share);
  const result = {
    objective: name,
    target,
    measured: rounded(least),
    met,
    more: { windows: judged, complied: judged - broken.length, share },
  };
  if (met) return { ...result, anomalies: [] };
  const span = windowAt(from, length, worst);
  const causes = blame(
    broken.map((nth) => {
      const { from: began, until: ended } = windowAt(from, length, nth);
      return { faults: suspectsIn(seen.faults, began, ended), count: 1 };
    }),
  );
  const around = seen.attempts.filter(
    (attempt) => attempt.invocation.time < span.until && awaitedUntil(attempt, seen.deadline) >= span.from,
  );
  const bad = around.filter((attempt) => !isGood(attempt, seen.deadline));
  const anomaly: Anomaly = {
    name: 'sla-goodput',
    explanation: `${scopeInWords(seen)}In ${broken.length} of ${plural(judged, 'window')} of ${seconds(length)} fewer than ${rate(target)} operations a second were done${inTimeInWords(seen)}; ${percent(share)} of the windows must reach that. The worst window is ${seconds(span.from)} - ${seconds(span.until)}: ${plural(good[worst]!, 'operation')}, ${rate(least)} a second, though ${around.length} were asked for or waited for. The windows, put down to the fault applied last before they ended: ${causesInWords(causes)}.`,
    operations: indicesOf((bad.length > 0 ? bad : around).slice(0, 3)),
    data: {
      ...scopeData(seen),
      target,
      window: length,
      windows: judged,
      broken: broken.length,
      share,
      worst: { ...span, perSecond: least },
    },
  };
  return { ...result, anomalies: [anomaly] };
}

/** For each window how many operations were done in it, and how many were open at some moment of it. */
function countsOf(seen: Seen, length: number, count: number): { good: Int32Array; open: Int32Array } {
  const good = new Int32Array(count);
  const changes = new Int32Array(count + 1);
  const { from } = seen.traffic;
  for (const attempt of seen.attempts) {
    const began = windowOf(from, length, attempt.invocation.time);
    if (began >= count) continue;
    const ended = Math.min(count, windowOf(from, length, awaitedUntil(attempt, seen.deadline)));
    changes[began]!++;
    changes[Math.min(ended + 1, count)]!--;
    if (ended < count && isGood(attempt, seen.deadline)) good[ended]!++;
  }
  const open = changes.slice(0, count);
  for (let nth = 1; nth < count; nth++) open[nth]! += open[nth - 1]!;
  return { good, open };
}

function inTimeInWords({ deadline }: Seen): string {
  return Number.isFinite(deadline) ? ` within ${seconds(deadline)}` : '';
}

function byWhom(seen: Seen, bad: readonly Attempt[]): string {
  if (bad.length === 0) return 'The clients did not ask for more.';
  return `Put down to the fault applied last before they ended: ${causesInWords(blameFor(bad, seen.faults))}.`;
}
