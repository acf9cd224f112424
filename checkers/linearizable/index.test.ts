import { describe, expect, it } from 'vitest';
import type { Verdict } from '../checker.ts';
import { history } from '../testing/notation.ts';
import { type LinearizableOptions, linearizable, UncheckableHistory } from './index.ts';

function check(text: string, options: LinearizableOptions = {}, budget = {}): Verdict {
  return linearizable.check(history(text), options, budget);
}

const verdict = (text: string, options: LinearizableOptions = {}) => check(text, options).validity;

describe('registers', () => {
  const register = { model: 'register', initial: 0 };
  it.each([
    ['a read sees the last write', '0:write(1) 0:ok 1:read 1:ok(1)'],
    ['a read sees the initial value', '0:read 0:ok(0)'],
    ['a read overlaps a write and sees the old value', '0:write(1) 1:read 1:ok(0) 0:ok'],
    ['a read overlaps a write and sees the new value', '0:write(1) 1:read 1:ok(1) 0:ok'],
    ['overlapping writes in either order', '0:write(1) 1:write(2) 0:ok 1:ok 2:read 2:ok(1)'],
    ['a write of unknown outcome that is read much later', '0:write(1) 0:info 1:read 1:ok(0) 1:read 1:ok(1)'],
    ['a write without completion that is never read', '0:write(1) 1:read 1:ok(0)'],
    ['a failed write that is not read', '0:write(1) 0:fail 1:read 1:ok(0)'],
    ['a read of unknown outcome', '0:read 0:info 1:read 1:ok(0)'],
    ['one key does not know of another', '0:x.write(1) 0:ok 1:y.read 1:ok(0)'],
  ])('legal: %s', (_, text) => expect(verdict(text, register)).toBe('valid'));

  it.each([
    ['a stale read', '0:write(1) 0:ok 1:read 1:ok(0)'],
    ['a value nobody wrote', '0:read 0:ok(5)'],
    ['a value that is written later', '0:read 0:ok(1) 1:write(1) 1:ok'],
    ['a failed write is read', '0:write(1) 0:fail 1:read 1:ok(1)'],
    ['back in time: new, then old', '0:write(1) 1:read 1:ok(1) 1:read 1:ok(0) 0:ok'],
    ['two readers disagree on the order', '0:write(1) 1:write(2) 0:ok 1:ok 2:read 2:ok(1) 2:read 2:ok(2)'],
    ['a lost write takes effect twice', '0:write(1) 0:info 1:read 1:ok(1) 2:write(2) 2:ok 1:read 1:ok(1)'],
    ['one of two keys', '0:x.write(1) 0:ok 1:y.write(1) 1:ok 1:x.read 1:ok(0)'],
  ])('illegal: %s', (_, text) => expect(verdict(text, register)).toBe('invalid'));
});

describe('operations that are named harmless', () => {
  const options = { model: 'register', initial: 0, harmless: ['visit'] };
  it('are left out, and the others judged', () => {
    expect(verdict('0:visit(9) 1:write(1) 1:ok 0:ok(9) 0:read 0:ok(1)', options)).toBe('valid');
    expect(verdict('0:visit(9) 1:write(1) 1:ok 0:ok(9) 0:read 0:ok(0)', options)).toBe('invalid');
  });
  it('are nothing to judge by themselves', () => {
    expect(verdict('0:visit(9) 0:ok(9)', options)).toBe('unknown');
  });
});

describe('compare-and-set', () => {
  const initial = { initial: 0 };
  it('succeeds only from the expected value', () => {
    expect(verdict('0:cas(0,1) 0:ok 1:read 1:ok(1)', initial)).toBe('valid');
    expect(verdict('0:cas(2,1) 0:ok', initial)).toBe('invalid');
    expect(verdict('0:cas(0,1) 1:cas(0,2) 0:ok 1:ok', initial)).toBe('invalid');
    expect(verdict('0:cas(0,1) 1:cas(1,2) 0:ok 1:ok 0:read 0:ok(2)', initial)).toBe('valid');
  });
  it('of unknown outcome may happen later or never, but once', () => {
    expect(verdict('0:cas(0,1) 0:info 1:read 1:ok(0) 1:read 1:ok(1)', initial)).toBe('valid');
    expect(verdict('0:cas(0,1) 0:info 1:read 1:ok(1) 1:write(0) 1:ok 1:read 1:ok(1)', initial)).toBe(
      'invalid',
    );
  });
  it('when it failed: an observation only by option', () => {
    const text = '0:cas(0,1) 0:fail 0:read 0:ok(0)';
    expect(verdict(text, initial)).toBe('valid');
    expect(verdict(text, { ...initial, failedCas: 'observe' })).toBe('invalid');
    expect(verdict('0:cas(2,1) 0:fail', { ...initial, failedCas: 'observe' })).toBe('valid');
  });
});

describe('other models and options', () => {
  it('kv: appends are ordered by what is read', () => {
    const kv = { model: 'kv' };
    expect(verdict('0:append("a") 1:append("b") 0:ok 1:ok 2:get 2:ok("ba")', kv)).toBe('valid');
    expect(verdict('0:append("a") 0:ok 1:append("b") 1:ok 2:get 2:ok("ba")', kv)).toBe('invalid');
    expect(verdict('0:append("a") 0:ok 1:put("c") 1:ok 2:get 2:ok("c")', kv)).toBe('valid');
    expect(verdict('0:get 0:ok("")', kv)).toBe('valid');
  });
  it('mutex: held by one at a time', () => {
    const mutex = { model: 'mutex' };
    expect(verdict('0:acquire 1:acquire 0:ok 0:release 0:ok 1:ok', mutex)).toBe('valid');
    expect(verdict('0:acquire 0:ok 1:acquire 1:ok', mutex)).toBe('invalid');
  });
  it('nilReads: a read of null matches any state', () => {
    const text = '0:write(1) 0:ok 1:read 1:ok(null)';
    expect(verdict(text)).toBe('invalid');
    expect(verdict(text, { nilReads: true })).toBe('valid');
  });
  it('structured values are equal whatever the order of their properties', () => {
    expect(verdict('0:write({"a":1,"b":2}) 0:ok 1:read 1:ok({"b":2,"a":1})')).toBe('valid');
  });
});

