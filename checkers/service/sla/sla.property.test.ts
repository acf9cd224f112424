import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type History,
  isOperation,
  type Json,
  type Objectives,
  type Validity,
} from '../../../histories/index.ts';
import { comparisons } from '../../testing/comparisons.ts';
import { mapEvents, serviceHistories } from '../../testing/service-histories.ts';
import { sla } from './index.ts';
import {
  asked,
  burnMoments,
  effectsNaively,
  goodputOf,
  goodputWindows,
  latencyWindows,
  percentileOf,
  trafficIn,
} from './testing/naive.ts';

const RUNS = comparisons('sla');
const MS = 1e6;

const milliseconds = (...some: number[]) => fc.constantFrom(...some.map((time) => time * MS));
const share = fc.constantFrom(0, 0.5, 0.75, 0.9, 1);

/** One of each kind of objective, with bounds about as often kept as broken. */
const objectives = fc.record({
  deadline: milliseconds(1, 3, 10, 1000),
  availability: share,
  repairWithin: milliseconds(0, 5, 20, 1000),
  detectWithin: milliseconds(0, 2, 10, 1000),
  percentile: fc.constantFrom(0, 33.3, 50, 75, 99, 100),
  within: milliseconds(0, 1, 3, 30),
  window: milliseconds(1, 5, 10, 40),
  share,
  atLeast: fc.constantFrom(1, 2),
  perSecond: fc.constantFrom(0, 20, 100, 300),
  rate: fc.constantFrom(0.5, 1, 2, 5),
  short: fc.option(milliseconds(1, 5)),
  /** Which of the eight are stated. */
  stated: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
});

type Drawn = typeof objectives extends fc.Arbitrary<infer T> ? T : never;

/** All eight, in the order of the results. */
function statedBy(drawn: Drawn): Required<Omit<Objectives, 'trafficBefore' | 'scopes'>> {
  const { percentile, within, window, perSecond, atLeast, rate, short } = drawn;
  return {
    deadline: drawn.deadline,
    availability: drawn.availability,
    latency: [
      { percentile, within },
      { percentile, within, window, share: drawn.share, atLeast },
    ],
    goodput: [{ perSecond }, { perSecond, window, share: drawn.share }],
    burn: [{ rate, window, ...(short !== null && { short }) }],
    repairWithin: drawn.repairWithin,
    detectWithin: drawn.detectWithin,
  };
}

/** Those of the eight that are to be judged. */
function someOf(all: ReturnType<typeof statedBy>, stated: readonly boolean[]): Objectives {
  const [availability, whole, windows, goodput, goodputs, burn, repair, detection] = stated;
  return {
    deadline: all.deadline,
    // Burn rates need it.
    ...((availability || burn) && { availability: all.availability }),
    latency: all.latency.filter((_, nth) => (nth === 0 ? whole : windows)),
    goodput: all.goodput.filter((_, nth) => (nth === 0 ? goodput : goodputs)),
    burn: burn ? all.burn : [],
    ...(repair && { repairWithin: all.repairWithin }),
    ...(detection && { detectWithin: all.detectWithin }),
  };
}

/** Measured and whether met; null for what cannot be judged. */
type Expected = { readonly measured: Json; readonly met: boolean | null } & { readonly [more: string]: Json };

const NOT_JUDGED: Expected = { measured: null, met: null };

const shown = (time: number) => (Number.isFinite(time) ? time : 'not served');
const six = (figure: number) => Math.round(figure * 1e6) / 1e6;

function windowed(figures: readonly number[], keeps: (figure: number) => boolean, share: number) {
  const complied = figures.filter(keeps).length;
  return { windows: figures.length, complied, share, met: complied >= share * figures.length - 1e-9 };
}

function expectedOf(history: History, all: ReturnType<typeof statedBy>): Expected[] {
  const { deadline, availability, latency, goodput, burn } = all;
  const operations = asked(history);
  if (operations.length === 0) return [];
  const served = operations.filter(({ took }) => took <= deadline).length / operations.length;
  const percentile = percentileOf(operations, latency[0]!.percentile);
  const slow = latencyWindows(operations, latency[1]!);
  const traffic = trafficIn(history, operations, deadline);
  const rate = goodputOf(operations, deadline, traffic);
  const rates = goodputWindows(operations, deadline, traffic, goodput[1]!);
  const moments = burnMoments(operations, deadline, availability, burn[0]!);
  const fires = moments.some((moment) => moment.fires);
  const most = Math.max(...moments.map((moment) => moment.share));
  const effects = effectsNaively(history, { deadline, settle: deadline });
  const repair = Math.max(0, ...effects.map(({ repaired, unrepaired }) => unrepaired ?? repaired ?? 0));
  const detection = Math.max(0, ...effects.map(({ detected }) => detected ?? 0));
  const { within } = latency[0]!;
  const { perSecond } = goodput[0]!;
  const conditional = (measured: number, bound: number): Expected =>
    effects.length === 0 ? NOT_JUDGED : { measured, met: measured <= bound };
  return [
    { measured: six(served), met: served >= availability },
    { measured: shown(percentile), met: percentile <= within },
    slow.length === 0
      ? NOT_JUDGED
      : {
          measured: shown(Math.max(...slow)),
          ...windowed(slow, (figure) => figure <= within, latency[1]!.share!),
        },
    traffic.until === traffic.from ? NOT_JUDGED : { measured: six(rate), met: rate >= perSecond - 1e-9 },
    rates.length === 0
      ? NOT_JUDGED
      : {
          measured: six(Math.min(...rates)),
          ...windowed(rates, (figure) => figure >= perSecond - 1e-6, goodput[1]!.share!),
        },
    moments.length === 0
      ? NOT_JUDGED
      : {
          measured: availability < 1 ? six(most / (1 - availability)) : most === 0 ? 0 : 'infinite',
          met: !fires,
        },
    conditional(repair, all.repairWithin),
    conditional(detection, all.detectWithin),
  ];
}

