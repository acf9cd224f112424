import { describe, expect, it } from 'vitest';
import type { HistoryHeader } from '../../histories/index.ts';
import type { Verdict } from '../checker.ts';
import { transactions } from '../transactions/testing/notation.ts';
import { listAppend } from './index.ts';

function check(text: string, model?: string, header?: Partial<HistoryHeader>): Verdict {
  return listAppend.check(transactions(text, header), model === undefined ? {} : { model }, {});
}

/** What was found, and the weakest models that it rules out. */
function outcome(text: string, model = 'strict-serializable') {
  const { validity, figures } = check(text, model);
  return { validity, found: figures.found, not: figures.not };
}

/** The weakest models of all. */
const NOTHING_HOLDS = [
  'read-uncommitted',
  'read-your-writes',
  'monotonic-reads',
  'monotonic-writes',
  'writes-follow-reads',
];

const LEGAL = { validity: 'valid', found: {}, not: [] };

describe('list-append: legal', () => {
  it.each([
    ['reads of what is appended', '0 ax1 0..1\n1 ax2 2..3\n2 rx12 4..5'],
    ['a nil read before the only append', '0 rx\n1 ax1'],
    ['reads of its own appends', '0 ry56ax3rx123ax4rx1234\n1 ax1ax2ay5ay6'],
    ['two appends after one read', '0 rxax1ax2\n1 rx12'],
    ['appends of an indeterminate transaction seen', '0 ax1 0..1 info\n1 rx1 2..3'],
    ['appends of an indeterminate transaction never seen', '0 ax1 0..1 info\n1 rx 2..3'],
    ['appends of an indeterminate transaction taking effect late', '0 ax1 0..1 info\n1 rx 2..3\n2 rx1 4..5'],
    ['an open transaction seen', '0 ax1 0..\n1 rx1 2..3'],
    ['a failed transaction never seen', '0 ax1 0..1 fail\n1 rx 2..3'],
    ['a failed append tried again', '0 ax1 0..1 fail\n1 ax1 2..3\n1 rx1 4..5'],
    ['concurrent transactions in the opposite order of their invocation', '0 rx1 0..10\n1 ax1 1..11'],
    ['figure 3 of Adya, Liskov and O Neil', '0 az1ax1ay1\n1 rx1ay2\n2 ry12az3\n3 rz13'],
  ])('%s', (_, text) => {
    expect(outcome(text)).toEqual(LEGAL);
  });
});

