import { describe, expect, it } from 'vitest';
import { history } from '../testing/notation.ts';
import { pram } from './pram.ts';

const check = (text: string) => pram.check(history(text), { initial: 0 }, {});

describe('PRAM', () => {
  it.each([
    [
      'two sessions see two writers in different orders',
      '0:x.write(1) 0:ok 1:x.write(2) 1:ok 2:x.read 2:ok(1) 2:x.read 2:ok(2) 3:x.read 3:ok(2) 3:x.read 3:ok(1)',
    ],
    [
      'cause and effect of different sessions',
      '0:x.write(1) 0:ok 1:x.read 1:ok(1) 1:y.write(1) 1:ok 2:y.read 2:ok(1) 2:x.read 2:ok(0)',
    ],
    ['an indeterminate write shows late', '0:x.write(1) 0:info 1:x.read 1:ok(0) 1:x.read 1:ok(1)'],
    ['a session sees its own write', '0:x.write(1) 0:ok 0:x.read 0:ok(1)'],
  ])('is kept: %s', (_, text) => {
    expect(check(text)).toMatchObject({ validity: 'valid', anomalies: [] });
  });

  it.each([
    ['a session does not see its own write', '0:x.write(1) 0:ok 0:x.read 0:ok(0)', [0, 1, 2, 3]],
    [
      'one writer out of order',
      '0:x.write(1) 0:ok 0:x.write(2) 0:ok 1:x.read 1:ok(2) 1:x.read 1:ok(1)',
      [0, 1, 2, 3, 4, 5, 6, 7],
    ],
    ['back to the beginning', '0:x.write(1) 0:ok 1:x.read 1:ok(1) 1:x.read 1:ok(0)', [0, 1, 2, 3, 4, 5]],
    [
      'there and back',
      '0:x.write(1) 0:ok 1:x.write(2) 1:ok 2:x.read 2:ok(1) 2:x.read 2:ok(2) 2:x.read 2:ok(1)',
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    ],
  ])('is broken: %s', (_, text, operations) => {
    expect(check(text)).toMatchObject({
      validity: 'invalid',
      anomalies: [{ name: 'pram', key: 'x', operations }],
    });
  });

  it('explains what the session would have to have seen', () => {
    expect(check('0:x.write(1) 0:ok 0:x.write(2) 0:ok 1:x.read 1:ok(2) 1:x.read 1:ok(1)')).toEqual({
      checker: 'pram',
      validity: 'invalid',
      anomalies: [
        {
          name: 'pram',
          key: 'x',
          explanation:
            'The session of process 1 cannot have seen all writes in one order. [1] W1 must come before W2, since R1 returned W2 and W1 comes before it: W1, then R2 (returned W1), then R1 (same session). So W2 would come before itself: W2, then W1 (same session), then W2 (by [1]). Here W1 is process 0: write x = 2 (0.000000002 s - 0.000000003 s); W2 is process 0: write x = 1 (0.000 s - 0.000000001 s); R1 is process 1: read x = 1 (0.000000006 s - 0.000000007 s); R2 is process 1: read x = 2 (0.000000004 s - 0.000000005 s).',
          operations: [0, 1, 2, 3, 4, 5, 6, 7],
          data: { process: 1 },
        },
      ],
      figures: {
        operations: 4,
        keys: 1,
        sessions: 2,
        reads: 2,
        writes: 2,
        judgedReads: 1,
        failingSessions: 1,
      },
    });
  });

  it('is unknown without anything to judge, or where values repeat', () => {
    expect(check('0:x.read 0:ok(0) 1:x.write(1) 1:ok')).toMatchObject({
      validity: 'unknown',
      reason: 'no session read anything after another operation of its own',
    });
    expect(check('0:x.write(1) 0:ok 1:x.write(1) 1:ok 0:x.read 0:ok(1)').reason).toBe(
      '1 read may have returned any of several writes of the same value and could not be judged',
    );
  });
});