function verdictFor(expected: readonly Expected[], isStated: readonly boolean[]): Validity {
  if (!isStated.includes(true)) return 'valid';
  const met = expected.map((result) => result.met).filter((_, nth) => isStated[nth]);
  if (met.includes(false)) return 'invalid';
  // The last two say something about faults: without any they need not be judged, if something else was.
  const unconditional = expected.slice(0, -2).filter((_, nth) => isStated[nth]);
  const unjudged = unconditional.some((result) => result.met === null);
  return unjudged || met.every((one) => one === null) ? 'unknown' : 'valid';
}

describe('sla', () => {
  it(`measures what the definitions say, over ${RUNS} small histories`, () => {
    const seen = { valid: 0, invalid: 0, unknown: 0 };
    const broken = new Map<string, number>();
    fc.assert(
      fc.property(serviceHistories, objectives, (history, drawn) => {
        const all = statedBy(drawn);
        const { validity, anomalies, figures } = sla.check(history, someOf(all, drawn.stated), {});
        seen[validity]++;
        const [, , , , , burn] = drawn.stated;
        const isStated = drawn.stated.map((one, nth) => one || (nth === 0 && burn === true));
        const expected = expectedOf(history, all);
        const chosen = expected.filter((_, nth) => isStated[nth]);
        const results = (figures.objectives as readonly { readonly [name: string]: Json }[]).map(
          (result, nth) =>
            Object.fromEntries(Object.keys(chosen[nth] ?? {}).map((name) => [name, result[name]])),
        );
        if (expected.length > 0 && !isDeepStrictEqual(results, chosen)) expect(results).toEqual(chosen);
        const wanted = verdictFor(expected, isStated);
        if (validity !== wanted) expect(validity).toBe(wanted);
        for (const { name, operations } of anomalies) {
          broken.set(name, (broken.get(name) ?? 0) + 1);
          const proves = (index: number) => isOperation(history.events[index]!);
          if (operations.length === 0 || !operations.every(proves)) expect(operations).toBe('proof');
        }
      }),
      { numRuns: RUNS },
    );
    expect(Math.min(seen.valid, seen.invalid, seen.unknown)).toBeGreaterThan(RUNS / 50);
    expect([...broken.keys()].sort()).toEqual([
      'sla-availability',
      'sla-burn',
      'sla-detection',
      'sla-goodput',
      'sla-latency',
      'sla-repair',
    ]);
    expect(Math.min(...broken.values())).toBeGreaterThan(RUNS / 100);
  });

  it('does not care when it was, how long a second is, or what anything is called', () => {
    fc.assert(
      fc.property(serviceHistories, objectives, fc.nat({ max: 1e9 }), (history, drawn, delay) => {
        const stated = statedBy(drawn);
        const judge = (one: History) => {
          const { validity, figures } = sla.check(one, stated, {});
          return { validity, objectives: figures.objectives, stages: figures.stages };
        };
        const before = judge(history);
        expect(judge(mapEvents(history, (event) => ({ ...event, time: event.time + delay })))).toEqual(
          before,
        );
        const renamed = mapEvents(history, (event) =>
          isOperation(event)
            ? { ...event, f: `${event.f}!`, key: `another ${event.key}`, process: event.process + 7 }
            : event,
        );
        expect(judge(renamed)).toEqual(before);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps a bound in every window if and only if it keeps it in every half of a window', () => {
    fc.assert(
      fc.property(serviceHistories, objectives, (history, { within, window, deadline, perSecond }) => {
        const metBy = (stated: Partial<Objectives>) => {
          const { figures } = sla.check(history, { deadline, ...stated }, {});
          return (figures.objectives as { met: boolean | null; windows: number }[])[0];
        };
        const latency = (length: number) => metBy({ latency: [{ percentile: 100, within, window: length }] });
        expect(latency(window * 2)?.met).toBe(latency(window)?.met);
        const goodput = (length: number) => metBy({ goodput: [{ perSecond, window: length }] });
        const whole = goodput(window * 2);
        const halves = goodput(window);
        if (halves?.met !== true || whole?.met === null) return;
        // Halves in which nobody asked are not judged, and do not help the whole.
        const { from, until } = trafficIn(history, asked(history), deadline);
        if (halves.windows === Math.floor((until - from) / window)) expect(whole?.met).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('is met by each scope of a division if it is met by none of its operations failing, and adds up', () => {
    fc.assert(
      fc.property(serviceHistories, (history) => {
        const scopes = ['read', 'write', 'cas'].map((f) => ({ name: f, f: [f], availability: 1 }));
        const { figures } = sla.check(history, { availability: 1, deadline: 3 * MS, scopes }, {});
        const [whole, ...parts] = figures.objectives as { measured: number; scope?: string }[];
        const operations = asked(history);
        if (operations.length === 0) return;
        const servedIn = parts.map(({ measured, scope }) => {
          const size = operations.filter(({ f }) => f === scope).length;
          return size === 0 ? 0 : measured * size;
        });
        const sum = servedIn.reduce((total, served) => total + served, 0);
        expect(sum / operations.length).toBeCloseTo(whole!.measured, 5);
      }),
      { numRuns: 300 },
    );
  });
});
