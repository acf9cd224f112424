import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { History, Json } from '../../histories/index.ts';
import { comparisons } from '../testing/comparisons.ts';
import { longFork } from './index.ts';
import { snapshotHistories } from './testing/arbitrary.ts';
import { someOrderExplains } from './testing/brute-force.ts';
import { registerTransactions } from './testing/notation.ts';

const FORK = `
  0 wx1 0..10
  1 wy1 0..10
  2 rx1ry 0..20
  3 rxry1 5..30
`;

const claiming = (consistency: string) => ({
  claims: { consistency, durability: false, recoveryWithin: 0 },
});

describe('long-fork', () => {
  it('is valid where all reads are prefixes of one order of the writes', () => {
    const history = registerTransactions('0 wx1 \n 1 wy1 \n 2 rx1ry \n 3 rxry \n 4 rx1ry1');
    expect(longFork.check(history, {}, {})).toEqual({
      checker: 'long-fork',
      validity: 'valid',
      anomalies: [],
      figures: { transactions: 5, keys: 2, versions: 2, readsOfKeys: 6, snapshots: 3, found: {} },
    });
  });

  it('finds two reads that order two writes oppositely, and tells them', () => {
    expect(longFork.check(registerTransactions(FORK), {}, {})).toEqual({
      checker: 'long-fork',
      validity: 'invalid',
      anomalies: [
        {
          name: 'long-fork',
          explanation:
            'Let T1 = (process 0: write "x" = 1; operations 0 and 4, 0.000 s - 0.010 s), T2 = (process 2: read "x" = 1 and read "y" = null; operations 2 and 6, 0.000 s - 0.020 s), T3 = (process 1: write "y" = 1; operations 1 and 5, 0.000 s - 0.010 s) and T4 = (process 3: read "x" = null and read "y" = 1; operations 3 and 7, 0.005 s - 0.030 s). T1 < T2, because T2 saw "x" = 1, which T1 wrote. T2 < T3, because T2 did not see "y" = 1, which T3 wrote. T3 < T4, because T4 saw "y" = 1, which T3 wrote. However, T4 < T1, because T4 did not see "x" = 1, which T1 wrote: no order of the writes explains all reads.',
          operations: [0, 1, 2, 3, 4, 5, 6, 7],
          data: {
            cycle: [
              { from: 'T1', to: 'T2', type: 'wr', key: 'x', value: 1 },
              { from: 'T2', to: 'T3', type: 'rw', key: 'y', value: 1 },
              { from: 'T3', to: 'T4', type: 'wr', key: 'y', value: 1 },
              { from: 'T4', to: 'T1', type: 'rw', key: 'x', value: 1 },
            ],
            transactions: { T1: 0, T2: 2, T3: 1, T4: 3 },
          },
        },
      ],
      figures: {
        transactions: 4,
        keys: 2,
        versions: 2,
        readsOfKeys: 4,
        snapshots: 2,
        found: { 'long-fork': 1 },
      },
    });
  });

  it.each([
    ['long-fork', 'three reads in a ring', '0 wx1 \n 1 wy1 \n 2 wz1 \n 3 rx1ry \n 4 ry1rz \n 5 rz1rx', {}],
    [
      'long-fork',
      'indeterminate writes that were seen',
      '0 wx1 0..10 info \n 1 wy1 0.. \n 2 rx1ry \n 3 rxry1',
      {},
    ],
    [
      'long-fork',
      'versions that ascend',
      '0 wx1 \n 1 wx2 \n 2 wy1 \n 3 rx2ry \n 4 rx1ry1',
      { versions: 'ascending' },
    ],
    ['read-skew', 'half of a transaction', '0 wx1wy1 \n 1 rx1ry', {}],
    ['read-skew', 'two versions of a key in one read', '0 wx1 \n 1 wy1 \n 2 rxrx1', {}],
    ['G0', 'writes over each other', '0 wx1wy2 \n 1 wx2wy1 \n 2 rx2ry2', { versions: 'ascending' }],
    ['garbage-read', 'a value that nobody wrote', '0 wx1 \n 1 wy1 \n 2 rx7ry', {}],
    ['garbage-read', 'of a key that nobody wrote', '0 wx1 \n 1 wy1 \n 2 rz7ry', {}],
    ['aborted-read', 'a value whose write failed', '0 wx1 0..10 fail \n 1 wy1 \n 2 rx1ry', {}],
  ] as const)('is invalid, %s: %s', (name, _, text, options) => {
    expect(longFork.check(registerTransactions(text), options, {})).toMatchObject({
      validity: 'invalid',
      anomalies: [{ name }],
    });
  });

  it.each([
    ['old snapshots', '0 wx1 0..10 \n 1 wy1 20..30 \n 2 rxry 40..50 \n 3 rx1ry 60..70', {}],
    ['a failed write in between', '0 wx1 \n 1 wy2 0..10 fail \n 2 wy1 \n 3 rx1ry \n 4 rx1ry1', {}],
    [
      'an indeterminate write of several keys that nobody saw',
      '0 wx1wy1 0..10 info \n 1 wx2 \n 2 wy2 \n 3 rxry2 \n 4 rx2ry2',
      { versions: 'ascending' },
    ],
  ] as const)('is valid: %s', (_, text, options) => {
    expect(longFork.check(registerTransactions(text), options, {}).validity).toBe('valid');
  });

  it.each([
    ['', 'no read of several keys was acknowledged'],
    ['0 wx1 \n 1 wy1 \n 2 rx1', 'no read of several keys was acknowledged'],
    ['0 wx1 \n 2 rx1ry', 'fewer than two keys were written'],
    [
      '0 wx1 \n 1 wx2 \n 2 wy1 \n 3 rx1ry',
      'key "x" was written 2 times, so the order of its versions is not known (option "versions": "ascending" takes it from the values)',
    ],
    [
      '0 wx1ry',
      'operation 0 both reads and writes, and long-fork judges transactions that do one of the two (list-append and rw-register judge others)',
    ],
    ['0 wx1wx2', 'operation 0: writes key "x" more than once'],
  ])('is unknown: %j', (text, reason) => {
    expect(longFork.check(registerTransactions(text), {}, {})).toMatchObject({ validity: 'unknown', reason });
  });

  it('still finds what is wrong with the other keys', () => {
    const history = registerTransactions(`${FORK} \n 4 wz1 \n 5 wz2`);
    expect(longFork.check(history, {}, {})).toMatchObject({
      validity: 'invalid',
      figures: { unorderedKeys: 1 },
    });
  });

  it('counts, and does not judge, what the claimed model permits', () => {
    for (const consistency of ['parallel-snapshot-isolation', 'read-committed', 'eventual'])
      expect(longFork.check(registerTransactions(FORK, claiming(consistency)), {}, {})).toMatchObject({
        validity: 'valid',
        figures: { found: { 'long-fork': 1 } },
      });
    for (const consistency of ['prefix', 'snapshot-isolation', 'PL-3', 'linearizable'])
      expect(longFork.check(registerTransactions(FORK, claiming(consistency)), {}, {}).validity).toBe(
        'invalid',
      );
    const asked = longFork.check(registerTransactions(FORK, claiming('causal')), { unclaimed: true }, {});
    expect(asked.validity).toBe('invalid');
  });

  it('names the bound of the budget that it reached', () => {
    const history = registerTransactions(FORK);
    expect(longFork.check(history, {}, { steps: 0 })).toMatchObject({
      validity: 'unknown',
      reason: 'the bound of 0 steps was reached before read-skew, long-fork could be excluded',
    });
  });
});

