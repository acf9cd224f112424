import { describe, expect, it } from 'vitest';
import { encode, type Json, MILLISECOND, type Plan, SECOND } from '../../harness/contract/index.ts';
import { complaints, trial } from '../testing/trial.ts';
import { short, stateIn } from './forms.ts';
import { quorum } from './index.ts';

const dotted: Json = [
  { dot: ['n1/1', 3], context: { 'n1/1': 2 }, value: 'a', time: 5 },
  { dot: ['n2/1', 1], context: {}, value: null, time: 6 },
];
const lastWrite: Json = { time: 7, dot: ['n3/2', 4], value: ['x', 1] };

describe('the two forms of a copy', () => {
  it.each([
    ['siblings', dotted],
    ['none', []],
    ['last write', lastWrite],
  ])('say the same: %s', (_, state) => {
    const read = stateIn({ f: 'store', key: 'k', short: short(state) }, 2);
    expect(encode(read!)).toEqual(encode(state));
    expect(encode(stateIn({ f: 'store', key: 'k', state }, 1)!)).toEqual(encode(state));
  });

  it('are not both known to version 1, which sees no copy in the short one', () => {
    expect(stateIn({ f: 'store', key: 'k', short: short(dotted) }, 1)).toBeUndefined();
  });
});

describe('an upgrade from server to server', () => {
  /** Each server in turn, one every 0.6 s. */
  const rolling = (from: number, version: number): Plan['schedule'] =>
    ['n1', 'n2', 'n3', 'n4', 'n5'].map((host, nth) => ({
      at: from * SECOND + nth * 600 * MILLISECOND,
      for: 200 * MILLISECOND,
      fault: 'upgrade',
      target: { hosts: [host] },
      parameters: { version },
    }));
  const atomic = {
    resolution: 'last-write-wins',
    timestamps: 'quorum',
    quorum: 'strict',
    readRepair: 'before-reply',
  };

  it.each([[{}], [atomic]])('loses nothing, forth and back: %o', async (options) => {
    const schedule = [...rolling(0.5, 2), ...rolling(4, 1)];
    const request = { time: 8 * SECOND, schedule, options, clients: 3, rate: 30 };
    expect(complaints(await trial(quorum, 1, request))).toEqual([]);
  });

  it('loses acknowledged writes if new servers send what old ones do not know', async () => {
    const schedule = rolling(0.5, 2);
    const request = { time: 4 * SECOND, schedule, options: atomic, clients: 6, rate: 80 };
    expect(complaints(await trial(quorum, 1, request))).toEqual([]);
    const flawed = await trial(quorum, 1, { ...request, flaw: 'new-form-to-all' });
    expect(complaints(flawed)).toContain('linearizable/nonlinearizable');
  });
});
