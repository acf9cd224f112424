import { describe, expect, it } from 'vitest';
import { cacheHitRate, check, staleness } from '../../checkers/index.ts';
import { type Json, MILLISECOND, type Plan, SECOND } from '../../harness/contract/index.ts';
import { isObservation, isOperation } from '../../histories/index.ts';
import { caught, complaints, type Trial, type TrialRequest, trial } from '../testing/trial.ts';
import { edgeCache } from './index.ts';

const short = { time: 5 * SECOND };

describe('edge-cache', () => {
  it.each([1, 2, 3])('keeps its promises under what it tolerates, seed %i', async (seed) => {
    expect(complaints(await trial(edgeCache, seed, short))).toEqual([]);
  });

  it.each<Json>([
    { purge: 'none' },
    { purge: 'confirmed' },
    { staleWhileRevalidate: 0, staleIfError: 0 },
    { edges: 1 },
  ])('is valid without faults, with %j', async (options) => {
    expect(complaints(await trial(edgeCache, 1, { ...short, faults: [], options }))).toEqual([]);
  });

  it.each([
    ['fills-after-purge', ['packet-delay', 'packet-reorder']],
    ['hit-renews', ['cable-cut']],
    ['error-renews', ['cable-cut', 'switch-down']],
    ['caches-error-pages', ['kill', 'cable-cut']],
  ])('%s is caught, and only the flaw is to blame', async (flaw, faults) => {
    expect(await caught(edgeCache, flaw, { faults }, 40)).toMatchObject({ without: [] });
  });
});

const busy: TrialRequest = {
  time: 6 * SECOND,
  faults: [],
  clients: 9,
  rate: 200,
  workload: { name: 'register', options: { keys: 10, readShare: 40, writeShare: 1, casShare: 0 } },
};

/** The oldest value that was read, in milliseconds, as the checker can prove it. */
async function oldestRead(options: Json): Promise<number> {
  const { history } = await trial(edgeCache, 1, { ...busy, options });
  const ages = [0, 20, 100, 300, 600, 900].filter(
    (age) => check(history, staleness, { within: age * MILLISECOND }).validity === 'invalid',
  );
  return Math.max(-1, ...ages);
}

it('a purge reaches the edges in the time of a message; without one, the time to live must pass', async () => {
  expect(await oldestRead({ purge: 'none' })).toBeGreaterThanOrEqual(600);
  expect(await oldestRead({ purge: 'background', distance: 20 * MILLISECOND })).toBeLessThanOrEqual(20);
  expect(await oldestRead({ purge: 'confirmed', distance: 20 * MILLISECOND })).toBe(-1);
});

const reads = ({ events }: Trial, from: number, until: number) =>
  events.flatMap((event) =>
    isOperation(event) &&
    event.type !== 'invoke' &&
    event.f === 'read' &&
    event.time >= from &&
    event.time < until
      ? [event]
      : [],
  );

describe('the origin', () => {
  it('is spared most of the reads', async () => {
    const { history } = await trial(edgeCache, 1, busy);
    expect(check(history, cacheHitRate, { floor: 0.7, warmUp: SECOND }).validity).toBe('valid');
    const nothingKept = await trial(edgeCache, 1, {
      ...busy,
      options: { ttl: 0, staleWhileRevalidate: 0, staleIfError: 0 },
    });
    expect(check(nothingKept.history, cacheHitRate).figures.rate).toBe(0);
  });

  const away: Plan['schedule'] = [
    { at: 2 * SECOND, for: 2 * SECOND, fault: 'kill', target: { hosts: ['origin1'] }, parameters: {} },
  ];
  const whileAway = async (options: Json) => {
    const run = await trial(edgeCache, 1, { ...busy, schedule: away, options });
    const answers = reads(run, 4.4 * SECOND, 5 * SECOND);
    const how = run.events.flatMap((event) =>
      isObservation(event) && event.kind === 'cache' && event.time >= 4.4 * SECOND && event.time < 5 * SECOND
        ? [(event.data as { how: string }).how]
        : [],
    );
    return { served: answers.filter(({ type }) => type === 'ok').length / answers.length, how: new Set(how) };
  };

  it('may be away: the edges serve what is stale, and say so', async () => {
    const { served, how } = await whileAway({});
    expect(served).toBeGreaterThan(0.9);
    expect([...how]).toEqual(['if-error']);
  });

  it('may not be away for long where nothing stale is served', async () => {
    expect((await whileAway({ staleIfError: 0, staleWhileRevalidate: 0 })).served).toBeLessThan(0.1);
  });
});