describe('list-append: cycles', () => {
  it.each([
    ['G0', '0 ax1ay1\n1 ax2ay2\n2 rx12ry21', { G0: 1 }, ['read-uncommitted']],
    ['G1c', '0 ax1ry1\n1 ax2ay1\n2 rx12ry1', { G1c: 1 }, ['read-committed']],
    [
      'G-single',
      '0 ax1ay1\n1 ax2ry\n2 rx12',
      { 'G-single': 1 },
      ['consistent-view', 'parallel-snapshot-isolation', 'repeatable-read'],
    ],
    [
      'G-nonadjacent',
      '0 ax1\n1 rx1ry\n2 ay1\n3 ry1rx',
      { 'G-nonadjacent': 1 },
      ['repeatable-read', 'snapshot-isolation'],
    ],
    ['G2-item', '0 rxay1\n1 ryax1', { 'G2-item': 1 }, ['repeatable-read']],
    [
      'G2-item of three, with two anti-dependencies in a row',
      '0 ryrz3\n1 ay1rx\n2 ax1az3',
      { 'G2-item': 1 },
      ['repeatable-read'],
    ],
    [
      'G0-process',
      '0 ax1 0..1\n0 ax2 2..3\n1 rx21 0..3',
      { 'G0-process': 1 },
      ['strong-session-read-uncommitted'],
    ],
    ['G0-realtime', '0 ax1 0..1\n1 ax2 2..3\n2 rx21 0..3', { 'G0-realtime': 1 }, ['strong-read-uncommitted']],
    [
      'G2-item-realtime',
      '0 ax1 0..1\n2 ry 2..3\n1 ay1rx 0..9',
      { 'G2-item-realtime': 1 },
      ['strict-serializable'],
    ],
    [
      'G1c-process',
      '0 rx1ay1 0..1\n1 ry1 2..3\n1 ax1 4..5',
      { 'G1c-process': 1 },
      ['strong-session-read-committed'],
    ],
    ['G1c-realtime', '0 rx1 0..1\n1 ax1 2..3', { 'G1c-realtime': 1 }, ['strong-read-committed']],
    [
      'G-single-process',
      '0 ax1 0..1\n1 ax2 2..3\n1 rx1 4..5\n2 rx12 6..7',
      { 'G-single-process': 1 },
      ['strong-session-snapshot-isolation'],
    ],
    [
      'G-single-realtime',
      '0 ax1 0..1\n1 ax2 2..3\n2 rx1 4..5\n3 rx12 6..7',
      { 'G-single-realtime': 1 },
      ['strong-snapshot-isolation'],
    ],
    [
      'G-nonadjacent-process',
      '0 rxrz1 0..9\n1 ax1 2..3\n1 rz 4..5\n2 az1 0..9',
      { 'G-nonadjacent-process': 1 },
      ['strong-session-snapshot-isolation'],
    ],
    [
      'G-nonadjacent-realtime',
      '0 rxrz1 0..9\n1 ax1 2..3\n3 rz 4..5\n2 az1 0..9',
      { 'G-nonadjacent-realtime': 1 },
      ['strong-snapshot-isolation'],
    ],
    [
      'G2-item-process',
      '0 ax1 0..1\n0 ry 2..3\n1 ay1rx 0..9',
      { 'G2-item-process': 1 },
      ['strong-session-serializable'],
    ],
  ])('%s', (_, text, found, not) => {
    expect(outcome(text)).toEqual({ validity: 'invalid', found, not });
  });

  it('appends that no read shows come after those that reads show', () => {
    expect(outcome('0 ax1ay1\n1 ax2ay2\n2 ax3ay3\n3 rx12\n4 ry2').found).toEqual({ G0: 1, 'G-single': 1 });
  });

  it('appends of a partly visible indeterminate transaction happened', () => {
    expect(outcome('0 ax1ay1 info\n1 rx1ry')).toEqual({
      validity: 'invalid',
      found: { 'G-single': 1 },
      not: ['consistent-view', 'parallel-snapshot-isolation', 'repeatable-read'],
    });
  });

  it('reads of an indeterminate transaction say nothing', () => {
    expect(outcome('0 ax2ry info\n1 ax1ay1\n2 rx12ry1')).toEqual(LEGAL);
  });
});

