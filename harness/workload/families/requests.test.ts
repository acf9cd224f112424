import { describe, expect, it } from 'vitest';
import { SECOND } from '../../contract/index.ts';
import { simulate } from '../index.ts';
import { seededDraws } from '../testing/lines.ts';
import { type RequestsOptions, requests } from './requests.ts';

const run = (options: Partial<RequestsOptions>, most = 1000) =>
  simulate(requests.main(options as RequestsOptions), { threads: 20, draws: seededDraws(), most }).filter(
    ({ type }) => type === 'invoke',
  );

const visits = { readShare: 0, writeShare: 0, casShare: 0 };
const costs = (options: Partial<RequestsOptions>) =>
  run({ ...visits, costMean: 1000, ...options }, 5000).map(({ value }) => value as number);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('requests', () => {
  it('visits, reads and writes in the given shares', () => {
    const of = (f: string) => run({}).filter((operation) => operation.f === f).length / 1000;
    expect(of('visit')).toBeCloseTo(1 / 3, 1);
    expect(of('read')).toBeCloseTo(1 / 3, 1);
  });

  it('draws costs with the stated mean, however they are distributed', () => {
    expect(new Set(costs({ cost: 'deterministic' }))).toEqual(new Set([1000]));
    expect(Math.abs(mean(costs({ cost: 'exponential' })) / 1000 - 1)).toBeLessThan(0.05);
    const bimodal = costs({ cost: 'bimodal', heavyShare: 0.1, heavyTimes: 10 });
    expect(new Set(bimodal)).toEqual(new Set([526, 5263]));
    expect(Math.abs(mean(bimodal) / 1000 - 1)).toBeLessThan(0.05);
  });

  it('asks for one key above all, if there is a hot one', () => {
    const keys = run({ visitShare: 0, hotShare: 0.8, keys: 10 }).map(({ key }) => key);
    expect(keys.filter((key) => key === 'k0').length / keys.length).toBeCloseTo(0.82, 1);
  });

  it('arrives at its own pace, which changes, on all threads in turn', () => {
    const operations = run({ ...visits, perSecond: 100, changes: [{ at: SECOND, perSecond: 1000 }] }, 1100);
    const before = operations.filter(({ time }) => time < SECOND).length;
    const during = operations.filter(({ time }) => time >= SECOND && time < 1.5 * SECOND).length;
    expect(Math.abs(before - 100)).toBeLessThan(30);
    expect(Math.abs(during - 500)).toBeLessThan(70);
    expect(operations.slice(0, 22).map(({ thread }) => thread)).toEqual([...Array(20).keys(), 0, 1]);
  });

  it('ends after the stated number, and when the rate is 0 for good', () => {
    expect(run({ most: 7 }).length).toBe(7);
    const ended = run({ perSecond: 1000, changes: [{ at: SECOND / 10, perSecond: 0 }] });
    expect(ended.length).toBeLessThan(150);
  });

  it('refuses changes that are not in the order of time', () => {
    const changes = [
      { at: 2, perSecond: 1 },
      { at: 1, perSecond: 1 },
    ];
    expect(() => run({ perSecond: 1, changes })).toThrow('in the order of time, got 1 after 2');
  });
});
