import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparisons } from '../testing/comparisons.ts';
import { isLinearizableObject, withChanges } from '../testing/objects.ts';
import { run } from '../testing/run.ts';
import { totalQueue } from './index.ts';
import { misdelivered, queueHistories } from './testing/arbitrary.ts';
import { isExplained } from './testing/brute-force.ts';

const anomaliesOf = (text: string, options = {}) =>
  totalQueue.check(run(text), options, {}).anomalies.map(({ name, explanation, operations }) => ({
    name,
    explanation,
    operations,
  }));

describe('total-queue: legal and illegal histories', () => {
  it('is valid when all comes out, by dequeues or a drain, and counts what was recovered', () => {
    const history = run(`
      0 enqueue =1  0..1
      1 enqueue =2  0..1 info timeout
      2 enqueue =3  0..1 info timeout
      3 enqueue =4  0..1 fail refused
      0 enqueue =5  1..2
      0 dequeue =1  3..4
      0 dequeue =2  5..6
      0 drain =[5]  7..9
    `);
    expect(totalQueue.check(history, {}, {})).toEqual({
      checker: 'total-queue',
      validity: 'valid',
      anomalies: [],
      figures: {
        operations: 8,
        keys: 1,
        enqueued: 4,
        acknowledged: 2,
        dequeued: 3,
        lost: 0,
        missing: 0,
        remaining: 0,
        unexpected: 0,
        duplicated: 0,
        recovered: 1,
        foundEmpty: 1,
      },
    });
  });

  it('finds what is lost once the queue was empty', () => {
    expect(anomaliesOf('0 enqueue =1 0..1\n0 dequeue 2..3 fail empty')).toEqual([
      {
        name: 'lost',
        explanation:
          '1 was acknowledged (process 0: enqueue = 1 (0.000 s - 0.001 s)) and never came out. But the queue was found empty afterwards: process 0: dequeue (failed, "empty") (0.002 s - 0.003 s). It is lost.',
        operations: [0, 1, 2, 3],
      },
    ]);
  });

  it('lets an indeterminate dequeue account for one element, if it was invoked in time', () => {
    const two = '0 enqueue =1 0..1\n0 enqueue =2 1..2\n1 dequeue 3..4 info timeout\n0 drain =[] 5..6';
    expect(anomaliesOf(two)).toEqual([
      {
        name: 'lost',
        explanation:
          '2 elements were acknowledged and never came out: 1 and 2; the first was process 0: enqueue = 1 (0.000 s - 0.001 s). But the queue was found empty afterwards: process 0: drain = [] (0.005 s - 0.006 s). Only 1 dequeue of which nobody knows may have taken one each: process 1: dequeue (indeterminate, "timeout") (0.003 s - 0.004 s). At least 1 of them is lost.',
        operations: [0, 1, 2, 3, 4, 5, 6, 7],
      },
    ]);
    expect(anomaliesOf('0 enqueue =1 0..1\n1 dequeue 3..4 info timeout\n0 drain =[] 5..6')).toEqual([]);
    expect(anomaliesOf('0 enqueue =1 0..1\n0 drain =[] 5..6\n1 dequeue 7..8 info timeout')).toHaveLength(1);
    expect(anomaliesOf('0 enqueue =1 0..1\n0 enqueue =2 1..2\n1 drain 3..\n0 drain =[] 5..6')).toEqual([]);
  });

  it('finds what comes out though nobody put it in, and counts duplicates', () => {
    const text = `
      0 dequeue =9  0..1
      0 enqueue =1  2..3 fail refused
      0 dequeue =1  4..5
      0 dequeue =2  6..7
      0 enqueue =2  8..9
      0 enqueue =3  9..10
      0 dequeue =3  11..12
      0 dequeue =3  13..14
      0 drain =[2]  15..16
    `;
    expect(anomaliesOf(text).map(({ explanation }) => explanation)).toEqual([
      '9 came out (process 0: dequeue = 9 (0.000 s - 0.001 s)), but nobody ever tried to put it in.',
      '1 came out (process 0: dequeue = 1 (0.004 s - 0.005 s)), but all who tried to put it in certainly failed, such as process 0: enqueue = 1 (failed, "refused") (0.002 s - 0.003 s).',
      '2 came out (process 0: dequeue = 2 (0.006 s - 0.007 s)), but nobody had tried to put it in yet; the first to do so was process 0: enqueue = 2 (0.008 s - 0.009 s).',
    ]);
    expect(totalQueue.check(run(text), {}, {}).figures).toMatchObject({ unexpected: 3, duplicated: 1 });
    expect(anomaliesOf(text, { exactlyOnce: true }).at(-1)).toEqual({
      name: 'duplicate',
      explanation:
        '3 came out 2 times (process 0: dequeue = 3 (0.011 s - 0.012 s) and process 0: dequeue = 3 (0.013 s - 0.014 s)), but was put in at most 1 time before that (process 0: enqueue = 3 (0.009 s - 0.010 s)).',
      operations: [10, 11, 12, 13, 14, 15],
    });
  });

  it('is unknown where nothing says that the queue was empty, unless told so', () => {
    const text = '0 enqueue =1 0..1\n0 enqueue =2 1..2\n0 dequeue =2 2..3';
    expect(totalQueue.check(run(text), {}, {})).toMatchObject({
      validity: 'unknown',
      reason:
        'no drain succeeded and no dequeue found the queue empty, so what did not come out may still be there (option "drained" says that it is not)',
      figures: { remaining: 1 },
    });
    expect(anomaliesOf(text, { drained: true })).toEqual([
      {
        name: 'lost',
        explanation:
          '1 was acknowledged (process 0: enqueue = 1 (0.000 s - 0.001 s)) and never came out. The queue was emptied in the end, as the options say. It is lost.',
        operations: [0, 1],
      },
    ]);
  });

  it('is unknown where nothing was put in', () => {
    expect(totalQueue.check(run('0 dequeue 0..1 fail empty'), {}, {})).toMatchObject({
      validity: 'unknown',
      reason: 'no enqueue was acknowledged, and nothing came out',
    });
  });
});