describe('list-append: reads that are wrong in themselves', () => {
  it.each([
    ['G1a', '0 ax1 fail\n1 rx1', { G1a: 1 }, ['read-committed']],
    ['G1b', '0 ax1ax2\n1 rx1', { G1b: 1, 'G-single': 1 }, ['read-committed']],
    ['internal after a read', '0 ax1ax2 0..1\n1 rx12ax3rx12 2..3', { internal: 1 }, ['read-atomic']],
    ['internal after an append', '0 ax1rx', { internal: 1 }, ['read-atomic']],
    ['internal and an intruder', '0 ax1ax2ax4\n1 ax3rx1234', { internal: 1, G0: 1 }, ['read-uncommitted']],
    ['future-read', '0 rx1ax1', { 'future-read': 1 }, ['read-committed']],
    [
      'future-read after an append',
      '0 ax1rx21ax2ax3',
      { 'future-read': 1, 'incompatible-order': 1 },
      ['read-committed'],
    ],
    ['dirty-update', '0 ax1 fail\n1 ax2\n2 rx12', { G1a: 1, 'dirty-update': 1 }, ['read-committed']],
    [
      'lost-update',
      '0 ax1 0..1\n1 rx1ax2 2..3\n2 rx1ax3 2..3',
      { 'lost-update': 1, 'G2-item': 1 },
      ['cursor-stability', 'parallel-snapshot-isolation'],
    ],
    ['duplicate-elements', '0 ax1\n1 ax2\n2 rx121', { 'duplicate-elements': 1 }, ['read-uncommitted']],
    ['incompatible-order', '0 ax1\n1 ax2\n2 rx12\n3 rx21', { 'incompatible-order': 1 }, ['read-committed']],
    [
      'incompatible-order within a transaction',
      '0 ax1ax2ax3\n1 rx213',
      { 'incompatible-order': 1 },
      ['read-committed'],
    ],
    ['garbage-read', '0 ax1\n1 rx19', { 'garbage-read': 1 }, NOTHING_HOLDS],
    [
      'garbage-read where others disagree',
      '0 ax1ax2\n1 rx12\n2 rx19',
      { 'garbage-read': 1, 'incompatible-order': 1 },
      NOTHING_HOLDS,
    ],
  ])('%s', (_, text, found, not) => {
    expect(outcome(text)).toEqual({ validity: 'invalid', found, not });
  });
});

describe('list-append: models', () => {
  it('permits what a weaker model permits, and says what was found', () => {
    expect(outcome('0 rxay1\n1 ryax1', 'snapshot-isolation')).toEqual({
      validity: 'valid',
      found: { 'G2-item': 1 },
      not: ['repeatable-read'],
    });
    expect(outcome('0 ax1 0..1\n1 rx 2..3', 'serializable').validity).toBe('valid');
  });

  it('knows other names of models', () => {
    expect(outcome('0 ax1ay1\n1 ax2ry\n2 rx12', 'PL-2').validity).toBe('valid');
    expect(outcome('0 ax1ay1\n1 ax2ry\n2 rx12', 'PL-2+').validity).toBe('invalid');
  });

  it('refuses a model that it does not know', () => {
    expect(() => check('0 ax1', 'eventual')).toThrow('option model: expected one of read-uncommitted');
    expect(() => check('0 ax1', 'toString')).toThrow('got toString');
  });
});

describe('list-append: unknown', () => {
  const reason = (text: string, model?: string, header?: Partial<HistoryHeader>) => {
    const verdict = check(text, model, header);
    return `${verdict.validity}: ${verdict.reason}`;
  };

  it('without transactions, and without one that was acknowledged', () => {
    expect(reason('')).toBe('unknown: the history has no transactions');
    expect(reason('0 ax1 info')).toBe('unknown: no transaction was acknowledged');
  });

  it('an element appended twice, unless something is wrong anyway', () => {
    expect(reason('0 ax1\n1 ax1\n2 rx1')).toBe(
      'unknown: appends must be unique, but 1 was appended to x more than once (first by operation 0), so not every dependency can be told',
    );
    expect(outcome('0 ax1\n1 ax1\n2 rx11ry9').found).toEqual({ 'garbage-read': 1 });
  });

  it('what the order of events says nothing about', () => {
    expect(reason('0 ax1', 'strict-serializable', { realtime: false })).toBe(
      'unknown: the order of this history claims nothing about real time, so strict-serializable cannot be judged',
    );
    expect(check('0 ax1 0..1\n0 rx 2..3', undefined, { realtime: false })).toMatchObject({
      validity: 'valid',
      figures: { model: 'serializable', realtime: false },
    });
  });

  it('micro-operations of another kind', () => {
    const history = transactions('0 ax1');
    const events = history.events.map((event) => ({ ...event, value: [['w', 'x', 1]] }));
    expect(listAppend.check({ ...history, events }, {}, {}).reason).toBe(
      'operation 1: expected micro-operations ["append", key, value] and ["r", key, null or list], got ["w","x",1]',
    );
  });

  it('a bound of steps reached before a class of cycles was excluded', () => {
    const history = transactions('0 rxay1\n1 ryax1');
    expect(listAppend.check(history, { model: 'serializable' }, { steps: 1 })).toMatchObject({
      validity: 'unknown',
      reason: 'the bound of 1 steps was reached before G2-item could be excluded',
    });
  });
});

