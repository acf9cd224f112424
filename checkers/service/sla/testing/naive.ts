import type {
  BurnObjective,
  GoodputObjective,
  History,
  LatencyObjective,
} from '../../../../histories/index.ts';
import { isNemesis, isOperation, isPhase } from '../../../../histories/index.ts';

/** An operation, read off the events by looking through all of them. Infinite where it never completed. */
export interface Asked {
  readonly f: string;
  readonly from: number;
  readonly until: number;
  readonly ok: boolean;
  /** What the client waited; infinite if it was not served. */
  readonly took: number;
}

export function asked({ events }: History): Asked[] {
  return events.flatMap((event) => {
    if (!isOperation(event) || event.type !== 'invoke') return [];
    const completion = events.find(
      (later) =>
        isOperation(later) &&
        later.process === event.process &&
        later.type !== 'invoke' &&
        later.index > event.index,
    );
    const ended = completion !== undefined && isOperation(completion) ? completion : undefined;
    const until = ended?.time ?? Number.POSITIVE_INFINITY;
    const served = ended?.type === 'ok' || (ended?.type === 'fail' && ended.error === 'cas-mismatch');
    const took = served ? until - event.time : Number.POSITIVE_INFINITY;
    return [{ f: event.f, from: event.time, until, ok: ended?.type === 'ok', took }];
  });
}

/** The smallest time within which this percentage of the operations was served. */
export function percentileOf(operations: readonly Asked[], percentage: number): number {
  const candidates = operations.map(({ took }) => took);
  const within = (bound: number) => candidates.filter((took) => took <= bound).length;
  return Math.min(
    ...candidates.filter((bound) => within(bound) * 100 >= percentage * candidates.length - 1e-6),
  );
}

/** What a windowed objective measures: for each window the figure, in order; undefined where it is not judged. */
export function latencyWindows(operations: readonly Asked[], objective: LatencyObjective): number[] {
  const { window = 1, atLeast = 1, percentile } = objective;
  const start = Math.min(...operations.map(({ from }) => from));
  const figures: number[] = [];
  const last = Math.max(...operations.map(({ from }) => from));
  for (let from = start; from <= last; from += window) {
    const inside = operations.filter((one) => one.from >= from && one.from < from + window);
    if (inside.length >= atLeast) figures.push(percentileOf(inside, percentile));
  }
  return figures;
}

export interface Stretch {
  readonly from: number;
  readonly until: number;
}

/** From the first invocation to the last answer, or to the moment when its client gives up; no longer than the phase of the faults. */
export function trafficIn(history: History, operations: readonly Asked[], deadline: number): Stretch {
  const from = Math.min(...operations.map((one) => one.from));
  const end = history.events.at(-1)!.time;
  const last = Math.max(...operations.map((one) => Math.min(one.until, one.from + deadline, end)));
  const heal = history.events.find(
    (event) => isPhase(event) && (event.value as { name: string }).name === 'heal',
  );
  return { from, until: heal === undefined ? last : Math.max(from, Math.min(last, heal.time)) };
}

function good({ ok, took }: Asked, deadline: number): boolean {
  return ok && took <= deadline;
}

export function goodputOf(operations: readonly Asked[], deadline: number, { from, until }: Stretch): number {
  const done = operations.filter((one) => good(one, deadline) && one.until >= from && one.until <= until);
  return (done.length * 1e9) / (until - from);
}

/** For each whole window in which a client asked or waited how many operations were done in time, a second. */
export function goodputWindows(
  operations: readonly Asked[],
  deadline: number,
  traffic: Stretch,
  { window = 1 }: GoodputObjective,
): number[] {
  const figures: number[] = [];
  for (let from = traffic.from; from + window <= traffic.until; from += window) {
    const until = from + window;
    const waited = operations.some(
      (one) => one.from < until && Math.min(one.until, one.from + deadline) >= from,
    );
    if (!waited) continue;
    const done = operations.filter((one) => good(one, deadline) && one.until >= from && one.until < until);
    figures.push((done.length * 1e9) / window);
  }
  return figures;
}

