import { describe, expect, it } from 'vitest';
import type { History, Json } from '../histories/index.ts';
import type { Checker } from './checker.ts';
import * as library from './index.ts';
import { registerTransactions } from './long-fork/testing/notation.ts';
import { history } from './testing/notation.ts';
import { registerMicros, transactions } from './transactions/testing/notation.ts';

/**
 * Small histories on which the tests of other checkers state a verdict, told anew in our notation. Ours is theirs
 * but where a comment says why not. (Those of Elle about lists are among the cases of `list-append/list-append.test.ts`.)
 */
interface Published {
  readonly what: string;
  readonly told: History;
  readonly options: object;
  readonly ours: string;
  readonly figures: object;
}

type Row = readonly [what: string, told: History, options: object, ours: string, figures?: object];

function agree<Options extends object>(checker: Checker<Options>, rows: readonly Row[]): void {
  const cases = rows.map(
    ([what, told, options, ours, figures = {}]): Published => ({ what, told, options, ours, figures }),
  );
  it.each(cases)('$what', ({ told, options, ours, figures }) => {
    expect(checker.check(told, options as Options, {})).toMatchObject({ validity: ours, figures });
  });
}

const registers = (text: string): History => transactions(text, {}, registerMicros);
const model = (name: string, more: { readonly [option: string]: Json } = {}) => ({ model: name, ...more });

describe('Elle, rw_register_test: rw-register', () => {
  const orders = '0 wx1wy2 0..1\n1 wx2wy1 2..3\n0 rx2 4..5\n1 ry2 6..7';
  const skew = '0 rx1ry1 0..1\n1 rx1wy2 2..6\n2 ry1wx2 3..5';
  const circle = '0 wx1ry1\n1 wy1rx1';
  const follows = '0 wy1\n1 ry1wx1wy2\n2 rx1ry1';
  agree(library.rwRegister, [
    // They call it valid, and note that as a bug of theirs: nobody wrote 2.
    [
      'a read of what nobody wrote',
      registers('0 wx1 0..1\n0 rx2 2..3'),
      model('strict-serializable', { linearizableKeys: true }),
      'invalid',
      { found: { 'garbage-read': 1 } },
    ],
    ['two orders of writes, never read', registers('0 wx1wy2\n1 wx2wy1'), model('read-uncommitted'), 'valid'],
    [
      'G0 by keys that are sequential',
      registers(orders),
      model('read-uncommitted', { sequentialKeys: true }),
      'invalid',
      { found: { G0: 1 } },
    ],
    [
      'G1a',
      registers('0 wx1 0..1 fail\n1 rx1 0..1'),
      model('read-committed'),
      'invalid',
      { found: { G1a: 1 } },
    ],
    ['G1b', registers('0 wx1wx2\n1 rx1'), model('read-committed'), 'invalid', { found: { G1b: 1 } }],
    ['G1c, read uncommitted', registers(circle), model('read-uncommitted'), 'valid'],
    ['G1c, read committed', registers(circle), model('read-committed'), 'invalid', { found: { G1c: 1 } }],
    ['G1c, serializable', registers(circle), model('serializable'), 'invalid'],
    [
      'G2-item, read committed',
      registers(skew),
      model('read-committed', { initial: 1, linearizableKeys: true }),
      'valid',
    ],
    [
      'G2-item, serializable',
      registers(skew),
      model('serializable', { initial: 1, linearizableKeys: true }),
      'invalid',
      { found: { 'G2-item': 1 } },
    ],
    [
      'internal',
      registers('0 rx1rx2\n1 wx1\n2 wx2'),
      model('read-atomic'),
      'invalid',
      { found: { internal: 1 } },
    ],
    [
      'G-single by the initial state',
      registers('0 rx_ry1 0..3\n1 wy1wx2 1..2'),
      model('serializable'),
      'invalid',
      { found: { 'G-single': 1 } },
    ],
    [
      'G-single where writes follow reads',
      registers(follows),
      model('serializable', { writesFollowReads: true }),
      'invalid',
      { found: { 'G-single': 1 } },
    ],
    [
      'versions in a circle',
      registers('0 wx1 0..1\n0 wx2 2..3\n0 rx1 4..5'),
      model('read-uncommitted', { sequentialKeys: true }),
      'invalid',
      { found: { 'cyclic-versions': 1 } },
    ],
    [
      'a lost update',
      registers('0 rx0wx1 0..1\n1 rx0wx2 2..3'),
      model('snapshot-isolation', { initial: 0 }),
      'invalid',
      { found: { 'lost-update': 1 } },
    ],
  ]);
});

