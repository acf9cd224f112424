import { describe, expect, it } from 'vitest';
import { check, tokenStream } from '../../checkers/index.ts';
import { type Json, MILLISECOND, type Plan, SECOND } from '../../harness/contract/index.ts';
import { caught, complaints, type Trial, trial } from '../testing/trial.ts';
import { inferenceRouter } from './index.ts';
import type { Routing } from './options.ts';

const short = { time: 5 * SECOND };

const figures = ({ history }: Trial) =>
  check(history, tokenStream).figures as {
    prefixHitRate: number;
    firstToken: { p50: number; p90: number };
    gap: { p50: number; max: number };
  };

describe('inference-router', () => {
  it.each([1, 2, 3])('keeps its promises under what it tolerates, seed %i', async (seed) => {
    expect(complaints(await trial(inferenceRouter, seed, short))).toEqual([]);
  });

  it.each<Json>([
    { routing: 'round-robin' },
    { routing: 'prefix' },
    { cacheBlocks: 10 },
    { batch: 1, prefillChunk: 1 },
  ])('is valid without faults, with %j', async (options) => {
    expect(complaints(await trial(inferenceRouter, 1, { ...short, faults: [], options }))).toEqual([]);
  });

  it.each([
    ['matches-block-alone', ['kill']],
    ['ejects-for-good', ['kill', 'crash']],
  ])('%s is caught, and only the flaw is to blame', async (flaw, faults) => {
    expect(await caught(inferenceRouter, flaw, { faults }, 25)).toMatchObject({ without: [] });
  });

  it('cache-not-checked is caught: flipped bits that error correction misses', async () => {
    const flips = Array.from({ length: 60 }, (_, nth) => ({
      at: SECOND + nth * 50 * MILLISECOND,
      fault: 'memory-bit-flip',
      target: { hosts: ['worker1', 'worker2', 'worker3', 'worker4'] },
      parameters: { bits: 3 },
    }));
    const request = { ...short, schedule: flips satisfies Plan['schedule'], clients: 10, rate: 100 };
    expect(complaints(await trial(inferenceRouter, 1, { ...request, flaw: 'cache-not-checked' }))).toContain(
      'assertions/assertion',
    );
    expect(complaints(await trial(inferenceRouter, 1, request))).toEqual([]);
  });
});

describe('routing', () => {
  const busy = async (routing: Routing, beginnings: number) =>
    figures(
      await trial(inferenceRouter, 1, {
        time: 5 * SECOND,
        faults: [],
        clients: 40,
        rate: 120,
        workload: { name: 'prompts', options: { beginnings } },
        options: { routing, cacheBlocks: 400, prefillPerBlock: 3 * MILLISECOND },
      }),
    );

  it('by prefix computes less than in turn, and answers sooner', async () => {
    const [inTurn, byPrefix] = [await busy('round-robin', 4), await busy('prefix', 4)];
    expect(byPrefix.prefixHitRate).toBeGreaterThan(inTurn.prefixHitRate + 0.1);
    expect(byPrefix.firstToken.p90).toBeLessThan(inTurn.firstToken.p90 / 1.5);
  });

  it('needs an eye on the load, where all prompts begin alike: one worker would have them all', async () => {
    const [byPrefix, both] = [await busy('prefix', 1), await busy('prefix-and-load', 1)];
    expect(both.firstToken.p90).toBeLessThan(byPrefix.firstToken.p90 / 2);
  });
});

it('a pause of a worker is a gap between two tokens', async () => {
  const pause: Plan['schedule'] = ['worker1', 'worker2', 'worker3', 'worker4'].map((host, nth) => ({
    at: (1 + nth) * SECOND,
    for: 400 * MILLISECOND,
    fault: 'pause-process',
    target: { hosts: [host] },
    parameters: {},
  }));
  const workload = { name: 'prompts', options: { tokens: 40 } };
  const request = { ...short, clients: 10, rate: 50, workload };
  const calm = await trial(inferenceRouter, 1, { ...request, faults: [] });
  const paused = await trial(inferenceRouter, 1, { ...request, schedule: pause });
  expect(figures(calm).gap.max).toBeLessThan(100 * MILLISECOND);
  expect(figures(paused).gap.max).toBeGreaterThan(300 * MILLISECOND);
  expect(
    check(paused.history, tokenStream, { gapWithin: 200 * MILLISECOND, percentile: 100 }).anomalies[0]?.name,
  ).toBe('long-gap');
});
