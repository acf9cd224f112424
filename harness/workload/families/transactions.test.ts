import { describe, expect, it } from 'vitest';
import type { Json } from '../../contract/index.ts';
import { concat, limit, simulate } from '../index.ts';
import { lines, seededDraws } from '../testing/lines.ts';
import { listAppend } from './list-append.ts';
import { type TransactionOptions, transactions } from './transactions.ts';

const defaults: TransactionOptions = {
  keys: 10,
  opsMin: 1,
  opsMax: 4,
  writesPerKey: 32,
  readShare: 1,
  writeShare: 1,
  distribution: 'exponential',
};

type Micro = readonly [f: string, key: number, value: Json];

const main = (options: Partial<TransactionOptions> = {}) => listAppend.main({ ...defaults, ...options });

function microsOf(options: Partial<TransactionOptions> = {}, most = 1000): (readonly Micro[])[] {
  return simulate(main(options), { threads: 5, draws: seededDraws(), most })
    .filter(({ type }) => type === 'invoke')
    .map(({ value }) => value as readonly Json[] as readonly Micro[]);
}

describe('workloads of transactions', () => {
  it('write every value once, in rows of the given length, half of them reads', () => {
    const rows = microsOf();
    expect(new Set(rows.map(({ length }) => length))).toEqual(new Set([1, 2, 3, 4]));
    const written = rows.flat().filter(([f]) => f === 'append');
    expect(new Set(written.map(([, , value]) => value)).size).toBe(written.length);
    expect(written.length / rows.flat().length).toBeCloseTo(0.5, 1);
  });

  it('write about so many times to a key, then to another in its place', () => {
    for (const distribution of ['exponential', 'uniform'] as const) {
      const writes = new Map<number, number>();
      for (const [f, key] of microsOf({ distribution, writesPerKey: 16 }, 3000).flat())
        if (f === 'append') writes.set(key, (writes.get(key) ?? 0) + 1);
      expect(Math.max(...writes.values())).toBeLessThan(32);
      // The hot keys went through many, each of them about 16 times.
      const replaced = [...writes].filter(([key]) => key >= 10 && key < 60).map(([, count]) => count);
      expect(replaced.reduce((a, b) => a + b, 0) / replaced.length).toBeGreaterThan(8);
    }
  });

  it('prefer the first keys, or treat them alike', () => {
    const shareOfFirst = (options: Partial<TransactionOptions>) => {
      const keys = microsOf({ ...options, writesPerKey: 100_000 }).flat();
      return keys.filter(([, key]) => key === 0).length / keys.length;
    };
    expect(shareOfFirst({})).toBeCloseTo(0.5, 1);
    expect(shareOfFirst({ distribution: 'uniform' })).toBeCloseTo(0.1, 1);
  });

  it('read the last keys at the end', () => {
    const options = { ...defaults, keys: 2, writesPerKey: 4 };
    const generator = concat(limit(20, listAppend.main(options)), listAppend.final(options));
    const all = simulate(generator, { threads: 2, draws: seededDraws() });
    const rows = all
      .filter(({ type }) => type === 'invoke')
      .map(({ value }) => value as readonly Json[] as readonly Micro[]);
    const last = Math.max(
      ...rows
        .slice(0, 20)
        .flat()
        .map(([, key]) => key),
    );
    expect(
      rows
        .slice(20)
        .flat()
        .map(([f]) => f),
    ).toEqual(['r', 'r', 'r', 'r']);
    expect(
      rows
        .slice(20)
        .flat()
        .map(([, key]) => key),
    ).toContain(last);
    expect(lines(listAppend.final({ ...defaults, keys: 2 }))).toEqual(['0 0 txn r,0,', '10 0 txn r,1,']);
  });

  it('refuse options that leave nothing to do', () => {
    expect(() => main({ readShare: 0, writeShare: 0 })).toThrow('list-append: expected a positive share');
    expect(() => main({ opsMin: 5 })).toThrow('list-append: expected opsMin <= opsMax, got 5, 4');
  });

  it('name the micro-operations that a system must have', () => {
    expect(transactions('rw-register', 'w', '').operations).toEqual(['txn', 'txn/r', 'txn/w']);
  });
});
