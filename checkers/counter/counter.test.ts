import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { History } from '../../histories/index.ts';
import { comparisons } from '../testing/comparisons.ts';
import { isLinearizableObject, withChanges } from '../testing/objects.ts';
import { run } from '../testing/run.ts';
import { counter } from './index.ts';
import { PrefixMinimum } from './prefix-minimum.ts';
import { counterHistories, misread } from './testing/arbitrary.ts';
import { boundsByDefinition } from './testing/brute-force.ts';

describe('counter: legal and illegal histories', () => {
  it('is valid when every read lies within its bounds', () => {
    const history = run(`
      0 add =1   0..5
      1 read =0  1..2
      1 read =1  3..4
      2 add =10  6..7 info timeout
      3 add =100 6..7 fail refused
      1 read =1  8..9
      1 read =11 10..11
      0 add =-2  12..13
      1 read =9  14..15
    `);
    expect(counter.check(history, {}, {})).toEqual({
      checker: 'counter',
      validity: 'valid',
      anomalies: [],
      figures: {
        operations: 9,
        keys: 1,
        adds: 3,
        reads: 5,
        exactReads: 1,
        outOfBounds: 0,
        inconsistentReads: 0,
      },
    });
  });

  it('finds a read above all that may have been added', () => {
    const history = run(
      '0 add =2 0..1\n1 add =3 1..2 info timeout\n2 add =9 1..2 fail refused\n0 read =6 3..4',
    );
    expect(counter.check(history, {}, {}).anomalies).toEqual([
      {
        name: 'out-of-bounds',
        explanation:
          'Process 0: read = 6 (0.003 s - 0.004 s) cannot be: the counter was at most 5 then. It began with 0. Adds that may have raised it by then: 5 in all (process 0: add = 2 (0.000 s - 0.001 s) and process 1: add = 3 (indeterminate, "timeout") (0.001 s - 0.002 s)). No add had certainly lowered it by then.',
        operations: [0, 1, 2, 4, 6, 7],
        data: { value: 6, atMost: 5 },
      },
    ]);
  });

  it('finds a read below what was certainly added, with subtractions under way', () => {
    const history = run('0 add =2 0..1\n1 add =-1 1..9\n0 read =0 3..4');
    expect(counter.check(history, { initial: 0 }, {}).anomalies).toEqual([
      {
        name: 'out-of-bounds',
        explanation:
          'Process 0: read = 0 (0.003 s - 0.004 s) cannot be: the counter was at least 1 then. It began with 0. Adds that may have lowered it by then: -1 in all (process 1: add = -1 (0.001 s - 0.009 s)). Adds that had certainly raised it by then: 2 in all (process 0: add = 2 (0.000 s - 0.001 s)).',
        operations: [0, 1, 2, 3, 4, 5],
        data: { value: 0, atLeast: 1 },
      },
    ]);
  });

  it('finds a counter that goes back though each read for itself is within its bounds', () => {
    const history = run('0 add =2 0..9\n1 read =2 1..2\n1 read =0 3..4');
    expect(counter.check(history, {}, {}).anomalies).toEqual([
      {
        name: 'inconsistent-reads',
        explanation:
          'process 1: read = 2 (0.001 s - 0.002 s) was over before process 1: read = 0 (0.003 s - 0.004 s) was invoked, so the second read of the counter had to return at least 2. No add may have lowered it in between. No add certainly raised it in between.',
        operations: [1, 2, 3, 4],
        data: { value: 0, atLeast: 2 },
      },
    ]);
  });

  it.each([
    ['no read', '0 add =1 0..1', 'no read succeeded'],
    ['no add', '0 read =0 0..1', 'nothing was added, or all adds failed'],
    [
      'no integers',
      '0 add =0.5 0..1\n0 read =1 2..3',
      'not all that was added are integers that sum up exactly, so no counter can be judged',
    ],
  ])('is unknown: %s', (_, text, reason) => {
    expect(counter.check(run(text), {}, {})).toMatchObject({ validity: 'unknown', reason });
  });

  it('judges each key for itself, and none of unknown operations', () => {
    const history = run('0 add x=1 0..1\n0 read x=2 2..3\n0 add y=1 4..5\n0 reset y 5..6\n0 read y=9 6..7');
    const { anomalies, figures } = counter.check(history, {}, {});
    expect(anomalies.map(({ name, key }) => ({ name, key }))).toEqual([{ name: 'out-of-bounds', key: 'x' }]);
    expect(figures).toMatchObject({ keys: 1, keysNotJudged: 1, foreign: ['reset'] });
  });
});

function isLinearizableCounter(history: History): boolean {
  return isLinearizableObject<number>(history, 0, (state, { f, value }, result) => {
    if (f === 'add') return [state + (value as number)];
    return result === undefined || result === state ? [state] : [];
  });
}

describe('counter against the definitions', () => {
  it('agrees with the definition on every read, and is sound for linearizability, over 20,000 histories', () => {
    const seen = { valid: 0, invalid: 0, unknown: 0 };
    const found = { outOfBounds: 0, inconsistentReads: 0 };
    let missed = 0;
    fc.assert(
      fc.property(withChanges(counterHistories, 3, misread), (history) => {
        const { validity, figures } = counter.check(history, {}, {});
        const expected = boundsByDefinition(history);
        const { outOfBounds, inconsistentReads } = figures;
        expect(outOfBounds).toBe(expected.outOfBounds);
        expect(inconsistentReads).toBe(expected.inconsistentReads);
        seen[validity]++;
        found.outOfBounds += expected.outOfBounds;
        found.inconsistentReads += expected.inconsistentReads;
        if (validity === 'unknown') return;
        const explained = isLinearizableCounter(history);
        if (validity === 'invalid') expect(explained).toBe(false);
        else if (!explained) missed++;
      }),
      { numRuns: comparisons('counter') },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(4000);
    expect(Math.min(found.outOfBounds, found.inconsistentReads)).toBeGreaterThan(200);
    // What a search finds beyond the bounds: seldom.
    expect(missed).toBeLessThan(2000);
  });

  it('finds nothing in executions of a real counter', () => {
    fc.assert(
      fc.property(counterHistories, (history) => {
        expect(counter.check(history, {}, {}).anomalies).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps the least of a growing sequence as a plain array does', () => {
    const steps = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: -9, max: 9 }), fc.nat(20)), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(steps, (drawn) => {
        const plain: number[] = [];
        const sequence = new PrefixMinimum(20);
        for (const [isPush, value, count] of drawn) {
          if (isPush) {
            plain.push(value);
            sequence.push(value);
          } else {
            const first = Math.min(count, plain.length);
            for (let at = 0; at < first; at++) plain[at] = plain[at]! + value;
            sequence.addToFirst(first, value);
          }
          expect(sequence.minimum).toBe(Math.min(...plain));
          if (plain.length > 0) expect(plain[sequence.at]).toBe(sequence.minimum);
        }
      }),
      { numRuns: 500 },
    );
  });
});