/** At each invocation, once a whole window has passed: the share not served in the long window, and whether the alert fires. */
export function burnMoments(
  operations: readonly Asked[],
  deadline: number,
  availability: number,
  { rate, window, short = window }: BurnObjective,
): { readonly share: number; readonly fires: boolean }[] {
  const first = Math.min(...operations.map(({ from }) => from));
  const moments = [...new Set(operations.map(({ from }) => from))].filter((now) => now - first >= window);
  const shareOf = (now: number, length: number) => {
    const inside = operations.filter(({ from }) => from > now - length && from <= now);
    return inside.filter(({ took }) => took > deadline).length / inside.length;
  };
  return moments.map((now) => {
    const share = shareOf(now, window);
    const bound = rate * (1 - availability) + 1e-9;
    return { share, fires: share > bound && shareOf(now, short) > bound };
  });
}

/** For each applied fault when a client first noticed something that is put down to it, and how long it took to be served again. */
export function effectsNaively(
  history: History,
  bounds: { readonly deadline: number; readonly settle: number },
): { readonly detected?: number; readonly repaired?: number; readonly unrepaired?: number }[] {
  const { deadline, settle } = bounds;
  const operations = asked(history);
  const end = history.events.at(-1)?.time ?? 0;
  const noticed = ({ from, until, took }: Asked) =>
    took <= deadline ? until : Math.min(from + deadline, until, Math.max(end, from));
  const answered = (since: number) =>
    Math.min(
      Number.POSITIVE_INFINITY,
      ...operations.filter(({ from, took }) => took <= deadline && from >= since).map(({ until }) => until),
    );
  const outages: Asked[][] = [];
  for (const one of operations.filter(({ took }) => took > deadline)) {
    const current = outages.at(-1);
    const over =
      current === undefined ||
      one.from >
        Math.max(...current.map((other) => noticed(other) + settle), answered(current.at(-1)!.from + 1));
    if (over) outages.push([one]);
    else current.push(one);
  }
  const faults = faultSpans(history);
  return faults.map((fault) => {
    const own = outages.filter((outage) => {
      const from = outage[0]!.from - settle;
      const seen = Math.min(...outage.map(noticed));
      const around = faults.filter((other) => other.from <= seen && other.until >= from);
      const latest = Math.max(...around.map((other) => other.from));
      const meanwhile = fault.from > seen && fault.from <= Math.min(end, answered(outage.at(-1)!.from + 1));
      return (around.includes(fault) && fault.from === latest) || meanwhile;
    });
    const moments = own
      .flat()
      .map(noticed)
      .filter((at) => at >= fault.from);
    const since = (outage: Asked[]) => {
      const { from } = outage[0]!;
      return from > fault.from && answered(fault.from) <= from ? from : fault.from;
    };
    const times = own.map((outage) => answered(outage.at(-1)!.from + 1) - since(outage));
    const never = own.find((outage) => answered(outage.at(-1)!.from + 1) === Number.POSITIVE_INFINITY);
    return {
      ...(moments.length > 0 && { detected: Math.min(...moments) - fault.from }),
      ...(own.length > 0 && never === undefined && { repaired: Math.max(...times) }),
      ...(never !== undefined && { unrepaired: end - since(never) }),
    };
  });
}

function faultSpans({ events }: History): Stretch[] {
  const spans = new Map<number, { from: number; until: number }>();
  for (const event of events) {
    if (!isNemesis(event)) continue;
    const { fault, action } = event.value as { fault: number; action: string };
    if (action === 'apply') spans.set(fault, { from: event.time, until: Number.POSITIVE_INFINITY });
    else spans.get(fault)!.until = event.time;
  }
  return [...spans.values()];
}
