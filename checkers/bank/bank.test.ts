import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { History } from '../../histories/index.ts';
import { comparisons } from '../testing/comparisons.ts';
import { run } from '../testing/run.ts';
import { bank } from './index.ts';
import { bankHistories } from './testing/arbitrary.ts';

const KNOWN = { total: 10, accounts: [0, 1] };
const claiming = (consistency: string) => ({
  claims: { consistency, durability: false, recoveryWithin: 0 },
});

const TRANSFER = '0 transfer ={"from":0,"to":1,"amount":3} 0..10';

describe('bank', () => {
  it('is valid when every read shows the total', () => {
    const history = run(`
      ${TRANSFER}
      1 read ={"0":5,"1":5}  0..5
      1 read ={"0":2,"1":8}  10..20
      2 transfer ={"from":0,"to":1,"amount":9} 10..20 fail insufficient-funds
    `);
    expect(bank.check(history, KNOWN, {})).toEqual({
      checker: 'bank',
      validity: 'valid',
      anomalies: [],
      figures: { operations: 4, keys: 1, reads: 2, transfers: 1, wrongReads: 0 },
    });
  });

  it('finds the read that saw half of a transfer', () => {
    const history = run(`${TRANSFER} \n 1 read ={"0":2,"1":5} 5..8`);
    expect(bank.check(history, KNOWN, {})).toEqual({
      checker: 'bank',
      validity: 'invalid',
      anomalies: [
        {
          name: 'wrong-total',
          explanation:
            'Process 1: read = {"0":2,"1":5} (0.005 s - 0.008 s). The balances add up to 2 + 5 = 7, but the total is 10: 3 are missing. Transfers keep the total, so no snapshot looks like this.',
          operations: [1, 2],
          data: { read: { '0': 2, '1': 5 } },
        },
      ],
      figures: { operations: 2, keys: 1, reads: 1, transfers: 1, wrongReads: 1 },
    });
  });

  it('without a total, takes two reads that disagree as proof', () => {
    const history = run(`${TRANSFER} \n 1 read ={"0":5,"1":5} 0..5 \n 1 read ={"0":5,"1":8} 5..8`);
    expect(bank.check(history, {}, {})).toMatchObject({
      validity: 'invalid',
      anomalies: [
        {
          name: 'wrong-total',
          explanation:
            'Process 1: read = {"0":5,"1":8} (0.005 s - 0.008 s). The balances add up to 5 + 8 = 13, but process 1: read = {"0":5,"1":5} (0.000 s - 0.005 s) shows a total of 10: 3 too many. Transfers keep the total, so no snapshot looks like this.',
          operations: [1, 2, 3, 4],
        },
      ],
    });
  });

  it.each([
    ['negative-balance', '{"0":-1,"1":11}', 'The balance of account 0 is -1, below zero.'],
    ['nil-balance', '{"0":null,"1":10}', 'The balance of account 0 is null.'],
    ['nil-balance', '{"0":10}', 'Account 1 is missing.'],
    ['nil-balance', 'null', 'The read shows null, which is no balance of any account.'],
    ['unexpected-account', '{"0":5,"1":5,"2":0}', 'There is no account 2.'],
  ])('%s: %s', (name, balances, why) => {
    const verdict = bank.check(run(`${TRANSFER} \n 1 read =${balances} 5..8`), KNOWN, {});
    expect(verdict).toMatchObject({ validity: 'invalid', anomalies: [{ name }], figures: { wrongReads: 1 } });
    expect(verdict.anomalies[0]!.explanation).toMatch(new RegExp(`\\. ${why}$`));
  });

  it('permits negative balances where they are permitted', () => {
    const history = run(`${TRANSFER} \n 1 read ={"0":-1,"1":11} 5..8`);
    expect(bank.check(history, { ...KNOWN, negativeBalances: true }, {}).validity).toBe('valid');
  });

  it('keeps banks of different keys apart', () => {
    const history = run(`
      0 transfer a={"from":0,"to":1,"amount":3} 0..10
      1 read a={"0":5,"1":5} 0..5
      1 read b={"0":1,"1":1} 5..8
    `);
    expect(bank.check(history, {}, {})).toMatchObject({ validity: 'valid', figures: { keys: 2 } });
  });

  it.each([
    ['1 read ={"0":5,"1":5} 0..5', 'no transfer may have happened'],
    [`${TRANSFER} \n 1 read ={"0":5,"1":5} 0..5 fail timeout`, 'no read was acknowledged'],
    ['', 'the history has none of the operations transfer, read'],
  ])('is unknown: %j', (text, reason) => {
    expect(bank.check(run(text), KNOWN, {})).toMatchObject({ validity: 'unknown', reason });
  });

  it('counts, and does not judge, what the claimed model permits', () => {
    const text = `${TRANSFER} \n 1 read ={"0":2,"1":5} 5..8`;
    for (const consistency of ['read-committed', 'causal', 'eventual'])
      expect(bank.check(run(text, claiming(consistency)), KNOWN, {})).toMatchObject({
        validity: 'valid',
        figures: { wrongReads: 1, judged: `${consistency} promises no snapshots` },
      });
    for (const consistency of [
      'consistent-view',
      'parallel-snapshot-isolation',
      'serializable',
      'linearizable',
    ])
      expect(bank.check(run(text, claiming(consistency)), KNOWN, {}).validity).toBe('invalid');
    expect(bank.check(run(text, claiming('causal')), { ...KNOWN, unclaimed: true }, {}).validity).toBe(
      'invalid',
    );
  });
});

const ACCOUNTS = ['0', '1', '2'];
const TOTAL = 5;

/** All states that a bank of this total can be in, written down. */
function statesOf(total: number): Set<string> {
  const states = new Set<string>();
  for (let a = 0; a <= total; a++)
    for (let b = 0; a + b <= total; b++) states.add(JSON.stringify({ 0: a, 1: b, 2: total - a - b }));
  return states;
}

function readsOf({ events }: History): string[] {
  return events.flatMap((event) =>
    'f' in event && event.f === 'read' && event.type === 'ok' ? [JSON.stringify(event.value)] : [],
  );
}

describe('bank against the list of all states of a bank', () => {
  it.each([
    ['the total is known', { total: TOTAL, accounts: ACCOUNTS }, [statesOf(TOTAL)]],
    [
      'the total is not known',
      { accounts: ACCOUNTS },
      Array.from({ length: 20 }, (_, total) => statesOf(total)),
    ],
  ] as const)('is valid if and only if all reads are states of one bank: %s', (name, options, possible) => {
    const seen = { valid: 0, invalid: 0 };
    fc.assert(
      fc.property(bankHistories, (history) => {
        const valid = bank.check(history, options, {}).anomalies.length === 0;
        seen[valid ? 'valid' : 'invalid']++;
        const reads = readsOf(history);
        return valid === possible.some((states) => reads.every((read) => states.has(read)));
      }),
      { numRuns: comparisons(`bank: ${name}`) },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(2000);
  });
});
