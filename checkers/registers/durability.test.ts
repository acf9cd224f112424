import { describe, expect, it } from 'vitest';
import { run } from '../testing/run.ts';
import { durability } from './durability.ts';

describe('durability', () => {
  it('is valid when the final reads see the last acknowledged writes', () => {
    const history = run(`
      0 write x=1 0..10
      0 write x=2 20..30
      1 write y=1 20..30
      phase final 40
      0 read x=2  50..60 @final
      1 read y=1  50..60 @final
    `);
    expect(durability.check(history, {}, {})).toEqual({
      checker: 'durability',
      validity: 'valid',
      anomalies: [],
      figures: {
        operations: 5,
        keys: 2,
        acknowledged: 3,
        keysWritten: 2,
        keysReadAtEnd: 2,
        finalReads: 2,
        lagging: 0,
        keysLost: 0,
      },
    });
  });

  it('finds the acknowledged write that a failover lost, and names the fault', () => {
    const history = run(`
      nemesis partition n1 15..35 #0 bit
      0 write x=1 0..10
      0 write x=2 20..30
      phase final 40
      1 read x=1  50..60 @final
    `);
    expect(durability.check(history, {}, {})).toEqual({
      checker: 'durability',
      validity: 'invalid',
      anomalies: [
        {
          name: 'lost-write',
          key: 'x',
          explanation:
            'Process 0 was told at 0.030 s that its write of x to 2, invoked at 0.020 s, succeeded. At the end process 1: read x = 1 (0.050 s - 0.060 s). That value was written before, by process 0: write x = 1 (0.000 s - 0.010 s): the acknowledged write is lost. In force meanwhile: partition of n1 (fault 0, 0.015 s - 0.035 s).',
          operations: [0, 1, 3, 4, 7, 8],
          data: {
            lost: 1,
            wrote: 2,
            acknowledgedAt: 30e6,
            saw: 1,
            sawAt: 60e6,
            finalReads: 1,
            firstLost: 3,
            faults: [0],
          },
        },
      ],
      figures: {
        operations: 3,
        keys: 1,
        acknowledged: 2,
        keysWritten: 1,
        keysReadAtEnd: 1,
        finalReads: 1,
        lagging: 0,
        keysLost: 1,
      },
    });
  });

  it.each([
    ['the initial value is back', '0 write x=1 0..10 \n 0 read x=null 50..60 @final'],
    ['a final read finds nothing', '0 write x=1 0..10 \n 0 read x 50..60 fail not-found @final'],
    ['an acknowledged cas is undone', '0 write x=1 0..5 \n 0 cas x=1>2 10..20 \n 0 read x=1 50..60 @final'],
    [
      'an indeterminate write, seen before, is back',
      '0 write x=1 0..5 info timeout \n 1 read x=1 6..8 \n 1 write x=2 10..20 \n 1 read x=1 50..60 @final',
    ],
    [
      'all writers of the value were over before',
      '0 write x=1 0..5 \n 1 write x=1 0..6 \n 1 write x=2 10..20 \n 1 read x=1 50..60 @final',
    ],
    ['a later read without the mark', '0 write x=1 0..10 \n phase final 30 \n 0 read x=null 50..60'],
  ])('is invalid: %s', (_, text) => {
    expect(durability.check(run(text), {}, {})).toMatchObject({
      validity: 'invalid',
      anomalies: [{ name: 'lost-write' }],
    });
  });

  it.each([
    [
      'an indeterminate write may take effect late',
      '0 write x=1 0..5 info timeout \n 1 write x=2 10..20 \n 1 read x=1 50..60 @final',
    ],
    [
      'an open write may take effect late',
      '0 write x=1 0.. \n 1 write x=2 10..20 \n 1 read x=1 50..60 @final',
    ],
    ['two concurrent writes', '0 write x=1 0..15 \n 1 write x=2 10..20 \n 1 read x=1 50..60 @final'],
    [
      'a cas back to the value',
      '0 write x=1 0..5 \n 1 write x=2 10..20 \n 2 cas x=2>1 12..40 info timeout \n 1 read x=1 50..60 @final',
    ],
    [
      'the same value written again, indeterminately',
      '0 write x=1 0..5 \n 1 write x=2 10..20 \n 2 write x=1 12..40 info timeout \n 1 read x=1 50..60 @final',
    ],
    [
      'a copy lags, but another final read sees the write',
      '0 write x=1 0..5 \n 0 write x=2 10..20 \n 1 read x=1 50..60 @final \n 0 read x=2 50..60 @final',
    ],
    [
      'a stale read before the end',
      '0 write x=1 0..5 \n 0 write x=2 10..20 \n 1 read x=1 25..30 \n 0 read x=2 50..60 @final',
    ],
    ['a value that nobody wrote', '0 write x=1 0..5 \n 1 read x=7 50..60 @final'],
    [
      'a value seen too early does not settle its writer',
      '1 read x=9 0..5 \n 0 write x=9 6..40 \n 1 write x=2 10..20 \n 1 read x=9 50..60 @final',
    ],
    [
      'a write that was not acknowledged',
      '0 write x=1 0..5 \n 0 write x=2 10..20 info timeout \n 1 read x=1 50..60 @final',
    ],
  ])('is valid: %s', (_, text) => {
    expect(durability.check(run(text), {}, {})).toMatchObject({ validity: 'valid', anomalies: [] });
  });

  it.each([
    [
      '0 write x=1 0..10 \n 0 read x=1 20..30',
      'no key has a final read that succeeded, of 1 key with acknowledged writes',
    ],
    ['0 write x=1 0..10 info timeout \n 1 read x=1 20..30 @final', 'no write was acknowledged'],
    ['0 read x=null 20..30 @final', 'no write was acknowledged'],
    ['', 'the history has no reads, writes or cas'],
    [
      '0 append x=1 0..10 \n 0 read x=1 20..30 @final',
      'no key can be judged as a register, because of the operations append (option "harmless" names those that change nothing)',
    ],
    [
      '0 txn =1 0..10 \n 0 write x=1 20..30 \n 0 read x=1 40..50 @final',
      'no key can be judged as a register, because of the operations txn (option "harmless" names those that change nothing)',
    ],
  ])('is unknown: %j', (text, reason) => {
    expect(durability.check(run(text), {}, {})).toMatchObject({ validity: 'unknown', reason });
  });

  it('judges other keys beside one with foreign operations, and all when they are harmless', () => {
    const history = run(`
      0 append x=1 0..10
      0 write y=1  20..30
      0 read y=1   40..50 @final
    `);
    expect(durability.check(history, {}, {})).toMatchObject({
      validity: 'valid',
      figures: { keys: 1, keysNotJudged: 1, foreign: ['append'] },
    });
    const figures = durability.check(history, { harmless: ['append'] }, {}).figures;
    expect(figures.keysNotJudged).toBeUndefined();
  });

  it('does not judge a system that claims no durability, unless asked to', () => {
    const claims = { consistency: 'eventual', durability: false, recoveryWithin: 0 };
    const history = run('0 write x=1 0..10 \n 0 read x=null 50..60 @final', { claims });
    expect(durability.check(history, {}, {})).toMatchObject({
      validity: 'valid',
      figures: { keysLost: 1, judged: 'durability is not claimed' },
    });
    expect(durability.check(history, { unclaimed: true }, {}).validity).toBe('invalid');
  });

  it('allows final reads the staleness that is claimed, and no more', () => {
    const claims = { consistency: 'eventual', durability: true, recoveryWithin: 0, stalenessWithin: 30e6 };
    const text = '0 write x=1 0..5 \n 0 write x=2 10..20 \n 0 write x=3 30..40 \n 1 read x=1 45..46 @final';
    expect(durability.check(run(text, { claims }), {}, {})).toMatchObject({
      validity: 'valid',
      figures: { keysLost: 0 },
    });
    expect(durability.check(run(text), { lag: 25e6 }, {})).toMatchObject({
      validity: 'invalid',
      anomalies: [{ data: { lost: 1, wrote: 2 } }],
    });
  });

  it('lists the key that lost least first', () => {
    const history = run(`
      0 write x=1 0..10
      0 write x=2 20..30
      1 write y=1 20..30
      0 read x=1  50..60 @final
      1 read y=null 50..60 @final
    `);
    expect(durability.check(history, {}, {}).anomalies.map(({ key }) => key)).toEqual(['y', 'x']);
  });
});
