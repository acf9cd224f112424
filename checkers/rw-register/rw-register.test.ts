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
    ['G1c', '0 wx1ry1\n1 wy1rx1', { G1c: 1 }, ['read-committed']],
    [
      'G-single from the initial state',
      '0 rx_ry1\n1 wy1wx2',
      { 'G-single': 1 },
      ['consistent-view', 'parallel-snapshot-isolation', 'repeatable-read'],
    ],
    [
      'stale read in a process',
      '0 wx1 0..1\n0 wx2 2..3\n0 rx1 4..5',
      { 'G-single-process': 1 },
      ['sequential', 'strong-session-snapshot-isolation'],
    ],
    [
      'stale read in real time',
      '0 wx1 0..1\n1 wx2 2..3\n2 rx1 4..5',
      { 'G-single-realtime': 1 },
      ['linearizable', 'strong-snapshot-isolation'],
    ],
    ['G2-item', '0 rx_wy1\n1 ry_wx1', { 'G2-item': 1 }, ['repeatable-read']],
  ])('%s', (_, text, found, not) => {
    expect(outcome(text)).toEqual({ validity: 'invalid', found, not });
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
