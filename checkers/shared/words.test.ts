import { describe, expect, it } from 'vitest';
import { type Json, operationPairs } from '../../histories/index.ts';
import { percent } from '../service/service.ts';
import { run } from '../testing/run.ts';
import { percentile, sortedNumbers } from './percentiles.ts';
import { describeFault, faultsInWords, faultsOf, phasesOf, targetsInWords } from './timeline.ts';
import { describeOperation, inWords, list, seconds } from './words.ts';

describe('operations in words', () => {
  it.each([
    ['3 read x=5 1203..1207', 'process 3: read x = 5 (1.203 s - 1.207 s)'],
    ['3 read =[1,2] 1..2', 'process 3: read = [1,2] (0.001 s - 0.002 s)'],
    [
      '3 write x=5 1..2 info timeout',
      'process 3: write x = 5 (indeterminate, "timeout") (0.001 s - 0.002 s)',
    ],
    [
      '3 cas x=1>2 1..2 fail cas-mismatch',
      'process 3: cas x 1 -> 2 (failed, "cas-mismatch") (0.001 s - 0.002 s)',
    ],
    ['3 read x 1..', 'process 3: read x (never completed) (0.001 s - open)'],
    ['3 tick 1..2', 'process 3: tick (0.001 s - 0.002 s)'],
  ])('%s', (text, words) => {
    expect(operationPairs(run(text).events).map(describeOperation)).toEqual([words]);
  });

  it('gives times to the millisecond, or finer where that would hide something', () => {
    expect([0, 1.5e9, 1_000_500_000, 7].map(seconds)).toEqual([
      '0.000 s',
      '1.500 s',
      '1.000500 s',
      '0.000000007 s',
    ]);
  });

  it('cuts long values and lists', () => {
    expect(inWords('a'.repeat(100))).toBe(`"${'a'.repeat(56)}...`);
    expect(list(['a'])).toBe('a');
    expect(list(['a', 'b', 'c'])).toBe('a, b and c');
    expect(list(['a', 'b', 'c', 'd'], 2)).toBe('a, b and 2 more');
  });

  it('gives a share as many decimals as tell it from all', () => {
    expect([1, 0.5, 1 / 3, 0.99999].map(percent)).toEqual(['100 %', '50 %', '33.33 %', '99.999 %']);
  });
});

describe('faults and phases', () => {
  it('are read from what the nemesis and the controller recorded', () => {
    const history = run(`
      phase warm-up 0 {"clients":2}
      nemesis pause n1,n2 10..20 #1 bit
      nemesis kill n3 15.. #0
      phase final 40
      0 read =1 50..60
    `);
    expect(faultsOf(history).map(describeFault)).toEqual([
      'pause of n1 and n2 (fault 1, 0.010 s - 0.020 s)',
      'kill of n3 (fault 0, 0.015 s - the end)',
    ]);
    expect(phasesOf(history)).toEqual([
      { name: 'warm-up', from: 0, until: 40e6, index: 0, value: { name: 'warm-up', clients: 2 } },
      { name: 'final', from: 40e6, until: 60e6, index: 4, value: { name: 'final' } },
    ]);
    expect(faultsInWords([])).toBe('No fault was in force meanwhile.');
  });

  it('name targets however they are written', () => {
    const targets: Json[] = [
      null,
      { none: true },
      ['n1'],
      { hosts: ['n1', 'n2'] },
      { role: 'leader', index: 0 },
      'n1',
      3,
      { a: 1, b: 2 },
    ];
    expect(targets.map(targetsInWords)).toEqual([
      '',
      '',
      'n1',
      'n1 and n2',
      'the leader',
      'n1',
      '3',
      '{"a":1,"b":2}',
    ]);
  });
});

describe('percentiles', () => {
  it('are the nearest rank', () => {
    const sorted = sortedNumbers(Array.from({ length: 1000 }, (_, i) => 1000 - i));
    expect([0, 50, 99, 99.9, 100].map((percentage) => percentile(sorted, percentage))).toEqual([
      1, 500, 990, 999, 1000,
    ]);
    expect(percentile(sortedNumbers([]), 50)).toBeUndefined();
  });
});