describe('long-fork against the definition', () => {
  it.each([
    ['keys written once', { versions: 'once', several: false, changes: 2 }],
    ['transactions that write several keys', { versions: 'once', several: true, changes: 2 }],
    ['ascending versions', { versions: 'ascending', several: true, changes: 1 }],
  ] as const)('is valid if and only if some order of the writes explains all reads: %s', (name, shape) => {
    const numRuns = comparisons(`long-fork: ${name}`);
    const seen = { valid: 0, invalid: 0 };
    fc.assert(
      fc.property(snapshotHistories(shape), (history) => {
        const { anomalies } = longFork.check(history, { versions: shape.versions }, {});
        const valid = anomalies.length === 0;
        seen[valid ? 'valid' : 'invalid']++;
        return valid === someOrderExplains(history, shape.versions === 'ascending');
      }),
      { numRuns },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(numRuns / 6);
  });

  it('says the same of histories whose keys and processes have other names, and whose reads come in another order', () => {
    fc.assert(
      fc.property(snapshotHistories({ versions: 'once', several: true, changes: 2 }), (history) => {
        const names = (verdictOf: History) =>
          longFork
            .check(verdictOf, {}, {})
            .anomalies.map(({ name }) => name)
            .sort();
        expect(names(renamed(history))).toEqual(names(history));
      }),
      { numRuns: 1000 },
    );
  });
});

/** Other keys and processes, and micro-operations the other way round. */
function renamed(history: History): History {
  const rename = (micro: Json): Json => {
    const [f, key, value] = micro as readonly [string, string, Json];
    return [f, { x: 'apple', y: 7, z: 'cherry' }[key]!, value];
  };
  return {
    ...history,
    events: history.events.map((event) =>
      'value' in event && typeof event.process === 'number'
        ? {
            ...event,
            process: 20 - event.process,
            value: (event.value as readonly Json[]).map(rename).reverse(),
          }
        : event,
    ) as History['events'],
  };
}
