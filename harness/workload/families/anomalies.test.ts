import { describe, expect, it } from 'vitest';
import { concat, limit, type SimulatedEvent, simulate } from '../index.ts';
import { seededDraws } from '../testing/lines.ts';
import { bank } from './bank.ts';
import { causalReverse } from './causal-reverse.ts';
import { g2 } from './g2.ts';
import { longFork } from './long-fork.ts';

const BANK = {
  accounts: 3,
  total: 10,
  maxTransfer: 4,
  negativeBalances: false,
  readShare: 1,
  transferShare: 3,
};

function invoked(generator: Parameters<typeof simulate>[0], threads = 4, most = 400): SimulatedEvent[] {
  const events = simulate(generator, { threads, draws: seededDraws(), most });
  return events.filter(({ type }) => type === 'invoke');
}

describe('bank', () => {
  it('moves amounts between two accounts, and reads in the given share', () => {
    const all = invoked(bank.main(BANK));
    const moved = all.flatMap(({ f, value }) => (f === 'transfer' ? [value as Record<string, number>] : []));
    expect(moved.length / all.length).toBeCloseTo(0.75, 1);
    expect(moved.every(({ from, to }) => from !== to)).toBe(true);
    expect(new Set(moved.flatMap(({ from, to }) => [from, to]))).toEqual(new Set([0, 1, 2]));
    expect(new Set(moved.map(({ amount }) => amount))).toEqual(new Set([1, 2, 3, 4]));
    expect(() => bank.main({ ...BANK, readShare: 0, transferShare: 0 })).toThrow('expected a positive share');
  });

  it('tells its checker what it knows', () => {
    expect(bank.checkers(BANK)).toEqual([
      { name: 'bank', options: { accounts: [0, 1, 2], total: 10, negativeBalances: false } },
    ]);
    expect(invoked(bank.final(BANK)).map(({ f }) => f)).toEqual(['read', 'read', 'read']);
  });
});

describe('long-fork', () => {
  it.each([
    { groupSize: 2, groups: 2, readShare: 3 },
    { groupSize: 3, groups: 5, readShare: 0.5 },
    { groupSize: 2, groups: 1, readShare: 1.3 },
  ])('writes every key of a group once, and reads groups as a whole: %j', (options) => {
    const all = invoked(longFork.main(options), 3, 600);
    const micros = all.map(({ value }) => value as readonly (readonly [string, number, unknown])[]);
    const written = micros.flatMap((row) => (row[0]![0] === 'w' ? [row[0]![1]] : []));
    expect(new Set(written).size).toBe(written.length);
    expect(micros.length / written.length).toBeCloseTo(1 + options.readShare, 0);
    const last = Math.max(...written);
    // All keys but some of the last generation.
    expect(written.length).toBeGreaterThan(last - 2 * options.groupSize * options.groups);
    for (const row of micros.filter((row) => row[0]![0] === 'r')) {
      const group = Math.floor(row[0]![1] / options.groupSize);
      const keys = row.map(([, key]) => key).sort((a, b) => a - b);
      expect(keys).toEqual(
        Array.from({ length: options.groupSize }, (_, i) => group * options.groupSize + i),
      );
    }
  });
});

describe('causal-reverse', () => {
  it('writes unique values to tables that are replaced', () => {
    const all = invoked(causalReverse.main({ keys: 2, writesPerKey: 10, readShare: 1, writeShare: 1 }));
    const values = all.flatMap(({ f, value }) => (f === 'write' ? [value] : []));
    expect(new Set(values).size).toBe(values.length);
    expect(values.length / all.length).toBeCloseTo(0.5, 1);
    expect(new Set(all.map(({ key }) => key)).size).toBeGreaterThanOrEqual(20);
    expect(() => causalReverse.main({ keys: 2, writesPerKey: 10, readShare: 0, writeShare: 0 })).toThrow(
      'expected a positive share',
    );
  });
});

describe('g2', () => {
  it.each([1, 2, 5])('inserts two rows for each key, one into each table, with %i threads', (threads) => {
    const rows = new Map<unknown, unknown[]>();
    for (const { key, value } of invoked(concat(limit(100, g2.main({}))), threads))
      rows.set(key, [...(rows.get(key) ?? []), (value as unknown[]).findIndex((part) => part !== null)]);
    for (const tables of [...rows.values()].slice(0, -3)) expect(tables.sort()).toEqual([0, 1]);
  });
});