describe('Jepsen, checker_test: counter', () => {
  agree(library.counter, [
    // Theirs is valid: we say nothing where nothing was added.
    ['nothing', history(''), {}, 'unknown'],
    ['an initial read', history('0:read 0:ok(0)'), {}, 'unknown'],
    ['a failed add', history('0:add(1) 0:fail 0:read 0:ok(0)'), {}, 'unknown'],
    ['an initial read of 1', history('0:read 0:ok(1)'), {}, 'invalid', { outOfBounds: 1 }],
    [
      'reads and adds at once',
      history(
        '0:read 1:add(1) 2:read 3:add(2) 4:read 5:add(4) 6:read 7:add(8) 8:read 0:ok(6) 1:ok 2:ok(0) 3:ok 4:ok(3) 5:ok 6:ok(100) 7:ok 8:ok(15)',
      ),
      {},
      'invalid',
      { reads: 5, outOfBounds: 1 },
    ],
    [
      'reads and adds in turn',
      history('0:read 1:add(1) 0:ok(0) 0:read 1:ok 1:add(2) 0:ok(3) 0:read 1:ok 0:ok(5)'),
      {},
      'invalid',
      { reads: 3, outOfBounds: 1 },
    ],
  ]);
});

describe('Jepsen, checker_test: total-queue', () => {
  agree(library.totalQueue, [
    // Theirs is valid. Ours calls nothing lost, and nothing kept, before the queue was found empty.
    ['nothing', history(''), {}, 'unknown'],
    [
      'what hung comes out',
      history('1:enqueue(1) 2:enqueue(2) 2:ok 3:dequeue 3:ok(1) 3:dequeue 3:ok(2)'),
      {},
      'unknown',
      { recovered: 1, lost: 0, unexpected: 0, duplicated: 0 },
    ],
    [
      'lost, out of nowhere and twice',
      history(
        '1:enqueue("hung") 2:enqueue("enqueued") 2:ok 3:enqueue("dup") 3:ok 4:dequeue 5:dequeue 5:ok("wtf") 6:dequeue 6:ok("dup") 7:dequeue 7:ok("dup")',
      ),
      {},
      'invalid',
      // The dequeue that hangs may have taken what they count as lost.
      { unexpected: 1, duplicated: 1, lost: 0, recovered: 0 },
    ],
  ]);
});

describe('Jepsen, checker_test: queue', () => {
  agree(library.linearizable, [
    // Theirs is valid: we say nothing where nobody was answered.
    ['an enqueue that may have happened', history('1:enqueue(1)'), { model: 'queue' }, 'unknown'],
    ['an enqueue', history('1:enqueue(1) 1:ok'), { model: 'queue' }, 'valid'],
    ['a dequeue during the enqueue', history('2:dequeue 1:enqueue(1) 2:ok(1)'), { model: 'queue' }, 'valid'],
    ['a dequeue of nothing', history('1:dequeue 1:ok(1)'), { model: 'queue' }, 'invalid'],
  ]);
});

