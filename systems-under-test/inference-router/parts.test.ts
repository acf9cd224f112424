import { describe, expect, it } from 'vitest';
import { RegionTable } from '../shared/region-table.ts';
import { plainMemory } from '../testing/plain-memory.ts';
import { answerTo, prefixNames } from './model.ts';
import { PrefixCache } from './prefix-cache.ts';
import { RoutingTable } from './routing.ts';

describe('the model', () => {
  it('answers a prompt always alike, and another beginning otherwise', () => {
    expect(answerTo([1, 2, 3], 4)).toEqual(answerTo([1, 2, 3], 4));
    expect(answerTo([9, 2, 3], 4)).not.toEqual(answerTo([1, 2, 3], 4));
  });
  it('names prefixes by all that is in them', () => {
    const [one, two] = [prefixNames([1, 2, 3]), prefixNames([1, 2, 4])];
    expect(one.slice(0, 2)).toEqual(two.slice(0, 2));
    expect(one[2]).not.toBe(two[2]);
    expect(prefixNames([9, 2])[1]).not.toBe(one[1]);
  });
});

describe('a prefix cache', () => {
  const make = (most: number) => {
    const { memory, bytes } = plainMemory();
    return { cache: new PrefixCache(new RegionTable(memory, 'kv', 16), most), bytes };
  };
  it('finds the longest prefix that it has', () => {
    const { cache } = make(5);
    cache.add('a', 1);
    cache.add('b', 2);
    expect(cache.take(['a', 'b', 'c'])).toEqual([1, 2]);
    expect(cache.take(['x', 'b'])).toEqual([]);
  });
  it('forgets what was used longest ago, and nothing that is needed', () => {
    const { cache } = make(2);
    cache.add('a', 1);
    cache.add('b', 2);
    expect(cache.add('c', 3)).toBe(false);
    cache.release(['a', 'b']);
    cache.release(cache.take(['a']).map(() => 'a'));
    expect(cache.add('c', 3)).toBe(true);
    expect([cache.take(['a']), cache.take(['b'])]).toEqual([[1], []]);
  });
  it('takes a damaged block for one that it does not have', () => {
    const { cache, bytes } = make(2);
    cache.add('a', 1);
    cache.release(['a']);
    bytes.get('kv-0')![8]! ^= 1;
    expect(cache.take(['a'])).toEqual([]);
  });
});

describe('routing', () => {
  const workers = ['w1', 'w2'];
  const idle = () => ({ blocks: 0, answers: 0 });
  const costs = { perBlock: 1, perAnswer: 10 };
  const names = ['a', 'b', 'c'];
  it('in turn takes no notice', () => {
    const table = new RoutingTable('round-robin', costs);
    table.remember(names, 'w1');
    expect([1, 2, 3].map(() => table.choose(names, workers, idle).worker)).toEqual(['w1', 'w2', 'w1']);
  });
  it('by prefix goes where it was, however busy that is; with the load in mind it does not', () => {
    const busy = (worker: string) => ({ blocks: 0, answers: worker === 'w2' ? 5 : 0 });
    const choice = (routing: 'prefix' | 'prefix-and-load') => {
      const table = new RoutingTable(routing, costs);
      table.remember(names, 'w2');
      return table.choose(names, workers, busy);
    };
    expect(choice('prefix')).toEqual({ worker: 'w2', expected: 3, cost: 50 });
    expect(choice('prefix-and-load')).toEqual({ worker: 'w1', expected: 0, cost: 3 });
  });
  it('forgets what a worker had that does not answer', () => {
    const table = new RoutingTable('prefix', costs);
    table.remember(names, 'w2');
    table.forget('w2');
    expect(table.choose(names, ['w2'], idle).expected).toBe(0);
  });
});
