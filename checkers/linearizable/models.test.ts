import { describe, expect, it } from 'vitest';
import type { Verdict } from '../checker.ts';
import { SelectionError } from '../options.ts';
import { history } from '../testing/notation.ts';
import { type LinearizableOptions, linearizable } from './index.ts';

const check = (text: string, options: LinearizableOptions): Verdict =>
  linearizable.check(history(text), options, {});

type Row = readonly [what: string, text: string];

/** Legal and illegal histories of a model. */
function model(
  name: string,
  options: LinearizableOptions,
  legal: readonly Row[],
  illegal: readonly Row[],
): void {
  describe(name, () => {
    const all = { ...options, model: name };
    it.each(legal)('legal: %s', (_, text) => expect(check(text, all).validity).toBe('valid'));
    it.each(illegal)('illegal: %s', (_, text) => expect(check(text, all).validity).toBe('invalid'));
  });
}

model(
  'map',
  {},
  [
    ['a key that was never put holds null', '0:get("a") 0:ok(null)'],
    ['one key knows nothing of another', '0:put("a",1) 0:ok 1:get("b") 1:ok(null) 1:get("a") 1:ok(1)'],
    ['deleted', '0:put("a",1) 0:ok 0:delete("a") 0:ok 0:get("a") 0:ok(null)'],
    ['a read of all', '0:put("a",1) 0:ok 0:put("b",2) 0:ok 0:delete("a") 0:ok 0:read 0:ok({"b":2})'],
    ['a put of unknown outcome, seen late', '0:put("a",1) 0:info 1:get("a") 1:ok(null) 1:get("a") 1:ok(1)'],
    ['keys are names: 1 and "1" are the same', '0:put(1,5) 0:ok 0:get("1") 0:ok(5)'],
  ],
  [
    ['a stale get', '0:put("a",1) 0:ok 0:put("a",2) 0:ok 1:get("a") 1:ok(1)'],
    ['deleted, but still there', '0:put("a",1) 0:ok 0:delete("a") 0:ok 1:get("a") 1:ok(1)'],
    ['a read of all that misses a key', '0:put("a",1) 0:ok 1:put("b",2) 1:ok 2:read 2:ok({"b":2})'],
    [
      'two reads of all that disagree on the order of two keys',
      '0:put("a",1) 1:put("b",2) 2:read 3:read 2:ok({"a":1}) 3:ok({"b":2}) 0:ok 1:ok',
    ],
  ],
);

model(
  'set',
  {},
  [
    ['added, then contained', '0:add(1) 0:ok 1:contains(1) 1:ok(true) 1:contains(2) 1:ok(false)'],
    ['removed', '0:add(1) 0:ok 0:remove(1) 0:ok 1:contains(1) 1:ok(false) 1:read 1:ok([])'],
    ['an add of unknown outcome', '0:add(1) 0:info 1:read 1:ok([]) 1:read 1:ok([1])'],
    ['a read sees its elements in any order', '0:add(1) 0:ok 0:add(2) 0:ok 1:read 1:ok([2,1])'],
    ['removing what is not there', '0:remove(1) 0:ok 1:contains(1) 1:ok(false)'],
  ],
  [
    ['lost', '0:add(1) 0:ok 1:contains(1) 1:ok(false)'],
    ['back again', '0:add(1) 0:ok 0:remove(1) 0:ok 1:contains(1) 1:ok(true)'],
    ['a read misses an element', '0:add(1) 0:ok 1:add(2) 1:ok 2:read 2:ok([2])'],
    ['one element twice', '0:add(1) 0:ok 0:read 0:ok([1,1])'],
    ['two reads disagree on the order', '0:add(1) 1:add(2) 2:read 3:read 2:ok([1]) 3:ok([2]) 0:ok 1:ok'],
  ],
);

