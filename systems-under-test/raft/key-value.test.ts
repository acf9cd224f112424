import { describe, expect, it } from 'vitest';
import type { Json, Memory } from '../../harness/contract/index.ts';
import { KeyValue } from './key-value.ts';
import type { Entry } from './messages.ts';

/** Memory that no fault reaches. */
function soundMemory(): Memory {
  return {
    region(name, length) {
      const bytes = new Uint8Array(length);
      return {
        name,
        length,
        read: (offset, count) => bytes.slice(offset, offset + count),
        write: (offset, written) => bytes.set(written, offset),
      };
    },
  };
}

const machine = (sessions = 10, retryAppliedTwice = false) =>
  new KeyValue(soundMemory(), sessions, { retryAppliedTwice, snapshotForgetsSessions: false });
const register: Entry = { term: 1, f: 'register', key: null, value: null, session: 0, sequence: 0 };
const command = (session: number, sequence: number, f: string, value: Json): Entry => ({
  term: 1,
  f,
  key: 'x',
  value,
  session,
  sequence,
});
const ok = (value: Json) => ({ status: 'ok', value });

describe('state machine', () => {
  it('reads, writes and compares', () => {
    const kv = machine();
    kv.apply(register, 1);
    expect(kv.read('x')).toBe(null);
    expect(kv.apply(command(1, 1, 'write', 5), 2)).toEqual(ok(5));
    expect(kv.apply(command(1, 2, 'cas', [5, 6]), 3)).toEqual(ok([5, 6]));
    expect(kv.apply(command(1, 3, 'cas', [5, 7]), 4)).toEqual({ status: 'fail', error: 'cas-mismatch' });
    expect(kv.read('x')).toBe(6);
  });

  it('carries a retried command out once and gives its first reply again', () => {
    const kv = machine();
    kv.apply(register, 1);
    kv.apply(register, 2);
    expect(kv.apply(command(1, 1, 'cas', [null, 1]), 3)).toEqual(ok([null, 1]));
    expect(kv.apply(command(2, 1, 'write', 2), 4)).toEqual(ok(2));
    expect(kv.apply(command(1, 1, 'cas', [null, 1]), 5)).toEqual(ok([null, 1]));
    expect(kv.read('x')).toBe(2);
  });

  it('does not carry out a copy that comes after its successor', () => {
    const kv = machine();
    kv.apply(register, 1);
    kv.apply(command(1, 1, 'write', 1), 2);
    kv.apply(command(1, 2, 'write', 2), 3);
    expect(kv.apply(command(1, 1, 'write', 1), 4)).toEqual({ status: 'expired' });
    expect(kv.read('x')).toBe(2);
  });

  it('flaw retry-applied-twice: carries it out again', () => {
    const kv = machine(10, true);
    kv.apply(register, 1);
    kv.apply(command(1, 1, 'write', 1), 2);
    kv.apply(command(1, 2, 'write', 2), 3);
    kv.apply(command(1, 1, 'write', 1), 4);
    expect(kv.read('x')).toBe(1);
  });

  it('forgets the session that was not used for longest, and refuses its commands', () => {
    const kv = machine(2);
    kv.apply(register, 1);
    kv.apply(register, 2);
    kv.apply(command(1, 1, 'write', 1), 3);
    kv.apply(register, 4);
    expect(kv.apply(command(2, 1, 'write', 2), 5)).toEqual({ status: 'expired' });
    expect(kv.apply(command(1, 2, 'write', 3), 6)).toEqual(ok(3));
  });

  it('is the same after a snapshot, sessions included', () => {
    const [before, after] = [machine(), machine()];
    before.apply(register, 1);
    before.apply(command(1, 1, 'cas', [null, 1]), 2);
    const snapshot = before.state();
    after.restore(JSON.parse(JSON.stringify(snapshot)));
    expect(after.apply(command(1, 1, 'cas', [null, 1]), 3)).toEqual(ok([null, 1]));
    expect(after.state()).toEqual(snapshot);
  });
});
