import { describe, expect, it } from 'vitest';
import { SECOND } from '../../harness/contract/index.ts';
import { seededDraws } from '../../harness/workload/testing/lines.ts';
import { type Policy, policy } from './policies.ts';
import { RetryBudget } from './retry-budget.ts';
import { Scaling } from './scaling.ts';

describe('balancing policies', () => {
  const servers = ['a', 'b', 'c'];
  const outstanding = (name: string) => ({ a: 5, b: 0, c: 9 })[name]!;
  const picks = (name: Policy, count: number) => {
    const choose = policy(name, seededDraws()(0, 0));
    return Array.from({ length: count }, () => choose(servers, outstanding));
  };
  it('round robin takes turns', () => {
    expect(picks('round-robin', 4)).toEqual(['a', 'b', 'c', 'a']);
  });
  it('least outstanding takes the idlest', () => {
    expect(new Set(picks('least-outstanding', 20))).toEqual(new Set(['b']));
  });
  it('two choices never take the busiest, and now and then not the idlest', () => {
    expect(new Set(picks('power-of-two', 50))).toEqual(new Set(['a', 'b']));
  });
  it('random takes all', () => {
    expect(new Set(picks('random', 50))).toEqual(new Set(servers));
  });
  it('all take the only one', () => {
    for (const name of ['random', 'round-robin', 'least-outstanding', 'power-of-two'] as const)
      expect(policy(name, seededDraws()(0, 0))(['a'], outstanding)).toBe('a');
  });
});

describe('a retry budget', () => {
  it('grants a share of the requests, and saves up to ten', () => {
    const budget = new RetryBudget(0.5);
    expect(budget.take()).toBe(false);
    for (let n = 0; n < 100; n++) budget.request();
    const granted = Array.from({ length: 20 }, () => budget.take()).filter((yes) => yes).length;
    expect(granted).toBe(10);
  });
  it('of 0 has no bound', () => {
    expect(new RetryBudget(0).take()).toBe(true);
  });
});

describe('scaling', () => {
  const options = { least: 2, most: 5, target: 0.5 };
  it('goes up at once with the load, to the bound', () => {
    const scaling = new Scaling(options);
    expect(scaling.look(SECOND, 1.4 * SECOND, 0, true)).toBe(3);
    expect(scaling.look(SECOND, 2 * SECOND, 100 * SECOND, true)).toBe(5);
  });
  it('goes down late, one at a time, and not while somebody says nothing', () => {
    const scaling = new Scaling(options);
    scaling.look(SECOND, 2 * SECOND, 0, true);
    const idle = (complete: boolean) => Array.from({ length: 6 }, () => scaling.look(SECOND, 0, 0, complete));
    expect(idle(false)).toEqual([4, 4, 4, 4, 4, 4]);
    expect(idle(true)).toEqual([4, 4, 4, 4, 4, 3]);
  });
});