model(
  'queue',
  { empty: 'observe' },
  [
    [
      'in any order',
      '0:enqueue(1) 0:ok 0:enqueue(2) 0:ok 1:dequeue 1:ok(2) 1:dequeue 1:ok(1) 1:dequeue 1:ok(null)',
    ],
    [
      'empty at a moment between two values',
      '0:enqueue(1) 0:ok 1:dequeue 2:dequeue 1:ok(1) 0:enqueue(2) 2:ok(null) 0:ok',
    ],
    ['an enqueue of unknown outcome is dequeued', '0:enqueue(1) 0:info 1:dequeue 1:ok(1)'],
    ['a dequeue of unknown outcome took it', '0:enqueue(1) 0:ok 1:dequeue 1:info 2:dequeue 2:ok(null)'],
    ['or did not', '0:enqueue(1) 0:ok 1:dequeue 1:info 2:dequeue 2:ok(1)'],
    ['values that repeat', '0:enqueue(1) 0:ok 0:enqueue(1) 0:ok 1:dequeue 1:ok(1) 1:dequeue 1:ok(1)'],
  ],
  [
    ['dequeued twice', '0:enqueue(1) 0:ok 1:dequeue 1:ok(1) 1:dequeue 1:ok(1)'],
    ['nobody enqueued it', '0:dequeue 0:ok(1)'],
    ['dequeued before it was enqueued', '0:dequeue 0:ok(1) 1:enqueue(1) 1:ok'],
    ['found empty while something was in it', '0:enqueue(1) 0:ok 1:dequeue 1:ok(null)'],
    [
      'one dequeue of unknown outcome cannot have taken two',
      '0:enqueue(1) 0:ok 0:enqueue(2) 0:ok 1:dequeue 1:info 2:dequeue 2:ok(null)',
    ],
  ],
);

model(
  'fifo-queue',
  { empty: 'observe' },
  [
    ['in order', '0:enqueue(1) 0:ok 0:enqueue(2) 0:ok 1:dequeue 1:ok(1) 1:dequeue 1:ok(2)'],
    [
      'enqueued together, in either order',
      '0:enqueue(1) 1:enqueue(2) 0:ok 1:ok 2:dequeue 2:ok(2) 2:dequeue 2:ok(1)',
    ],
    ['dequeued together', '0:enqueue(1) 0:ok 0:enqueue(2) 0:ok 1:dequeue 2:dequeue 2:ok(2) 1:ok(1)'],
    [
      'a lost dequeue took the first',
      '0:enqueue(1) 0:ok 0:enqueue(2) 0:ok 1:dequeue 1:info 2:dequeue 2:ok(2)',
    ],
    ['found empty before', '1:dequeue 0:enqueue(1) 0:ok 1:ok(null)'],
  ],
  [
    ['out of order', '0:enqueue(1) 0:ok 0:enqueue(2) 0:ok 1:dequeue 1:ok(2) 1:dequeue 1:ok(1)'],
    ['the first never came', '0:enqueue(1) 0:ok 0:enqueue(2) 0:ok 1:dequeue 1:ok(2)'],
    [
      'two values bridge the time in which it was found empty',
      '0:enqueue(1) 0:ok 1:dequeue 0:enqueue(2) 0:ok 2:dequeue 2:ok(1) 1:ok(null)',
    ],
    [
      'values that repeat, out of order',
      '0:enqueue(1) 0:ok 0:enqueue(2) 0:ok 0:enqueue(1) 0:ok 1:dequeue 1:ok(1) 1:dequeue 1:ok(1)',
    ],
  ],
);

model(
  'stack',
  { empty: 'observe' },
  [
    ['last in, first out', '0:push(1) 0:ok 0:push(2) 0:ok 1:pop 1:ok(2) 1:pop 1:ok(1) 1:pop 1:ok(null)'],
    ['pushed together', '0:push(1) 1:push(2) 0:ok 1:ok 2:pop 2:ok(1) 2:pop 2:ok(2)'],
    ['a lost pop took the last', '0:push(1) 0:ok 0:push(2) 0:ok 1:pop 1:info 2:pop 2:ok(1)'],
    [
      'a push that overlaps its pop fits anywhere',
      '0:push(1) 0:ok 0:push(2) 1:pop 1:ok(2) 0:ok 1:pop 1:ok(1)',
    ],
  ],
  [
    ['first in, first out', '0:push(1) 0:ok 0:push(2) 0:ok 1:pop 1:ok(1) 1:pop 1:ok(2)'],
    ['what lies under another that stays', '0:push(1) 0:ok 0:push(2) 0:ok 1:pop 1:ok(1)'],
    ['found empty', '0:push(1) 0:ok 1:pop 1:ok(null)'],
    [
      'no two of three contradict each other, but all three do',
      '0:push(1) 1:push(2) 0:ok 1:ok 2:pop 2:ok(1) 0:push(3) 0:ok 2:pop 2:ok(2) 2:pop 2:ok(3)',
    ],
  ],
);

model(
  'counter',
  {},
  [
    ['the sum', '0:add(2) 0:ok 0:add(-5) 0:ok 1:read 1:ok(-3)'],
    ['some of what overlaps', '0:add(1) 1:add(2) 2:add(4) 3:read 3:ok(5) 0:ok 1:ok 2:ok 3:read 3:ok(7)'],
    ['an add of unknown outcome', '0:add(1) 0:info 1:read 1:ok(0) 1:read 1:ok(1)'],
  ],
  [
    ['too little', '0:add(2) 0:ok 1:read 1:ok(1)'],
    ['within the bounds, but no sum of what overlaps', '0:add(2) 1:add(4) 2:read 2:ok(3) 0:ok 1:ok'],
    ['back in time', '0:add(1) 1:read 1:ok(1) 1:read 1:ok(0) 0:ok'],
  ],
);

