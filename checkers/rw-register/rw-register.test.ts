import { describe, expect, it } from 'vitest';
import type { History, HistoryHeader } from '../../histories/index.ts';
import type { Verdict } from '../checker.ts';
import { history as words } from '../testing/notation.ts';
import { registerMicros, transactions } from '../transactions/testing/notation.ts';
import { type RwRegisterOptions, rwRegister } from './index.ts';

function registers(text: string, header: Partial<HistoryHeader> = {}): History {
  return transactions(text, header, registerMicros);
}

function check(text: string, options: RwRegisterOptions = {}, header?: Partial<HistoryHeader>): Verdict {
  return rwRegister.check(registers(text, header), options, {});
}

/** What was found, and the weakest models that it rules out. */
function outcome(text: string, options: RwRegisterOptions = {}) {
  const { validity, figures } = check(text, options);
  return { validity, found: figures.found, not: figures.not };
}

const LEGAL = { validity: 'valid', found: {}, not: [] };

describe('rw-register: legal', () => {
  it.each([
    ['reads of what was written', '0 wx1 0..1\n1 wx2 2..3\n2 rx2 4..5'],
    ['a nil read before the only write', '0 rx_\n1 wx1'],
    ['reads of its own writes', '0 wx1rx1wx2rx2'],
    ['concurrent writes in either order', '0 wx1 0..9\n1 wx2 0..9\n2 rx1 10..11'],
    ['a write of an indeterminate transaction seen', '0 wx1 0..1 info\n1 rx1 2..3'],
    ['a write of an indeterminate transaction never seen', '0 wx1 0..1 info\n1 rx_ 2..3'],
    ['a write of an indeterminate transaction taking effect late', '0 wx1 0..1 info\n1 rx_ 2..3\n2 rx1 4..5'],
    ['an open transaction seen', '0 wx1 0..\n1 rx1 2..3'],
    ['a failed transaction never seen', '0 wx1 0..1 fail\n1 rx_ 2..3'],
    ['a failed write tried again', '0 wx1 0..1 fail\n1 wx1 2..3\n1 rx1 4..5'],
  ])('%s', (_, text) => {
    expect(outcome(text)).toEqual(LEGAL);
  });
});

describe('rw-register: cycles', () => {
  it.each([
    ['G0', '0 wx1wy2 0..1\n1 wx2wy1 0..1\n0 rx2 2..3\n1 ry2 2..3', { sequentialKeys: true }],
    ['G0-process', '0 rx1wx2 0..1\n0 wx1 2..3', { writesFollowReads: true }],
    ['G0-realtime', '0 rx1wx2 0..1\n1 wx1 2..3', { writesFollowReads: true }],
    ['G1c', '0 wx1ry1\n1 wy1rx1', {}],
    ['G1c-process', '0 rx1 0..1\n0 wx1 2..3', {}],
    ['G1c-realtime', '0 rx1 0..1\n1 wx1 2..3', {}],
    ['G-single', '0 rx_ry1\n1 wy1wx2', {}],
    ['G-single-process', '0 wx1 0..1\n0 wx2 2..3\n0 rx1 4..5', {}],
    ['G-single-realtime', '0 wx1 0..1\n1 wx2 2..3\n2 rx1 4..5', {}],
    ['G-nonadjacent', '0 wx1\n1 rx1ry_\n2 wy1\n3 ry1rx_', {}],
    ['G-nonadjacent-process', '0 rx_rz1 0..9\n1 wx1 2..3\n1 rz_ 4..5\n2 wz1 0..9', {}],
    ['G-nonadjacent-realtime', '0 rx_rz1 0..9\n1 wx1 2..3\n3 rz_ 4..5\n2 wz1 0..9', {}],
    ['G2-item', '0 rx_wy1\n1 ry_wx1', {}],
    ['G2-item-process', '0 wx1 0..1\n0 ry_ 2..3\n1 wy1rx_ 0..9', {}],
    ['G2-item-realtime', '0 wx1 0..1\n2 ry_ 2..3\n1 wy1rx_ 0..9', {}],
  ])('%s', (name, text, options) => {
    const { validity, found } = outcome(text, options);
    expect({ validity, found }).toEqual({ validity: 'invalid', found: { [name]: 1 } });
  });

  it('rule out the weakest models that forbid them', () => {
    expect(outcome('0 wx1ry1\n1 wy1rx1').not).toEqual(['read-committed']);
    expect(outcome('0 rx_wy1\n1 ry_wx1').not).toEqual(['repeatable-read']);
    expect(outcome('0 wx1 0..1\n0 wx2 2..3\n0 rx1 4..5').not).toEqual([
      'sequential',
      'strong-session-snapshot-isolation',
    ]);
    expect(outcome('0 wx1 0..1\n1 wx2 2..3\n2 rx1 4..5').not).toEqual([
      'linearizable',
      'strong-snapshot-isolation',
    ]);
  });

  it('that only an assumption makes', () => {
    const text = '0 wx1 0..1\n1 wx2wy1 2..3\n2 rx1ry1 0..9';
    expect(outcome(text, { model: 'serializable' }).found).toEqual({ 'G-single-realtime': 1 });
    expect(outcome(text, { model: 'serializable' }).validity).toBe('valid');
    expect(outcome(text, { model: 'serializable', linearizableKeys: true })).toMatchObject({
      validity: 'invalid',
      found: { 'G-single': 1 },
    });
  });

  it('writes of a partly visible indeterminate transaction happened', () => {
    expect(outcome('0 wx1wy1 info\n1 rx1ry_').found).toEqual({ 'G-single': 1 });
  });

  it('reads of an indeterminate transaction say nothing', () => {
    expect(outcome('0 ry_rx1 info\n1 wx1wy1\n2 rx1ry1')).toEqual(LEGAL);
  });
});