describe('list-append: the verdict', () => {
  it('tells a cycle step by step, and as data', () => {
    const text = '4 ax1ay1 10..20\n5 ax2ry 11..21\n6 rx12 30..40';
    expect(check(text).anomalies).toEqual([
      {
        name: 'G-single',
        explanation:
          'Let T1 = (process 4: append 1 to x, append 1 to y; operations 0 and 2, 0.010 s - 0.020 s), T2 = (process 5: append 2 to x, read y = []; operations 1 and 3, 0.011 s - 0.021 s) and T3 = (process 6: read x = [1 2]; operations 4 and 5, 0.030 s - 0.040 s). ' +
          "T1 must come before T2, because T3 read x = [1 2]: there T2's 2 comes after T1's 1. " +
          'However, T2 must come before T1, because T2 read y = [], and so did not see that T1 appended 1: a contradiction.',
        operations: [0, 1, 2, 3, 4, 5],
        data: {
          cycle: [
            { from: 'T1', to: 'T2', type: 'ww', key: 'x', value: 1, next: 2 },
            { from: 'T2', to: 'T1', type: 'rw', key: 'y', value: 1 },
          ],
          transactions: { T1: 0, T2: 1, T3: 4 },
        },
      },
    ]);
  });

  it('counts what it looked at', () => {
    expect(check('0 ax1ry\n1 rx1\n2 ax2 info\n3 ax3 fail').figures).toEqual({
      model: 'strict-serializable',
      realtime: true,
      transactions: 4,
      acknowledged: 2,
      failed: 1,
      indeterminate: 1,
      keys: 2,
      appends: 3,
      reads: 2,
      edges: 3,
      found: {},
      not: [],
      violated: [],
      may: ['strict-serializable'],
    });
  });

  it('the example of the paper: read skew', () => {
    const verdict = check(
      '0 as134ax2345ay12 0..1\n1 ax8rs134 2..3\n2 ay4rx23458ry124rs134 4..5\n3 az0rs134rx2345ay3 6..7',
      'serializable',
      { realtime: false },
    );
    expect(verdict.anomalies.map(({ name }) => name)).toEqual(['G-single']);
    expect(verdict.anomalies[0]!.data).toMatchObject({
      cycle: [{ type: 'wr' }, { type: 'ww' }, { type: 'rw' }],
    });
  });

  it('lost updates of many transactions at once take edges in proportion to their number', () => {
    const text = Array.from({ length: 200 }, (_, process) => `${process} rx`).join('\n');
    const history = transactions(text);
    const events = history.events.map((event, index) =>
      index < 200
        ? {
            ...event,
            value: [
              ['r', 'x', null],
              ['append', 'x', index],
            ],
          }
        : {
            ...event,
            value: [
              ['r', 'x', []],
              ['append', 'x', index - 200],
            ],
          },
    );
    const { figures, anomalies } = listAppend.check({ ...history, events }, { model: 'serializable' }, {});
    expect(figures).toMatchObject({ components: 1, found: { 'lost-update': 199, 'G2-item': 1 } });
    expect(figures.edges).toBeLessThan(2000);
    expect(anomalies.at(-1)!.data).toMatchObject({ cycle: [{ type: 'rw' }, { type: 'rw' }] });
  });

  it('of several stores are refused: the same key means another list in each', () => {
    const { header, events } = transactions('0 ax1\n1 rx');
    const keyed = events.map((event, index) => ({ ...event, key: index % 2 === 0 ? 'a' : 'b' }));
    expect(() => listAppend.check({ header, events: keyed }, {}, {})).toThrow(
      'expected transactions of one store, got the key "b" beside "a"',
    );
  });
});