model(
  'multi-register',
  {},
  [
    ['several at once', '0:write({"x":1,"y":2}) 0:ok 1:read 1:ok({"x":1,"y":2}) 1:read 1:ok({"z":null})'],
    ['a transaction', '0:txn([["w","x",1],["r","x",null]]) 0:ok([["w","x",1],["r","x",1]])'],
    [
      'one of unknown outcome',
      '0:write({"x":1,"y":2}) 0:info 1:read 1:ok({"x":null}) 1:read 1:ok({"x":1,"y":2})',
    ],
  ],
  [
    ['half of a write', '0:write({"x":1,"y":2}) 1:read 1:ok({"x":1,"y":null}) 0:ok'],
    [
      'half of a write, seen key by key',
      '0:write({"x":1,"y":2}) 1:read 1:ok({"x":1}) 1:read 1:ok({"y":null}) 0:ok',
    ],
    ['a transaction that does not see itself', '0:txn([["w","x",1],["r","x",null]]) 0:ok'],
  ],
);

model(
  'fenced-mutex',
  {},
  [
    ['tokens grow', '0:acquire 0:ok(1) 0:release 0:ok 1:acquire 1:ok(7)'],
    ['a token that nobody got', '0:acquire 0:info 1:release 1:ok 1:acquire 1:ok(1)'],
    ['no tokens', '0:acquire 0:ok(null) 0:release 0:ok 1:acquire 1:ok(null)'],
  ],
  [
    ['the same token again', '0:acquire 0:ok(1) 0:release 0:ok 1:acquire 1:ok(1)'],
    ['tokens shrink', '0:acquire 0:ok(3) 0:release 0:ok 1:acquire 1:ok(2)'],
    ['held by two', '0:acquire 0:ok(1) 1:acquire 1:ok(2)'],
  ],
);

model(
  'reentrant-mutex',
  {},
  [
    [
      'acquired again by its owner',
      '0:acquire 0:ok 0:acquire 0:ok 0:release 0:ok 0:release 0:ok 1:acquire 1:ok',
    ],
    ['the owner is whom the value names', '0:acquire("a") 0:ok 1:acquire("a") 1:ok'],
  ],
  [
    ['held by two', '0:acquire 0:ok 1:acquire 1:ok'],
    ['released once too few', '0:acquire 0:ok 0:acquire 0:ok 0:release 0:ok 1:acquire 1:ok'],
    ['released by another', '0:acquire 0:ok 1:release 1:ok'],
  ],
);

model(
  'semaphore',
  { initial: 2 },
  [
    ['as many as there are', '0:acquire 0:ok 1:acquire 1:ok 0:release 0:ok 2:acquire 2:ok'],
    ['several at a time', '0:acquire(2) 0:ok 0:release(1) 0:ok 1:acquire 1:ok'],
  ],
  [
    ['one too many', '0:acquire 0:ok 1:acquire 1:ok 2:acquire 2:ok'],
    ['two of one', '0:acquire 0:ok 1:acquire(2) 1:ok'],
  ],
);

describe('what is found empty', () => {
  const texts = ['0:push(1) 0:ok 1:pop 1:ok(null)', '0:push(1) 0:ok 1:pop 1:fail("empty")'];
  it.each(texts)('is an observation only where the option says so: %s', (text) => {
    expect(check(text, { model: 'stack' }).validity).toBe('valid');
    expect(check(text, { model: 'stack', empty: 'observe' }).validity).toBe('invalid');
  });
  it('other failures never are', () => {
    expect(
      check('0:push(1) 0:ok 1:pop 1:fail("timeout")', { model: 'stack', empty: 'observe' }).validity,
    ).toBe('valid');
  });
});

describe('reads of null', () => {
  it('in an operation on several keys leave the others to be judged', () => {
    const text = '0:write({"x":1,"y":2}) 0:ok 1:read 1:ok({"x":null,"y":2})';
    const other = '0:write({"x":1,"y":2}) 0:ok 1:read 1:ok({"x":null,"y":3})';
    expect(check(text, { model: 'multi-register' }).validity).toBe('invalid');
    expect(check(text, { model: 'multi-register', nilReads: true }).validity).toBe('valid');
    expect(check(other, { model: 'multi-register', nilReads: true }).validity).toBe('invalid');
    const txn = '0:write({"x":1}) 0:ok 1:txn([["r","x",null],["w","x",2],["r","x",null]]) 1:ok';
    expect(check(txn, { model: 'multi-register', nilReads: true }).validity).toBe('valid');
  });
});