type Wrong = [name: string, text: string, found: { [anomaly: string]: number }, options?: RwRegisterOptions];

describe('rw-register: what is wrong without a cycle', () => {
  it.each([
    ['G1a', '0 wx1 fail\n1 rx1', { G1a: 1 }],
    ['G1b', '0 wx1wx2\n1 rx1', { G1b: 1 }],
    ['internal: not what it wrote', '0 wx1\n1 rx1wx2rx1', { internal: 1 }],
    ['internal: not what it read', '0 wx1\n1 wx2\n2 rx1rx2', { internal: 1 }],
    ['future-read', '0 rx1wx1', { 'future-read': 1 }],
    ['dirty-update', '0 wx1 fail\n1 rx1wx2', { G1a: 1, 'dirty-update': 1 }],
    ['lost-update', '0 rx_wx1\n1 rx_wx2', { 'lost-update': 1, 'G2-item': 1 }],
    ['garbage-read', '0 wx1\n1 rx2', { 'garbage-read': 1 }],
    ["garbage-read of another key's value", '0 wx1\n1 ry1', { 'garbage-read': 1 }],
    ['garbage-read where the initial value is another', '0 rx_', { 'garbage-read': 1 }, { initial: 0 }],
    [
      'cyclic-versions',
      '0 wx1 0..1\n0 wx2 2..3\n0 rx1 4..5',
      { 'cyclic-versions': 1, 'G-single-process': 1 },
      { sequentialKeys: true },
    ],
  ] as readonly Wrong[])('%s', (_, text, found, options = {}) => {
    const result = outcome(text, options);
    expect({ validity: result.validity, found: result.found }).toEqual({ validity: 'invalid', found });
  });

  it('garbage rules everything out, at whatever level', () => {
    const { validity, figures } = check('0 wx1\n1 rx2', { model: 'read-uncommitted' });
    expect(validity).toBe('invalid');
    expect(figures.may).toEqual([]);
  });

  it('the initial value may be told', () => {
    expect(outcome('0 rx0wx1\n1 rx1', { initial: 0 })).toEqual(LEGAL);
  });
});

describe('rw-register: commit orders', () => {
  it.each([
    ['monotonic-atomic-view', 'OTV', '0 wx1\n1 rx1wx2wy2\n2 ry2rx1'],
    ['strong-session-monotonic-atomic-view', 'OTV-process', '0 wx1 0..1\n0 wx2wy2 2..3\n1 ry2rx1 4..5'],
    ['read-atomic', 'fractured-read', '0 wx1\n1 rx1wx2wy2\n2 rx1ry2'],
    ['strong-session-read-atomic', 'fractured-read-process', '0 wx1 0..1\n0 wx2 2..3\n0 rx1 4..5'],
    ['causal', 'causality-violation', '0 wx1 0..1\n1 rx1wx2 2..3\n1 wy1 4..5\n2 ry1rx1 6..7'],
    ['read-atomic', 'OTV', '0 wx1wy1\n1 rx1ry_'],
    ['causal', 'causality-violation', '0 wx1 0..1\n0 wy1 2..3\n1 ry1 4..5\n1 rx_ 6..7'],
  ])('%s forbids %s', (model, name, text) => {
    const { validity, found } = outcome(text, { model });
    expect({ validity, found }).toEqual({ validity: 'invalid', found: { [name]: 1 } });
  });

  it.each([
    ['read-committed', '0 wx1\n1 rx1wx2wy2\n2 ry2rx1'],
    ['monotonic-atomic-view', '0 wx1\n1 rx1wx2wy2\n2 rx1ry2'],
    ['read-atomic', '0 wx1 0..1\n1 rx1wx2 2..3\n1 wy1 4..5\n2 ry1rx1 6..7'],
    ['causal', '0 rx_wx1\n1 rx_wx2'],
    ['causal', '0 wx1 0..1\n1 wx2 0..1\n2 rx1 2..3\n2 rx2 4..5\n3 rx2 2..3'],
  ])('%s permits what the next forbids', (model, text) => {
    expect(outcome(text, { model }).validity).toBe('valid');
  });

  it('are told with the read that demands them, and how its transaction had seen the other', () => {
    const text = '0 wx1 0..1\n1 rx1wx2 2..3\n1 wy1 4..5\n2 ry1rx1 6..7';
    expect(check(text, { model: 'TCC' }).anomalies.map(({ explanation }) => explanation)).toEqual([
      'Let T1 = (process 1: read x = 1, write x = 2; operations 2 and 3, 0.002 s - 0.003 s), T2 = (process 0: write x = 1; operations 0 and 1, 0.000 s - 0.001 s), T3 = (process 2: read y = 1, read x = 1; operations 6 and 7, 0.006 s - 0.007 s) and T4 = (process 1: write y = 1; operations 4 and 5, 0.004 s - 0.005 s). ' +
        'T1 must come before T2, because T3 read x = 1 of T2, although it had seen T1, which wrote x = 2 (process 1 ran T1 before T4; T3 read y = 1, which T4 wrote): so that came first. ' +
        'However, T2 must come before T1, because T1 read x = 1, which T2 wrote: a contradiction.',
    ]);
  });
});

