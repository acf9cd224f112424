import { describe, expect, it } from 'vitest';
import {
  any,
  concat,
  concurrentKeys,
  eachProcess,
  eachThread,
  limit,
  once,
  onThreads,
  phases,
  repeat,
  reserve,
  sequentialKeys,
  sleep,
  synchronize,
} from './index.ts';
import { onFirstThreads } from './on-threads.ts';
import { lines, read, write } from './testing/lines.ts';

const twice = (value: number) => limit(2, repeat(once(write(value))));

describe('onThreads', () => {
  it('uses and waits for its own threads alone', () => {
    expect(
      lines(
        onThreads((thread) => thread === 1, twice(1)),
        { threads: 3 },
      ),
    ).toEqual(['0 1 write 1', '10 1 write 1']);
    const odd = onThreads((thread) => thread % 2 === 1, synchronize(once(read)));
    expect(lines(any(once(write(1)), odd), { threads: 2, latency: () => 50 })).toEqual([
      '0 0 write 1',
      '0 1 read',
    ]);
  });
});

describe('onFirstThreads', () => {
  it('uses the first of the threads that are left to it', () => {
    const some = onFirstThreads(2, eachThread(once(read)));
    expect(lines(some, { threads: 4 })).toEqual(['0 0 read', '0 1 read']);
    expect(
      lines(
        onThreads((thread) => thread > 1, some),
        { threads: 5 },
      ),
    ).toEqual(['0 2 read', '0 3 read']);
  });
});

describe('reserve', () => {
  it('gives the first threads to one generator, the rest to another', () => {
    expect(lines(reserve([[1, twice(1)]], twice(2)), { threads: 3 })).toEqual([
      '0 0 write 1',
      '0 1 write 2',
      '0 2 write 2',
      '10 0 write 1',
    ]);
  });
});

describe('any', () => {
  it('takes whoever has something first', () => {
    const late = concat(sleep(15), once(read));
    expect(lines(any(late, twice(1)))).toEqual(['0 0 write 1', '10 0 write 1', '20 0 read']);
    expect(lines(any(once({ f: 'late', value: null, ...{ time: 7 } }), once(read)))).toEqual([
      '0 0 read',
      '10 0 late',
    ]);
  });
});

describe('eachThread and eachProcess', () => {
  it('give every thread its own copy', () => {
    expect(lines(eachThread(twice(1)), { threads: 2 })).toEqual([
      '0 0 write 1',
      '0 1 write 1',
      '10 0 write 1',
      '10 1 write 1',
    ]);
  });

  it('end when all copies have, so that something may follow', () => {
    const slowFirst = { threads: 2, latency: (_: unknown, nth: number) => (nth === 0 ? 100 : 10) };
    expect(lines(concat(eachThread(once(write(1))), once(read)), slowFirst)).toEqual([
      '0 0 write 1',
      '0 1 write 1',
      '10 1 read',
    ]);
  });

  it('give a thread whose process is retired the same copy, or a fresh one', () => {
    const options = {
      outcome: (_: unknown, nth: number) => (nth === 0 ? ('info' as const) : ('ok' as const)),
    };
    expect(lines(eachThread(once(read)), options)).toEqual(['0 0 read']);
    expect(lines(eachProcess(once(read)), options)).toEqual(['0 0 read', '10 0 read']);
  });

  it('wait for the copy that is due first', () => {
    expect(lines(eachThread(concat(sleep(5), once(read))), { threads: 2 })).toEqual(['5 0 read', '5 1 read']);
  });
});

describe('synchronize and phases', () => {
  it('begin when nothing is open', () => {
    const options = { threads: 2, latency: (_: unknown, nth: number) => (nth === 0 ? 100 : 10) };
    expect(lines(concat(twice(1), synchronize(once(read))), options)).toEqual([
      '0 0 write 1',
      '0 1 write 1',
      '100 0 read',
    ]);
    expect(lines(phases(twice(1), once(read)), options)).toEqual([
      '0 0 write 1',
      '0 1 write 1',
      '100 0 read',
    ]);
  });
});

describe('independent keys', () => {
  const two = () => limit(2, repeat(once(read)));

  it('one after another', () => {
    expect(lines(sequentialKeys(['a', 'b'], two))).toEqual([
      '0 0 read a',
      '10 0 read a',
      '20 0 read b',
      '30 0 read b',
    ]);
  });

  it('without end', () => {
    expect(
      lines(
        sequentialKeys(
          (position) => position * 10,
          () => once(read),
        ),
        { most: 3 },
      ),
    ).toEqual(['0 0 read 0', '10 0 read 10', '20 0 read 20']);
  });

  it('several at once, a group of threads for each, the rest idle', () => {
    expect(lines(concurrentKeys(2, ['a', 'b', 'c'], two), { threads: 5 })).toEqual([
      '0 0 read a',
      '0 1 read a',
      '0 2 read b',
      '0 3 read b',
      '10 0 read c',
      '10 1 read c',
    ]);
    expect(() => concurrentKeys(0, ['a'], two)).toThrow('expected at least 1 thread per key, got 0');
  });

  it('hear of their own key alone', () => {
    const untilRead = sequentialKeys(['a', 'b'], () => ({
      next: (context) => (context.free.length > 0 ? { emit: read, rest: untouched } : 'pending'),
      update: () => untouched,
    }));
    const untouched = limit(1, repeat(once(write(7))));
    expect(lines(untilRead)).toEqual(['0 0 read a', '10 0 write a 7', '20 0 read b', '30 0 write b 7']);
  });
});
