import { describe, expect, it } from 'vitest';
import type { Json } from '../../harness/contract/index.ts';
import type { Micro } from './messages.ts';
import { ShardMachine } from './shard-machine.ts';

function machine(complaints: string[] = []): ShardMachine {
  const host = {
    always(condition: boolean, what: string) {
      if (!condition) complaints.push(what);
    },
  };
  return new ShardMachine(host, 3, false);
}

const entry = (f: string, value: Json) => ({ term: 1, f, key: null, value, session: 0, sequence: 0 });
const prepare = (id: number, ...micros: readonly Micro[]) =>
  entry('prepare', { id, coordinator: 'shard-a', micros: micros.map((micro) => [...micro]) });
const decide = (id: number, timestamp: number | null, others: readonly string[] = []) =>
  entry('decide', { id, timestamp, others });
const finish = (id: number, timestamp: number | null) => entry('finish', { id, timestamp });
const ok = (value: Json) => ({ status: 'ok', value });
const at = (timestamp: number, ...keys: readonly string[]) => ({ timestamp, keys: [...keys] });

describe('votes', () => {
  it('are yes with results, and the same when asked again', () => {
    const shard = machine();
    const part = prepare(1, ['r', 'x', null], ['append', 'x', 5], ['r', 'x', null]);
    expect(shard.apply(part)).toEqual(ok([null, 5, [5]]));
    expect(shard.apply(part)).toEqual(ok([null, 5, [5]]));
    expect(shard.apply(prepare(2, ['w', 'y', 1]))).toEqual(ok([1]));
  });

  it('are no where a lock excludes, and not where all only read', () => {
    const shard = machine();
    shard.apply(prepare(1, ['r', 'x', null], ['w', 'y', 1]));
    expect(shard.apply(prepare(2, ['r', 'x', null]))).toEqual(ok([null]));
    for (const micro of [
      ['w', 'x', 1],
      ['r', 'y', null],
    ] as const)
      expect(shard.apply(prepare(3, micro))).toEqual({ status: 'fail', error: 'conflict' });
  });

  it('are no where a condition does not hold', () => {
    const shard = machine();
    expect(shard.apply(prepare(1, ['cas', 'x', [1, 2]]))).toMatchObject({ error: 'cas-mismatch' });
    expect(shard.apply(prepare(2, ['add', 'a', [-5, 4, 0]]))).toMatchObject({ error: 'insufficient-funds' });
    expect(shard.apply(prepare(3, ['add', 'a', [-5, 4, null]]))).toEqual(ok([[-5, 4, null]]));
  });

  it('are no about what is over: a late copy takes no locks', () => {
    const shard = machine();
    const part = prepare(1, ['append', 'x', 1]);
    shard.apply(part);
    shard.apply(finish(1, 7));
    expect(shard.apply(part)).toMatchObject({ error: 'finished' });
    expect(shard.apply(finish(1, 7))).toEqual(ok(null));
    expect(shard.read(at(9, 'x'))).toEqual({ values: [[1]] });
  });
});

describe('decisions', () => {
  it('are what came first', () => {
    const shard = machine();
    shard.apply(prepare(1, ['w', 'x', 1]));
    expect(shard.apply(decide(1, null))).toEqual(ok(null));
    expect(shard.apply(decide(1, 5))).toEqual(ok(null));
    expect(shard.read(at(9, 'x'))).toEqual({ values: [null] });
  });

  it('are no commits of what is not prepared', () => {
    expect(machine().apply(decide(1, 5))).toEqual(ok(null));
  });

  it('are remembered until all others have carried them out', () => {
    const shard = machine();
    shard.apply(prepare(1, ['w', 'x', 1]));
    shard.apply(decide(1, 5, ['b', 'c']));
    expect(shard.outcome(1)).toBe(5);
    for (const group of ['b', 'b', 'c']) {
      expect(shard.decisions.size).toBe(1);
      shard.apply(entry('acknowledge', { id: 1, group }));
    }
    expect(shard.decisions.size).toBe(0);
    expect(shard.outcome(1)).toBe(5);
  });
});

describe('snapshots of keys', () => {
  it('are as of their time, and wait for what is prepared', () => {
    const shard = machine();
    for (const timestamp of [5, 8]) {
      shard.apply(prepare(timestamp - 1, ['w', 'x', timestamp]));
      expect(shard.read(at(9, 'x'))).toEqual({ undecided: [timestamp - 1] });
      shard.apply(decide(timestamp - 1, timestamp));
    }
    const seen = [4, 5, 7, 8].map((timestamp) => shard.read(at(timestamp, 'x')));
    expect(seen).toEqual([null, 5, 5, 8].map((value) => ({ values: [value] })));
  });

  it('are refused where their versions are gone', () => {
    const shard = machine();
    for (const timestamp of [2, 4, 6, 8]) {
      shard.apply(prepare(timestamp - 1, ['w', 'x', timestamp]));
      shard.apply(decide(timestamp - 1, timestamp));
    }
    expect(shard.read(at(3, 'x'))).toEqual({ tooOld: true });
    expect(shard.read(at(4, 'x'))).toEqual({ values: [4] });
  });
});

describe('the machine', () => {
  it('is the same after its state was restored', () => {
    const before = machine();
    before.apply(prepare(1, ['w', 'x', 1]));
    before.apply(decide(1, 5, ['b']));
    before.apply(prepare(2, ['r', 'x', null], ['w', 'y', 2]));
    before.apply(decide(3, null));
    const after = machine();
    after.restore(JSON.parse(JSON.stringify(before.state())));
    expect(after.state()).toEqual(before.state());
    expect(after.apply(prepare(4, ['w', 'x', 1]))).toMatchObject({ error: 'conflict' });
  });

  it('complains of a commit that finds nothing prepared, and of timestamps out of order', () => {
    const complaints: string[] = [];
    const shard = machine(complaints);
    shard.apply(finish(1, 5));
    for (const [id, timestamp] of [
      [2, 9],
      [3, 8],
    ] as const) {
      shard.apply(prepare(id, ['w', 'x', id]));
      shard.apply(finish(id, timestamp));
    }
    expect(complaints).toEqual([
      'a commit finds what was prepared',
      'versions of a key come in the order of their timestamps',
    ]);
  });

  it('forgets transactions one by one, and takes names up to those for over', () => {
    const shard = machine();
    for (let id = 1; id <= 250; id++) shard.apply(finish(id, null));
    expect(shard.apply(prepare(50, ['w', 'x', 1]))).toMatchObject({ error: 'finished' });
    expect(shard.apply(prepare(251, ['w', 'x', 1]))).toEqual(ok([1]));
  });
});
