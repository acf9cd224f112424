import { describe, expect, it } from 'vitest';
import { history } from '../testing/notation.ts';
import { sequential } from './index.ts';

const check = (text: string, options = {}, budget = {}) =>
  sequential.check(history(text), { initial: 0, ...options }, budget);

/** Each process writes one key and does not see the other's write (store buffers). */
const BUFFERED = '0:x.write(1) 1:y.write(1) 0:ok 1:ok 0:y.read 0:ok(0) 1:x.read 1:ok(0)';

describe('sequential consistency', () => {
  it('does not care for real time', () => {
    expect(check('0:x.write(1) 0:ok 1:x.read 1:ok(0) 1:x.read 1:ok(1)')).toEqual({
      checker: 'sequential',
      validity: 'valid',
      anomalies: [],
      figures: {
        operations: 3,
        keys: 1,
        scope: 'whole',
        reads: 2,
        steps: 3,
        states: 0,
        byForcedOrder: 0,
        bySearch: 1,
        failing: 0,
      },
    });
  });

  it('is not kept by store buffers, though it is for each key', () => {
    expect(check(BUFFERED).anomalies).toEqual([
      {
        name: 'nonsequential',
        explanation:
          'No order of all operations keeps the order of each process and lets each read return the last write. [1] R1 must come before W1, since R1 saw the initial value. [2] R2 must come before W2, since R2 saw the initial value. So W1 would come before itself: W1, then R2 (same process), then W2 (by [2]), then R1 (same process), then W1 (by [1]). Here R1 is process 1: read x = 0 (0.000000006 s - 0.000000007 s); W1 is process 0: write x = 1 (0.000 s - 0.000000002 s); R2 is process 0: read y = 0 (0.000000004 s - 0.000000005 s); W2 is process 1: write y = 1 (0.000000001 s - 0.000000003 s).',
        operations: [0, 1, 2, 3, 4, 5, 6, 7],
      },
    ]);
    expect(check(BUFFERED, { scope: 'key' })).toMatchObject({ validity: 'valid', figures: { bySearch: 2 } });
  });

  it.each([
    [
      'two readers disagree',
      '0:x.write(1) 0:ok 1:x.write(2) 1:ok 2:x.read 2:ok(1) 2:x.read 2:ok(2) 3:x.read 3:ok(2) 3:x.read 3:ok(1)',
    ],
    ['a cas of a value that is gone', '0:x.write(1) 0:ok 0:x.write(2) 0:ok 0:x.cas(1,3) 0:ok'],
    ['two cas of one value', '0:x.cas(0,1) 0:ok 1:x.cas(0,2) 1:ok'],
    ['a write is forgotten', '0:x.write(1) 0:ok 0:x.read 0:ok(0)'],
    [
      'one of four processes saw the writes of two in the wrong order',
      '0:x.write(1) 0:ok 1:y.write(1) 1:ok 2:x.read 2:ok(1) 2:y.read 2:ok(0) 3:y.read 3:ok(1) 3:x.read 3:ok(0)',
    ],
  ])('is broken: %s', (_, text) => {
    expect(check(text)).toMatchObject({ validity: 'invalid', anomalies: [{ name: 'nonsequential' }] });
  });

  it.each([
    [
      'an indeterminate write that some saw',
      '0:x.write(1) 0:info 1:x.read 1:ok(0) 2:x.read 2:ok(1) 1:x.read 1:ok(1)',
    ],
    ['an indeterminate write that came last', '0:x.write(1) 0:info 1:x.read 1:ok(0) 1:x.read 1:ok(0)'],
    ['an indeterminate cas between two others', '0:x.cas(1,2) 0:info 1:x.cas(0,1) 1:ok 1:x.cas(2,3) 1:ok'],
    [
      'values come back',
      '0:x.write(1) 0:ok 0:x.write(2) 0:ok 1:x.write(1) 1:ok 2:x.read 2:ok(1) 2:x.read 2:ok(2) 2:x.read 2:ok(1)',
    ],
    ['a failed write', '0:x.write(1) 0:fail 0:x.read 0:ok(0)'],
  ])('is kept: %s', (_, text) => {
    expect(check(text)).toMatchObject({ validity: 'valid' });
  });

  it('says what stood in the way where only the search can tell', () => {
    const { anomalies, figures } = check(
      '0:x.write(1) 0:ok 1:x.write(1) 1:ok 0:x.read 0:ok(2) 1:x.write(2) 1:ok 2:x.read 2:ok(2) 2:x.read 2:ok(1) 2:x.read 2:ok(1) 2:x.read 2:ok(2)',
    );
    expect(figures).toMatchObject({ byForcedOrder: 0, bySearch: 1 });
    expect(anomalies.map(({ explanation }) => explanation)).toEqual([
      'No order of all operations keeps the order of each process and lets each read return the last write: all were tried (4 states without a way on). The longest places 2 of 8 operations. Then R1 cannot be next, since x holds 1, W1 cannot be next, since x holds 1, which R2 has yet to see and R3 cannot be next, since x holds 1. Here R1 is process 0: read x = 2 (0.000000004 s - 0.000000005 s); W1 is process 1: write x = 2 (0.000000006 s - 0.000000007 s); R2 is process 2: read x = 1 (0.000000010 s - 0.000000011 s); R3 is process 2: read x = 2 (0.000000008 s - 0.000000009 s).',
    ]);
  });

  it('a value that nobody wrote', () => {
    expect(check('0:x.read 0:ok(5) 1:x.write(1) 1:ok').anomalies).toEqual([
      {
        name: 'thin-air-read',
        key: 'x',
        explanation:
          'R1 saw a value of x that nobody else wrote. Here R1 is process 0: read x = 5 (0.000 s - 0.000000001 s).',
        operations: [0, 1],
      },
    ]);
  });

  it('names the bound that it reached', () => {
    expect(check('0:x.write(1) 0:ok 1:x.write(2) 1:ok 2:x.read 2:ok(1)', {}, { steps: 1 })).toMatchObject({
      validity: 'unknown',
      reason: 'the bound of 1 steps was reached after an order of 2 operations',
    });
    expect(check('0:x.write(1) 0:ok').reason).toBe('nothing was read');
    // A cas that nobody got the answer of may have met its value or not.
    expect(check('0:x.write(1) 0:ok 1:x.cas(1,2)').reason).toBe('nothing was read');
    expect(check('').reason).toBe('the history has no reads, writes or cas');
  });
});