describe('Jepsen, checker_test: set-full', () => {
  const add = '0:add(0)';
  const added = '0:ok';
  const read = '1:read';
  const present = '1:ok([0])';
  const absent = '1:ok([])';
  const told = (...words: string[]): History => history(words.join(' '));
  agree(library.setFull, [
    ['never read', told(add, added), {}, 'unknown'],
    ['neither confirmed nor seen', told(add, read, absent), {}, 'unknown'],
    ['seen before', told(read, add, present, added), {}, 'valid', { stable: 1 }],
    ['seen by a read around it', told(read, add, added, present), {}, 'valid', { stable: 1 }],
    ['seen by a read within it', told(add, read, present, added), {}, 'valid', { stable: 1 }],
    ['seen by a read that ends later', told(add, read, added, present), {}, 'valid', { stable: 1 }],
    ['seen afterwards', told(add, added, read, present), {}, 'valid', { stable: 1 }],
    ['absent afterwards', told(add, added, read, absent), {}, 'invalid', { lost: 1 }],
    ['absent before', told(read, add, absent, added), {}, 'unknown', { neverRead: 1 }],
    ['absent from a read around it', told(read, add, added, absent), {}, 'unknown', { neverRead: 1 }],
    ['absent from a read within it', told(add, read, absent, added), {}, 'unknown', { neverRead: 1 }],
    ['absent from a read that ends later', told(add, read, added, absent), {}, 'unknown', { neverRead: 1 }],
    [
      'seen, then missing',
      history(
        '0:add(0) 1:add(1) 2:read 2:ok([1]) 0:ok 1:ok 2:read 2:ok([0,1]) 2:read 2:ok([0]) 2:read 2:ok([])',
      ),
      {},
      'invalid',
      { lost: 2, stale: 0, stable: 0 },
    ],
    // They call 0 lost, since a read that begins last does not show it. But one that began before and ended after that one does, and may have come last: it is stale.
    [
      'one flutters, and so does the other',
      history('0:add(0) 0:ok 1:add(1) 2:read 2:ok([1]) 1:ok 2:read 3:read 3:ok([1]) 2:ok([0])'),
      {},
      'valid',
      { lost: 0, stale: 2, stable: 2 },
    ],
  ]);
});

describe('Jepsen, long_fork_test: long-fork', () => {
  agree(library.longFork, [
    [
      'two reads that order two writes oppositely',
      registerTransactions('0 ws1 0..1\n1 wt1 0..1\n2 wu1 0..1\n3 rs1rt1ru 2..4\n4 ru1rs1rt 3..5'),
      {},
      'invalid',
      { found: { 'long-fork': 1 } },
    ],
  ]);
});

describe('Jepsen, causal_reverse_test: causal-reverse', () => {
  const both = '0:write(1) 0:ok 0:write(2) 0:ok 0:read';
  agree(library.causalReverse, [
    ['both', history(`${both} 0:ok([1,2])`), {}, 'valid'],
    ['the first without the second', history(`${both} 0:ok([1])`), {}, 'valid'],
    ['the second without the first', history(`${both} 0:ok([2])`), {}, 'invalid', { reversed: 1 }],
    ['two at once', history('0:write(2) 1:write(1) 1:ok 2:read 0:ok 2:ok([1,2])'), {}, 'valid'],
    [
      'two at once, the other way',
      history('0:write(1) 1:write(2) 0:ok 2:read 1:ok 2:ok([2,1])'),
      {},
      'valid',
    ],
  ]);
});

describe('Porcupine, porcupine_test: a register', () => {
  const options = { model: 'register', initial: 0 };
  agree(library.linearizable, [
    ['overlapping', history('0:write(100) 1:read 2:read 2:ok(0) 1:ok(100) 0:ok'), options, 'valid'],
    [
      'the old value after the new one',
      history('0:write(200) 1:read 1:ok(200) 2:read 2:ok(0) 0:ok'),
      options,
      'invalid',
    ],
    // Operations of no duration, that meet at a moment: in the order in which they are written.
    [
      'no duration',
      history('0:write(100) 1:read 2:read 2:ok(0) 3:read 3:ok(0) 1:ok(100) 0:ok'),
      options,
      'valid',
    ],
    [
      'no duration, the old value after the new one',
      history('0:write(200) 1:read 1:ok(200) 2:read 2:ok(200) 3:read 3:ok(0) 0:ok'),
      options,
      'invalid',
    ],
  ]);
});
