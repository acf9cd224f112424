import { describe, expect, it } from 'vitest';
import { CHECKPOINTED, FAILURES, REPAIR, SECOND } from '../../bench/training/jobs.ts';
import { simulateTraining } from '../../bench/training/simulate.ts';
import { dalysGoodput, youngsInterval } from './optimum.ts';

const [job, failures, repair] = [CHECKPOINTED, FAILURES, REPAIR];

describe('a training job', () => {
  it('comes to the state that so many steps give, whatever fails', async () => {
    const hardship = { failures, repair, storePower: 3000 * SECOND, flips: 3000 * SECOND };
    const result = await simulateTraining({ ...job, workers: 4 }, hardship, 50_000 * SECOND, 1);
    expect(result).toMatchObject({ wrong: 0, violations: [] });
    expect(result.failures).toBeGreaterThan(10);
    expect(result.step).toBeGreaterThan(2000);
  });

  it('finds a flipped bit, goes back, and does it again', async () => {
    const result = await simulateTraining(job, { repair, flips: 1000 * SECOND }, 50_000 * SECOND, 1);
    expect(result).toMatchObject({ wrong: 0, violations: [] });
    expect(result.flips).toBeGreaterThan(30);
    // Two within one step are found together.
    expect(result.flipsFound).toBeGreaterThan(0.9 * result.flips);
    expect(result.redone).toBeGreaterThan(result.flipsFound);
  });

  it('does most with Young’s interval: a quarter of it, and four times, are worse', async () => {
    const every = youngsInterval(job.checkpointTime, failures) / job.stepTime;
    expect(every).toBe(20);
    const goodputs: number[][] = [];
    for (const seed of [1, 2, 3]) {
      const row: number[] = [];
      for (const factor of [0.25, 1, 4]) {
        const run = { ...job, every: every * factor };
        row.push((await simulateTraining(run, { failures, repair }, 100_000 * SECOND, seed)).goodput);
      }
      goodputs.push(row);
    }
    for (const [often, best, seldom] of goodputs) {
      expect(best! - often!).toBeGreaterThan(0.05);
      expect(best! - seldom!).toBeGreaterThan(0.05);
    }
  });

  it.each([
    ['written-in-place', { failures, repair, storePower: 500 * SECOND }],
    ['mixed-steps', { failures: 300 * SECOND, repair, storePower: 300 * SECOND }],
    ['state-not-compared', { repair, flips: 1000 * SECOND }],
  ] as const)('with the flaw %s does not', async (flaw, hardship) => {
    const time = 50_000 * SECOND;
    const flawed = await simulateTraining({ ...job, flaw }, hardship, time, 1);
    expect(flawed.wrong + flawed.violations.length).toBeGreaterThan(0);
    const sound = await simulateTraining(job, hardship, time, 1);
    expect(sound).toMatchObject({ wrong: 0, violations: [] });
  });
});

describe('the formulas', () => {
  it('agree: the best of Daly’s goodputs is near Young’s interval', () => {
    const work = Array.from({ length: 100 }, (_, nth) => (nth + 1) * 10 * SECOND);
    const goodputs = work.map((each) => dalysGoodput(each, job.checkpointTime, 0, failures));
    const best = work[goodputs.indexOf(Math.max(...goodputs))]!;
    expect(Math.abs(best - youngsInterval(job.checkpointTime, failures))).toBeLessThanOrEqual(10 * SECOND);
  });
});
