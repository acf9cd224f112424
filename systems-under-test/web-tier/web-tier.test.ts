import { describe, expect, it } from 'vitest';
import { type Json, MILLISECOND, type Plan, SECOND } from '../../harness/contract/index.ts';
import type { HistoryEvent } from '../../histories/index.ts';
import { caught, complaints, trial } from '../testing/trial.ts';
import { webTier } from './index.ts';

const short = { time: 5 * SECOND };

const notes = (events: readonly HistoryEvent[], kind: string) =>
  events.flatMap((event) => ('kind' in event && event.kind === kind ? [event] : []));

describe('web-tier', () => {
  it.each([1, 2, 3])('keeps its promises under what it tolerates, seed %i', async (seed) => {
    expect(complaints(await trial(webTier, seed, short))).toEqual([]);
  });

  it.each<Json>([
    { balancer: 'random', frontEndsMost: 3 },
    { balancer: 'round-robin', balancers: 1, shedding: 'hopeless' },
    { balancer: 'least-outstanding', retryBudget: 0, attempts: 4, shedding: 'none', queueBound: 0 },
  ])('is valid without faults, with %j', async (options) => {
    expect(complaints(await trial(webTier, 1, { ...short, faults: [], options }))).toEqual([]);
  });

  it.each([
    ['state-in-front-end', ['kill']],
    ['forgets-earlier-attempts', ['kill']],
    ['new-number-for-a-retry', ['reply-loss', 'pause-process']],
    ['ejects-for-good', ['kill', 'crash']],
  ])('%s is caught, and only the flaw is to blame', async (flaw, faults) => {
    expect(await caught(webTier, flaw, { faults }, 25)).toMatchObject({ without: [] });
  });

  it('serves visits while the store is away, and nothing else', async () => {
    const schedule: Plan['schedule'] = [
      { at: SECOND, for: 2 * SECOND, fault: 'kill', target: { hosts: ['store1'] }, parameters: {} },
    ];
    const { events } = await trial(webTier, 1, { ...short, schedule });
    const during = events.flatMap((event) =>
      'f' in event && 'process' in event && event.time > 2.5 * SECOND && event.time < 4 * SECOND
        ? [event]
        : [],
    );
    const served = new Set(during.filter(({ type }) => type === 'ok').map(({ f }) => f));
    expect([...served]).toEqual(['visit']);
  });

  it('starts front ends when the load comes, and takes them away when it is gone', async () => {
    const changes = [
      { at: 2 * SECOND, perSecond: 600 },
      { at: 8 * SECOND, perSecond: 20 },
    ];
    const { events } = await trial(webTier, 1, {
      time: 20 * SECOND,
      faults: [],
      clients: 60,
      options: { frontEnds: 2, frontEndsMost: 6, startUp: SECOND },
      workload: { name: 'requests', options: { perSecond: 20, changes, costMean: 15 * MILLISECOND } },
    });
    const sizes = notes(events, 'members').map(({ time, data }) => ({
      time,
      size: (data as { members: string[] }).members.length,
    }));
    const most = sizes.reduce((largest, { size }) => Math.max(largest, size), 0);
    expect(sizes[0]!.size).toBe(2);
    expect(most).toBeGreaterThan(3);
    expect(most).toBeLessThanOrEqual(6);
    expect(sizes.find(({ size }) => size > 2)!.time).toBeGreaterThan(3 * SECOND);
    expect(sizes.at(-1)!.size).toBeLessThan(most);
  });
});
