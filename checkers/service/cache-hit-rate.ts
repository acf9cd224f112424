import { type History, isObservation, type Observation } from '../../histories/index.ts';
import type { Anomaly, Checker } from '../checker.ts';
import { asObject, faultsInWords, faultsOf, inForce } from '../shared/timeline.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { plural, seconds } from '../shared/words.ts';
import { percent, rounded } from './service.ts';
import { enough, windowAt, windowOf } from './windows.ts';

export type CacheHitRateOptions = {
  /** Kind of the notes `{hit: boolean}`. Notes of the kinds `hit` and `miss` always count. */
  readonly kind?: string;
  /** Share of the lookups that must hit, 0..1. */
  readonly floor?: number;
  /** Judges windows of so many nanoseconds, one after the other from the first lookup on. */
  readonly window?: number;
  /** Share of the windows that must keep the floor. */
  readonly share?: number;
  /** Windows with fewer lookups are not judged. */
  readonly atLeast?: number;
  /** So long after the first lookup caches may still be cold. Nanoseconds; lookups until then do not count. */
  readonly warmUp?: number;
};

const KIND = 'cache';

interface Lookup {
  readonly note: Observation;
  readonly hit: boolean;
}

interface Counted {
  readonly nth: number;
  readonly lookups: readonly Lookup[];
  readonly rate: number;
}

/**
 * The share of lookups that the caches answer, from their own notes.
 * - `low-hit-rate`: it is below the floor, as a whole or in too many windows.
 * Without a floor it only counts; with one it is unknown if there was no lookup to judge.
 */
export const cacheHitRate: Checker<CacheHitRateOptions> = {
  name: 'cache-hit-rate',
  summary: 'caches answer at least the stated share of the lookups, as a whole or by window',
  cost: 'O(n)',
  options: {
    type: 'object',
    properties: {
      kind: { description: 'kind of the notes {hit: boolean}', type: 'string', default: KIND },
      floor: { description: 'share of the lookups that must hit', type: 'number', minimum: 0, maximum: 1 },
      window: { description: 'nanoseconds', type: 'integer', minimum: 1 },
      share: {
        description: 'share of the windows that must keep the floor',
        type: 'number',
        minimum: 0,
        maximum: 1,
      },
      atLeast: { description: 'windows with fewer lookups are not judged', type: 'integer', minimum: 1 },
      warmUp: {
        description: 'nanoseconds from the first lookup that do not count',
        type: 'integer',
        minimum: 0,
      },
    },
    additionalProperties: false,
  },
  check(history, options) {
    const { floor, warmUp = 0 } = options;
    const all = lookupsOf(history, options.kind ?? KIND);
    const start = (all[0]?.note.time ?? 0) + warmUp;
    const lookups = all.filter(({ note }) => note.time >= start);
    const hits = lookups.filter(({ hit }) => hit).length;
    const windows = windowsOf(lookups, start, options);
    const reason =
      floor === undefined || windows.length > 0
        ? undefined
        : lookups.length === 0
          ? 'no cache noted a lookup after the warm-up'
          : `no window has ${plural(options.atLeast ?? 1, 'lookup')}`;
    return verdictOf(
      this.name,
      {
        anomalies: floor === undefined ? [] : anomaliesOf(windows, start, floor, history, options),
        ...(reason !== undefined && { reason }),
      },
      {
        lookups: lookups.length,
        hits,
        rate: lookups.length === 0 ? null : rounded(hits / lookups.length),
        byHost: byHost(lookups),
        ...(options.window !== undefined && {
          windows: windows.length,
          lowest: windows.length === 0 ? null : rounded(Math.min(...windows.map(({ rate }) => rate))),
        }),
        ...(floor === undefined && { judged: 'no floor is stated' }),
      },
    );
  },
};

function lookupsOf({ events }: History, kind: string): Lookup[] {
  const lookups: Lookup[] = [];
  for (const event of events) {
    if (!isObservation(event) || event.type !== 'note') continue;
    const said = event.kind === kind ? asObject(event.data)?.hit : undefined;
    if (typeof said === 'boolean') lookups.push({ note: event, hit: said });
    else if (event.kind === 'hit' || event.kind === 'miss')
      lookups.push({ note: event, hit: event.kind === 'hit' });
  }
  return lookups;
}

function byHost(lookups: readonly Lookup[]): { [host: string]: { lookups: number; rate: number | null } } {
  const hosts = new Map<string, { lookups: number; hits: number }>();
  for (const { note, hit } of lookups) {
    const counts = hosts.get(note.host) ?? { lookups: 0, hits: 0 };
    counts.lookups++;
    if (hit) counts.hits++;
    hosts.set(note.host, counts);
  }
  const sorted = [...hosts].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    sorted.map(([host, { lookups: count, hits }]) => [host, { lookups: count, rate: rounded(hits / count) }]),
  );
}

/** Those with enough lookups; a single one of all lookups if no length is stated. */
function windowsOf(
  lookups: readonly Lookup[],
  start: number,
  { window, atLeast = 1 }: CacheHitRateOptions,
): Counted[] {
  const groups = new Map<number, Lookup[]>();
  for (const lookup of lookups) {
    const nth = window === undefined ? 0 : windowOf(start, window, lookup.note.time);
    const group = groups.get(nth);
    if (group === undefined) groups.set(nth, [lookup]);
    else group.push(lookup);
  }
  return [...groups].flatMap(([nth, some]) =>
    some.length < atLeast
      ? []
      : [{ nth, lookups: some, rate: some.filter(({ hit }) => hit).length / some.length }],
  );
}

function anomaliesOf(
  windows: readonly Counted[],
  start: number,
  floor: number,
  history: History,
  { window, share = 1 }: CacheHitRateOptions,
): Anomaly[] {
  const broken = windows.filter(({ rate }) => rate < floor - 1e-9);
  if (broken.length === 0 || enough(windows.length - broken.length, windows.length, share)) return [];
  const worst = broken.reduce((least, one) => (one.rate < least.rate ? one : least));
  const misses = worst.lookups.filter(({ hit }) => !hit);
  const span =
    window === undefined
      ? { from: start, until: worst.lookups.at(-1)!.note.time }
      : windowAt(start, window, worst.nth);
  const counts = `${worst.lookups.length - misses.length} of ${plural(worst.lookups.length, 'lookup')} hit, ${percent(worst.rate)}`;
  const around = faultsInWords(inForce(faultsOf(history), span.from, span.until));
  const explanation =
    window === undefined
      ? `From ${seconds(span.from)} to ${seconds(span.until)} ${counts} instead of at least ${percent(floor)}. ${around}`
      : `In ${broken.length} of ${plural(windows.length, 'window')} of ${seconds(window)} fewer than ${percent(floor)} of the lookups hit; ${percent(share)} of the windows must reach that. The worst window is ${seconds(span.from)} - ${seconds(span.until)}: ${counts}. ${around}`;
  return [
    {
      name: 'low-hit-rate',
      explanation,
      operations: misses.slice(0, 3).map(({ note }) => note.index),
      data: { floor, ...span, lookups: worst.lookups.length, rate: worst.rate, broken: broken.length },
    },
  ];
}