describe('rw-register: unknown', () => {
  const reason = (text: string, options: RwRegisterOptions = {}, header?: Partial<HistoryHeader>) => {
    const verdict = check(text, options, header);
    return `${verdict.validity}: ${verdict.reason}`;
  };

  it('without transactions, and without one that was acknowledged', () => {
    expect(reason('')).toBe('unknown: the history has no transactions');
    expect(reason('0 wx1 info')).toBe('unknown: no transaction was acknowledged');
  });

  it('a value written twice, unless something is wrong anyway', () => {
    expect(reason('0 wx1\n1 wx1\n2 rx1')).toBe(
      'unknown: writes must be unique, but 1 was written to x more than once or is what it held at first (by operation 0), so not every dependency can be told',
    );
    expect(outcome('0 wx1\n1 wx1\n2 rx1ry9').found).toEqual({ 'garbage-read': 1 });
  });

  it('what the order of events says nothing about', () => {
    expect(reason('0 wx1\n1 rx1', { model: 'causal' }, { realtime: false })).toBe(
      'unknown: the order of this history claims nothing about real time, so causal cannot be judged',
    );
  });

  it('a bound of time', () => {
    const { validity, reason: why } = rwRegister.check(
      registers(Array.from({ length: 5000 }, (_, i) => `${i} rx_`).join('\n')),
      { model: 'causal' },
      { seconds: 3, expired: () => true },
    );
    expect({ validity, why }).toEqual({
      validity: 'unknown',
      why: 'the bound of 3 s was reached before cycles of commit orders could be excluded',
    });
  });

  it('micro-operations of another kind', () => {
    const history = registers('0 wx1');
    const events = history.events.map((event) => ({ ...event, value: [['append', 'x', 1]] }));
    expect(rwRegister.check({ ...history, events }, {}, {}).reason).toBe(
      'operation 1: expected micro-operations ["w", key, value] and ["r", key, value or null], got ["append","x",1]',
    );
  });
});

describe('rw-register: the verdict', () => {
  it('tells a cycle step by step, and as data', () => {
    expect(check('0 wx1 0..1\n1 wx2 2..3\n2 rx1 4..5').anomalies).toEqual([
      {
        name: 'G-single-realtime',
        key: 'x',
        explanation:
          'Let T1 = (process 1: write x = 2; operations 2 and 3, 0.002 s - 0.003 s), T2 = (process 2: read x = 1; operations 4 and 5, 0.004 s - 0.005 s) and T3 = (process 0: write x = 1; operations 0 and 1, 0.000 s - 0.001 s). ' +
          'T1 must come before T2, because T1 had completed (operation 3) before T2 was invoked (operation 4). ' +
          'However, T2 must come before T1, because T2 read x = 1, and T1 wrote 2 later: T3, which wrote 1, had completed (operation 1) before T1, which wrote 2, was invoked (operation 2): a contradiction.',
        operations: [0, 1, 2, 3, 4, 5],
        data: {
          cycle: [
            { from: 'T1', to: 'T2', type: 'realtime', completed: 3, invoked: 4 },
            { from: 'T2', to: 'T1', type: 'rw', key: 'x', value: 1, next: 2 },
          ],
          transactions: { T1: 2, T2: 4, T3: 0 },
        },
      },
    ]);
  });
});

describe('rw-register: plain operations', () => {
  it('are transactions of one micro-operation', () => {
    const history = words('0:x.write(1) 0:ok 1:x.write(2) 1:ok 2:x.read 2:ok(1)');
    expect(rwRegister.check(history, {}, {}).figures).toMatchObject({
      transactions: 3,
      found: { 'G-single-realtime': 1 },
    });
  });
});
