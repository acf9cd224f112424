import { describe, expect, it } from 'vitest';
import { balanced } from '../../bench/queueing/balancing.ts';
import { burst, overloaded, storm } from '../../bench/queueing/overload.ts';
import { measuredWaitingTime, type Queue, waitingTime } from '../../bench/queueing/waiting.ts';
import { SECOND } from '../../harness/contract/index.ts';
import type { Policy } from './policies.ts';

// What theory says of queues emerges from CPU time alone. Few customers here; `npm run soak -- --only queueing` has more, and more loads.

describe('one front end, waiting time against theory', () => {
  const measurement = { replications: 30, warmUp: 2 * SECOND, time: 4 * SECOND, base: 1 };

  it.each<Queue>([
    { cost: 'exponential', load: 0.5 },
    { cost: 'deterministic', load: 0.5 },
  ])('is that of M/G/1 within its confidence interval, %j', async (queue) => {
    const { mean, half } = await measuredWaitingTime(queue, measurement);
    const theory = waitingTime(queue);
    expect(half / theory).toBeLessThan(0.2);
    expect(Math.abs(mean - theory)).toBeLessThan(half);
  });
});

describe('ten requests a second, a thousand at once', () => {
  it('answers the last one after a hundred seconds', async () => {
    const visits = await burst(1000);
    const last = visits.at(-1)!;
    expect(visits.every(({ ok }) => ok)).toBe(true);
    expect((last.at + last.latency) / SECOND).toBeCloseTo(100, 1);
  });

  it('tells most at once that it is busy, if they wait for two seconds only', async () => {
    const visits = await burst(1000, { patience: 2 * SECOND });
    const refused = visits.filter(({ error }) => error === 'busy');
    expect(visits.filter(({ ok }) => ok).length).toBe(20);
    expect(refused.length).toBe(980);
    expect(Math.max(...refused.map(({ latency }) => latency))).toBeLessThan(2 * SECOND);
  });
});

it('the delay grows by a second each second while arrivals are twice the capacity', async () => {
  const visits = await overloaded(2, 4 * SECOND);
  const around = (time: number) => visits.find(({ at }) => at >= time * SECOND)!;
  for (const time of [1, 2, 3]) {
    const { latency, cost } = around(time);
    expect(Math.abs((latency - cost) / SECOND - time)).toBeLessThan(0.2);
  }
});

describe('a spike of two seconds at half the capacity', () => {
  it('keeps the service down for good if clients retry as they like', async () => {
    const { before, after } = await storm({ retryBudget: 0, shedding: 'none' });
    expect(before).toBeGreaterThan(0.9);
    expect(after).toBeLessThan(0.05);
  });

  it('is needed: without it nothing happens', async () => {
    expect((await storm({ retryBudget: 0, shedding: 'none', times: 1 })).after).toBeGreaterThan(0.8);
  });

  it.each([
    { retryBudget: 0.1, shedding: 'none' },
    { retryBudget: 0, shedding: 'expired' },
  ] as const)('passes with %j', async (cure) => {
    expect((await storm(cure)).after).toBeGreaterThan(0.8);
  });

  it('of a hundred times the users leaves those served whom there is time for', async () => {
    const spike = { times: 100, triggerFor: SECOND };
    const plain = await storm({ retryBudget: 0, shedding: 'none', ...spike });
    const cured = await storm({ retryBudget: 0.1, shedding: 'hopeless', ...spike });
    expect(plain.after).toBeLessThan(0.05);
    expect(cured.after).toBeGreaterThan(0.9);
    expect(cured.during).toBeGreaterThan(2 * plain.during);
  });
});

describe('the tail of the latency', () => {
  const tails = async (fleet: Omit<Parameters<typeof balanced>[1], 'time' | 'seed'>) => {
    const of = async (policy: Policy) =>
      (await balanced(policy, { ...fleet, time: 10 * SECOND, seed: 1 })).tail;
    return {
      random: await of('random'),
      roundRobin: await of('round-robin'),
      powerOfTwo: await of('power-of-two'),
      leastOutstanding: await of('least-outstanding'),
    };
  };

  it('with one slow front end and unequal requests needs a balancer that looks', async () => {
    const { random, roundRobin, powerOfTwo, leastOutstanding } = await tails({
      speeds: [1, 1, 1, 0.5],
      cost: 'bimodal',
      load: 0.5,
    });
    for (const blind of [random, roundRobin])
      for (const looking of [powerOfTwo, leastOutstanding]) expect(looking).toBeLessThan(blind / 2);
  });

  it('is as short with round robin, if all front ends and all requests are equal', async () => {
    const { random, roundRobin, leastOutstanding } = await tails({
      speeds: [1, 1, 1, 1],
      cost: 'deterministic',
      load: 0.7,
    });
    expect(roundRobin).toBeLessThan(random / 2);
    expect(roundRobin).toBeLessThan(1.2 * leastOutstanding);
  });
});