describe('total-queue against the definition', () => {
  it('is valid if and only if all that came out and did not can be told, over 20,000 histories', () => {
    const seen = { valid: 0, invalid: 0, unknown: 0 };
    let excused = 0;
    fc.assert(
      fc.property(withChanges(queueHistories, 3, misdelivered), fc.boolean(), (history, drained) => {
        const { validity, figures } = totalQueue.check(history, { exactlyOnce: true, drained }, {});
        seen[validity]++;
        if (validity === 'valid' && (figures.missing as number) > 0) excused++;
        if ((validity !== 'invalid') !== isExplained(history, drained)) expect(validity).toBe('the opposite');
      }),
      { numRuns: comparisons('total-queue') },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(3000);
    expect(excused).toBeGreaterThan(100);
  });

  it('is sound for linearizable bags, and finds nothing in executions of a real queue', () => {
    fc.assert(
      fc.property(withChanges(queueHistories, 1, misdelivered), (history) => {
        const { validity } = totalQueue.check(history, { exactlyOnce: true }, {});
        if (validity !== 'invalid') return;
        const bag = isLinearizableObject<readonly number[]>(history, [], (state, { f, value }, result) => {
          const without = (at: number) => state.filter((_, other) => other !== at);
          if (f === 'enqueue') return [[...state, value as number].sort()];
          // Nobody knows what an indeterminate one took: any element, or all.
          if (result === undefined) return f === 'drain' ? [[]] : state.map((_, at) => without(at));
          if (f === 'drain') {
            return JSON.stringify([...(result as number[])].sort()) === JSON.stringify(state) ? [[]] : [];
          }
          if (result === null) return state.length === 0 ? [state] : [];
          return state.includes(result as number) ? [without(state.indexOf(result as number))] : [];
        });
        expect(bag).toBe(false);
      }),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(queueHistories, (history) => {
        expect(totalQueue.check(history, { exactlyOnce: true }, {}).anomalies).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});
