import { describe, expect, it } from 'vitest';
import { Batch, parseCommand } from './command.ts';
import { plainTable } from './value-table.ts';

describe('commands', () => {
  it('are read from messages', () => {
    expect(parseCommand({ f: 'read', key: 'x', value: null })).toEqual({ f: 'read', key: 'x' });
    expect(parseCommand({ f: 'write', key: 1, value: 2 })).toEqual({ f: 'write', key: 1, value: 2 });
    expect(parseCommand({ f: 'cas', key: 'x', value: [1, 2] })).toEqual({
      f: 'cas',
      key: 'x',
      value: [1, 2],
    });
  });

  it('are refused with the reason', () => {
    expect(parseCommand({ f: 'read', key: null })).toBe('expected a key, got null');
    expect(parseCommand({ f: 'cas', key: 'x', value: 1 })).toBe(
      'expected read, write or cas with [expected, new], got "cas"',
    );
  });
});

describe('a batch', () => {
  it('sees its own changes, in order, and changes nothing until it is published', () => {
    const table = plainTable();
    const batch = new Batch(table);
    expect(batch.execute({ f: 'read', key: 'x' })).toEqual({ type: 'ok', value: null });
    expect(batch.execute({ f: 'write', key: 'x', value: 1 })).toEqual({ type: 'ok', value: 1 });
    expect(batch.execute({ f: 'cas', key: 'x', value: [1, 2] })).toEqual({ type: 'ok', value: [1, 2] });
    expect(batch.execute({ f: 'cas', key: 'x', value: [1, 3] })).toEqual({
      type: 'fail',
      error: 'cas-mismatch',
    });
    expect(batch.changes).toEqual([['x', 2]]);
    expect(table.get('x')).toBe(null);
    batch.publish();
    expect(table.get('x')).toBe(2);
  });

  it('compares structured values by content', () => {
    const table = plainTable();
    table.set('x', { a: [1] });
    expect(new Batch(table).execute({ f: 'cas', key: 'x', value: [{ a: [1] }, 0] }).type).toBe('ok');
  });
});
