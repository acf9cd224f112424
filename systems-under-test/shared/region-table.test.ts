import { describe, expect, it } from 'vitest';
import { plainMemory } from '../testing/plain-memory.ts';
import { RegionTable } from './region-table.ts';

describe('a table in memory that can be damaged', () => {
  it('keeps, replaces and forgets values', () => {
    const table = new RegionTable(plainMemory().memory, 'values', 64);
    table.set('x', 1);
    table.set('y', { deep: ['value'] });
    table.set('x', 2);
    expect(table.entries()).toEqual([
      ['x', 2],
      ['y', { deep: ['value'] }],
    ]);
    table.delete('x');
    expect(table.get('x')).toBe(null);
  });

  it('holds more values than one region has slots, and uses slots again', () => {
    const { memory, bytes } = plainMemory();
    const table = new RegionTable(memory, 'values', 16);
    for (let key = 0; key < 100; key++) table.set(key, key * 7);
    for (let key = 0; key < 100; key++) expect(table.get(key)).toBe(key * 7);
    expect([...bytes.keys()]).toEqual(['values-0', 'values-1']);
    table.clear();
    for (let key = 100; key < 200; key++) table.set(key, key);
    expect(bytes.size).toBe(2);
  });

  it('notices every flipped bit of a value', () => {
    const { memory, bytes } = plainMemory();
    const table = new RegionTable(memory, 'values', 32);
    table.set('x', 12345);
    const region = bytes.get('values-0')!;
    const used = 6 + 5;
    for (let bit = 0; bit < used * 8; bit++) {
      region[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => table.get('x')).toThrow('checksum mismatch in slot 0');
      region[bit >> 3]! ^= 1 << (bit & 7);
    }
    expect(table.get('x')).toBe(12345);
  });

  it('serves what the memory says when it does not verify', () => {
    const { memory, bytes } = plainMemory();
    const table = new RegionTable(memory, 'values', 32, false);
    table.set('x', 12345);
    bytes.get('values-0')![7]! ^= 1;
    expect(table.get('x')).toBe(12344);
  });

  it('refuses a value that does not fit', () => {
    const table = new RegionTable(plainMemory().memory, 'values', 16);
    expect(() => table.set('x', 'a long text')).toThrow('expected at most 10 encoded bytes, got 16');
  });
});
