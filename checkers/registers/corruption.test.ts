import { describe, expect, it } from 'vitest';
import { run } from '../testing/run.ts';
import { corruption } from './corruption.ts';

describe('corruption', () => {
  it('is valid when reads see what was written, be it indeterminate or still under way', () => {
    const history = run(`
      0 read x=null 0..5
      0 write x=1   10..20
      1 read x=1    12..15
      1 write x=2   20..30 info timeout
      0 read x=2    40..50
      0 cas x=2>3   50..60
      0 read x=3    70..80
    `);
    expect(corruption.check(history, {}, {})).toEqual({
      checker: 'corruption',
      validity: 'valid',
      anomalies: [],
      figures: {
        operations: 7,
        keys: 1,
        sights: 5,
        impossible: { 'garbage-read': 0, 'aborted-read': 0, 'future-read': 0 },
      },
    });
  });

  it('finds a value that nobody wrote, once, with the first read', () => {
    const history = run(`
      nemesis disk-flip n1 2..2 #0 bit
      0 write x=1 0..1
      0 read x=5  10..20
      1 read x=5  20..30
    `);
    expect(corruption.check(history, {}, {})).toEqual({
      checker: 'corruption',
      validity: 'invalid',
      anomalies: [
        {
          name: 'garbage-read',
          key: 'x',
          explanation:
            'Process 0 saw 5 as the value of x (process 0: read x = 5 (0.010 s - 0.020 s)), but nobody ever tried to write that value. It was seen 2 times in all. In force before that: disk-flip of n1 (fault 0, at 0.002 s).',
          operations: [4, 5],
          data: { saw: 5, count: 2 },
        },
      ],
      figures: {
        operations: 3,
        keys: 1,
        sights: 2,
        impossible: { 'garbage-read': 2, 'aborted-read': 0, 'future-read': 0 },
      },
    });
  });

  it('says to which other key the value was written', () => {
    const history = run(`
      0 write x=1 0..1
      0 write y=2 2..3
      1 read x=2  10..20
    `);
    expect(corruption.check(history, {}, {}).anomalies).toEqual([
      {
        name: 'garbage-read',
        key: 'x',
        explanation:
          'Process 1 saw 2 as the value of x (process 1: read x = 2 (0.010 s - 0.020 s)), but that value was only ever written elsewhere: process 0: write y = 2 (0.002 s - 0.003 s). No fault was applied before.',
        operations: [2, 3, 4, 5],
        data: { saw: 2, count: 1, otherKeys: ['y'] },
      },
    ]);
  });

  it('finds a value whose only writer certainly failed', () => {
    const history = run(`
      0 write =4 0..1 fail refused
      1 read =4  10..20
    `);
    expect(corruption.check(history, {}, {}).anomalies).toEqual([
      {
        name: 'aborted-read',
        explanation:
          'Process 1 saw 4 as the value (process 1: read = 4 (0.010 s - 0.020 s)), but only operations that certainly failed tried to write that value: process 0: write = 4 (failed, "refused") (0.000 s - 0.001 s). No fault was applied before.',
        operations: [0, 1, 2, 3],
        data: { saw: 4, count: 1 },
      },
    ]);
  });

  it('finds a value that was seen before anybody tried to write it', () => {
    const history = run(`
      1 read x=4  10..20
      0 write x=4 30..40
    `);
    expect(corruption.check(history, {}, {}).anomalies).toEqual([
      {
        name: 'future-read',
        key: 'x',
        explanation:
          'Process 1 saw 4 as the value of x (process 1: read x = 4 (0.010 s - 0.020 s)), but nobody had tried to write that value yet; the first to do so was process 0: write x = 4 (0.030 s - 0.040 s). No fault was applied before.',
        operations: [0, 1, 2, 3],
        data: { saw: 4, count: 1 },
      },
    ]);
  });

  it.each([
    ['garbage-read', 'a cas that matched a value nobody wrote', '0 write =1 0..5 \n 0 cas =7>8 10..20'],
    ['garbage-read', 'a cas cannot have written what it matched', '0 cas =7>7 10..20'],
    ['aborted-read', 'a cas that did not match', '0 cas =1>2 0..5 fail cas-mismatch \n 0 read =2 10..20'],
    ['garbage-read', 'a string is not a number', '0 write =1 0..5 \n 0 read ="1" 10..20'],
    ['garbage-read', 'the text of a list is not the list', '0 write =[1] 0..5 \n 0 read ="[1]" 10..20'],
  ])('%s: %s', (name, _, text) => {
    expect(corruption.check(run(text), {}, {}).anomalies.map((anomaly) => anomaly.name)).toEqual([name]);
  });

  it.each([
    [
      'objects are equal whatever the order of their properties',
      '0 write ={"a":1,"b":[2]} 0..5 \n 0 read ={"b":[2],"a":1} 10..20',
    ],
    [
      'one of several writers did not fail',
      '0 write =1 0..5 fail refused \n 1 write =1 6..7 info timeout \n 0 read =1 10..20',
    ],
  ])('is valid: %s', (_, text) => {
    expect(corruption.check(run(text), {}, {}).validity).toBe('valid');
  });

  it('takes the initial value from the options', () => {
    const history = run('0 read =0 0..5');
    expect(corruption.check(history, { initial: 0 }, {}).validity).toBe('valid');
    expect(corruption.check(history, {}, {}).validity).toBe('invalid');
  });

  it('is unknown when nothing was read', () => {
    expect(corruption.check(run('0 write x=1 0..10'), {}, {})).toMatchObject({
      validity: 'unknown',
      reason: 'nothing was read',
    });
  });

  it('lists a bounded number of anomalies and counts them all', () => {
    const reads = Array.from({ length: 50 }, (_, i) => `0 read x=${i} ${i * 10}..${i * 10 + 5}`).join('\n');
    const { anomalies, figures } = corruption.check(run(reads), {}, {});
    expect([anomalies.length, figures.anomalies]).toEqual([32, 50]);
  });
});
