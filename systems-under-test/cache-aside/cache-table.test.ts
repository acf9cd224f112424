import { describe, expect, it } from 'vitest';
import { RegionTable } from '../shared/region-table.ts';
import { plainMemory } from '../testing/plain-memory.ts';
import { CacheTable, type CacheTableOptions, type Token } from './cache-table.ts';

function cache(options: Partial<CacheTableOptions> = {}, incarnation = 1) {
  const { memory, bytes } = plainMemory();
  const table = new CacheTable(new RegionTable(memory, 'entries', 32), incarnation, {
    ttl: 100,
    capacity: 2,
    leases: false,
    leaseTime: 10,
    ...options,
  });
  return { table, bytes };
}

function miss(table: CacheTable, key: string, now: number): Token {
  const lookup = table.get(key, now);
  if (lookup.type !== 'miss') throw new Error(`expected a miss, got ${lookup.type}`);
  return lookup.token;
}

describe('a cache', () => {
  it('serves what was filled in until it expires, counted from the miss', () => {
    const { table } = cache();
    const token = miss(table, 'x', 1000);
    expect(table.fill('x', 7, token, 1090)).toBe(true);
    expect(table.get('x', 1099)).toEqual({ type: 'hit', value: 7 });
    expect(table.get('x', 1100).type).toBe('miss');
  });

  it('refuses a fill that comes too late, or from before a restart', () => {
    const { table } = cache();
    expect(table.fill('x', 7, miss(table, 'x', 0), 100)).toBe(false);
    const old = miss(cache({}, 1).table, 'x', 0);
    expect(cache({}, 2).table.fill('x', 7, old, 1)).toBe(false);
  });

  it('drops an entry', () => {
    const { table } = cache();
    table.fill('x', 7, miss(table, 'x', 0), 1);
    table.drop('x');
    expect(table.get('x', 2).type).toBe('miss');
  });

  it('forgets the least recently used entry when it is full', () => {
    const { table } = cache();
    for (const key of ['x', 'y']) table.fill(key, key, miss(table, key, 0), 1);
    table.get('x', 2);
    table.fill('z', 'z', miss(table, 'z', 3), 3);
    expect(['x', 'y', 'z'].map((key) => table.get(key, 4).type)).toEqual(['hit', 'miss', 'hit']);
  });

  it('takes a damaged value for a miss', () => {
    const { table, bytes } = cache();
    table.fill('x', 7, miss(table, 'x', 0), 1);
    bytes.get('entries-0')![7]! ^= 1;
    expect(table.get('x', 2).type).toBe('miss');
  });

  it('without leases lets an old value in after the invalidation; time alone removes it', () => {
    const { table } = cache();
    const token = miss(table, 'x', 0);
    table.drop('x');
    expect(table.fill('x', 'old', token, 1)).toBe(true);
    expect(table.get('x', 100).type).toBe('miss');
  });

  it('with leases does not', () => {
    const { table } = cache({ leases: true });
    const token = miss(table, 'x', 0);
    table.drop('x');
    expect(table.fill('x', 'old', token, 1)).toBe(false);
  });

  it('with leases lets one fill while others wait, for a while', () => {
    const { table } = cache({ leases: true });
    const token = miss(table, 'x', 0);
    expect(table.get('x', 9)).toEqual({ type: 'wait' });
    const second = miss(table, 'x', 10);
    expect(table.fill('x', 1, token, 11)).toBe(false);
    expect(table.fill('x', 2, second, 12)).toBe(true);
    expect(table.get('x', 13)).toEqual({ type: 'hit', value: 2 });
  });
});