describe('an initial state that is none', () => {
  it.each([
    ['set', 5, 'a list'],
    ['map', [1], 'an object'],
    ['counter', 0.5, 'an integer'],
    ['mutex', 'free', 'true or false'],
    ['fenced-mutex', 1, '{"held": true or false, "token": a number or null}'],
  ] as const)('%s: %s', (name, initial, form) => {
    expect(() => check('0:read 0:ok(1)', { model: name, initial })).toThrow(
      new SelectionError(
        'bad-options',
        `checker "linearizable": /initial: expected ${form} for the model ${name}, got ${JSON.stringify(initial)}`,
      ),
    );
  });
  it('a state that is one is taken', () => {
    expect(check('0:pop 0:ok(2)', { model: 'stack', initial: [1, 2] }).validity).toBe('valid');
    expect(check('0:pop 0:ok(1)', { model: 'stack', initial: [1, 2] }).validity).toBe('invalid');
    expect(check('0:contains(1) 0:ok(true)', { model: 'set', initial: [1, 2] }).validity).toBe('valid');
  });
});

describe('explanations', () => {
  const explained = (name: string, text: string): string =>
    check(text, { model: name, empty: 'observe' }).anomalies[0]!.explanation;

  it('of a queue out of order name both values', () => {
    const { anomalies, figures } = check(
      '0:q.enqueue(1) 0:ok 0:q.enqueue(2) 0:ok 1:q.dequeue 1:ok(2) 2:q.dequeue 2:ok(1)',
      { model: 'fifo-queue' },
    );
    expect(figures).toMatchObject({ keysByStructure: 1, keysByFrontier: 0 });
    expect(anomalies).toEqual([
      {
        name: 'nonlinearizable',
        key: 'q',
        explanation:
          'The value 1 of q was put in before 2 was: process 0: enqueue q = 1 (0.000 s - 0.000000001 s) was over when process 0: enqueue q = 2 (0.000000002 s - 0.000000003 s) began. ' +
          'But 2 was taken out before: when process 1: dequeue q = 2 (0.000000004 s - 0.000000005 s) was over, 1 was still there: process 2: dequeue q = 1 (0.000000006 s - 0.000000007 s) began only then.',
        operations: [0, 1, 2, 3, 4, 5, 6, 7],
        data: expect.objectContaining({ pattern: 'order' }),
      },
    ]);
  });

  it('of a queue found empty name what was in it all the time', () => {
    expect(
      explained('fifo-queue', '0:enqueue(1) 0:ok 1:dequeue 0:enqueue(2) 0:ok 2:dequeue 2:ok(1) 1:ok(null)'),
    ).toBe(
      'It was found empty (process 1: dequeue (0.000000002 s - 0.000000007 s)), but at no moment of that was it: there was ' +
        '1 from the end of process 0: enqueue = 1 (0.000 s - 0.000000001 s) until the beginning of process 2: dequeue = 1 (0.000000005 s - 0.000000006 s) and ' +
        '2 from the end of process 0: enqueue = 2 (0.000000003 s - 0.000000004 s) until the end.',
    );
  });

  it('of a stack name the fewest values without a bottom', () => {
    const others = '3:push(8) 3:ok 3:pop 3:ok(8)';
    expect(explained('stack', `0:push(1) 0:ok ${others} 0:push(2) 0:ok 1:pop 1:ok(1) 1:pop 1:ok(2)`)).toBe(
      'These values followed each other without a moment at which the stack was empty: ' +
        '1 from the end of process 0: push = 1 (0.000 s - 0.000000001 s) until the beginning of process 1: pop = 1 (0.000000008 s - 0.000000009 s) and ' +
        '2 from the end of process 0: push = 2 (0.000000006 s - 0.000000007 s) until the beginning of process 1: pop = 2 (0.000000010 s - 0.000000011 s). ' +
        'So one of them lay at the bottom all the time, pushed before and popped after all the others. But the push of each began after another one had been pushed, or its pop was over before the pop of another one began.',
    );
  });

  it('of an element of a set speak of that element', () => {
    expect(explained('set', '0:s.add(1) 0:ok 1:s.contains(1) 1:ok(false)')).toBe(
      'Process 1: contains s 1 = false (operations 2 and 3, 0.000000002 s - 0.000000003 s) has no place in any order of the operations that keeps to real time. ' +
        'Every order leaves element 1 of s at present wherever it could have taken effect: present after add s = 1 by process 0.',
    );
  });
});
