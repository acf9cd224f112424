import { describe, expect, it } from 'vitest';
import { EdgeTable } from './edge-table.ts';

const make = () => new EdgeTable({ ttl: 100, staleWhileRevalidate: 20, staleIfError: 50 });
const old = { value: 'old', version: 1 };
const fresh = { value: 'new', version: 2 };

describe('the entries of an edge', () => {
  it('are fresh, then stale in steps, then gone', () => {
    const table = make();
    table.fill('x', old, 1000);
    expect([1099, 1100, 1119, 1120, 1149, 1150].map((now) => table.freshness('x', now))).toEqual([
      'fresh',
      'revalidate',
      'revalidate',
      'if-error',
      'if-error',
      'gone',
    ]);
    expect(table.freshness('y', 1000)).toBe('gone');
  });

  it('are dropped by a purge, and not filled with what was fetched before it', () => {
    const table = make();
    table.fill('x', old, 0);
    table.purge('x', 2);
    expect(table.freshness('x', 1)).toBe('gone');
    expect(table.fill('x', old, 1)).toBe(false);
    expect(table.fill('x', fresh, 1)).toBe(true);
    expect(table.get('x')).toMatchObject(fresh);
  });

  it('stay as new as the newest purge, in whatever order purges come', () => {
    const table = make();
    table.purge('x', 2);
    table.purge('x', 1);
    expect(table.purgedVersion('x')).toBe(2);
    expect(table.fill('x', old, 0)).toBe(false);
    expect(table.fill('x', fresh, 0)).toBe(true);
  });
});