describe('what it says', () => {
  it('names the operation, the possible states and an order for each', () => {
    const text = '0:x.write(7) 0:ok 1:x.write(9) 2:x.write(8) 2:ok 3:x.read 3:ok(7) 1:ok';
    const { validity, anomalies } = check(text, { model: 'register' });
    expect(validity).toBe('invalid');
    expect(anomalies).toEqual([
      {
        name: 'nonlinearizable',
        key: 'x',
        explanation:
          'Process 3: read x = 7 (operations 5 and 6, 0.000000005 s - 0.000000006 s) has no place in any order of the operations that keeps to real time. ' +
          'Every order leaves x at 9 or 8 wherever it could have taken effect: ' +
          '9 after write x = 7 by process 0, write x = 8 by process 2, write x = 9 by process 1; ' +
          '8 after write x = 7 by process 0, write x = 8 by process 2. ' +
          'Open when it completed: process 1: write x = 9 (0.000000002 s - 0.000000007 s).',
        operations: [0, 1, 2, 3, 4, 5, 6, 7],
        data: expect.objectContaining({ exhaustive: true }),
      },
    ]);
  });

  it('says so if nobody wrote the value', () => {
    expect(check('0:read 0:ok(5)').anomalies[0]!.explanation).toBe(
      'Process 0: read = 5 (operations 0 and 1, 0.000 s - 0.000000001 s) has no place in any order of the operations that keeps to real time. ' +
        'Nobody wrote 5 before it completed. ' +
        'Every order leaves the object at null wherever it could have taken effect: null after no operation at all.',
    );
  });

  it('explains the smallest failing key first, and counts the rest', () => {
    const text =
      '0:a.write(1) 0:ok 0:a.write(2) 0:ok 0:a.read 0:ok(1) 0:b.read 0:ok(1) 0:c.write(1) 0:ok 0:c.read 0:ok(2) 0:d.read 0:ok(null)';
    const { anomalies, figures } = check(text, { explain: 2 });
    expect(anomalies.map(({ key }) => key)).toEqual(['b', 'c']);
    expect(figures).toEqual({
      operations: 7,
      decisiveOperations: 7,
      keys: 4,
      keysByZones: 4,
      keysByFrontier: 0,
      configurations: 0,
      frontierMax: 0,
      failingKeys: 3,
    });
  });

  it('does not pass what holds no operation', () => {
    expect(check('')).toMatchObject({ validity: 'unknown', reason: 'no operations' });
    expect(check('0:cas(0,1) 0:fail 1:read 1:info')).toMatchObject({
      validity: 'unknown',
      reason: 'none of the 2 operations can decide anything: they failed, or nobody got their answer',
    });
  });

  it('is unknown if the order of the history claims nothing about real time', () => {
    const unordered = history('0:write(1) 0:ok 1:read 1:ok(null)');
    const header = { ...unordered.header, realtime: false as const };
    expect(linearizable.check({ ...unordered, header }, {}, {})).toMatchObject({
      validity: 'unknown',
      reason: 'the order of this history claims nothing about real time, which this checker judges by',
    });
    expect(linearizable.check(unordered, {}, {}).validity).toBe('invalid');
  });

  it('is unknown if nobody was told that anything happened', () => {
    expect(check('0:write(1) 1:write(1) 0:info', { model: 'register' })).toMatchObject({
      validity: 'unknown',
      reason: 'none of the 2 operations can decide anything: they failed, or nobody got their answer',
      figures: { decisiveOperations: 2 },
    });
  });

  it('names the bound that was reached, the key and how far it got', () => {
    const text = '0:x.write(1) 0:ok 1:x.write(1) 2:x.write(2) 3:x.write(3) 1:ok 2:ok 3:ok 4:x.read 4:ok(2)';
    expect(check(text, {}, { steps: 0 })).toMatchObject({
      validity: 'unknown',
      reason:
        'the bound of 0 steps was reached on key "x" after 2 of its 5 completed operations (configurations generated: 1, at most 1 at once)',
    });
    expect(check(text, {}, { memoryBytes: 100 })).toMatchObject({ validity: 'unknown' });
    expect(check(text)).toMatchObject({ validity: 'valid' });
  });
});

describe('histories it refuses', () => {
  it.each([
    [
      '0:ok(1)',
      'operation 0: process 0 completes read (ok); expected an open invocation of this process, found none',
    ],
    [
      '0:read 0:write(1)',
      'operation 1: process 0 invokes write while its read of operation 0 is still open; expected one operation at a time',
    ],
    ['0:cas(1,2) 0:ok', 'operation 0: the model register knows read, write, not cas'],
  ])('%s', (text, message) => {
    expect(() => check(text, { model: 'register' })).toThrow(new UncheckableHistory(message));
  });
  it('a cas of the wrong shape', () => {
    expect(() => check('0:cas(1) 0:ok')).toThrow('operation 0: a cas takes [expected, new], not 1');
  });
  it('a kv value that is no string', () => {
    expect(() => check('0:append(1) 0:ok', { model: 'kv' })).toThrow(
      'operation 0: append takes a string, not 1',
    );
  });
});
