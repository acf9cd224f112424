import { describe, expect, it } from 'vitest';
import {
  concat,
  delay,
  limit,
  once,
  phases,
  repeat,
  retry,
  sleep,
  stagger,
  timeLimit,
  untilOk,
} from './index.ts';
import { Progress } from './progress.ts';
import { lines, read, seededDraws, write } from './testing/lines.ts';

const reads = repeat(once(read));
const times = (text: readonly string[]) => text.map((line) => Number(line.split(' ')[0]));

describe('timeLimit', () => {
  it('ends that long after the beginning, and what follows goes on then', () => {
    expect(lines(concat(timeLimit(25, reads), once(write(1))))).toEqual([
      '0 0 read',
      '10 0 read',
      '20 0 read',
      '30 0 write 1',
    ]);
    expect(lines(concat(sleep(5), timeLimit(15, reads)))).toEqual(['5 0 read', '15 0 read']);
  });

  it('ends also what has nothing to do', () => {
    const never = concat(sleep(1e9), once(read));
    expect(lines(concat(timeLimit(25, never), once(write(1))))).toEqual(['25 0 write 1']);
  });
});

describe('stagger', () => {
  it('keeps the mean, whichever the distribution', () => {
    for (const distribution of ['exponential', 'uniform'] as const) {
      const at = times(lines(stagger(1000, reads, { distribution }), { most: 1000 }));
      expect(at.at(-1)! / 999).toBeGreaterThan(900);
      expect(at.at(-1)! / 999).toBeLessThan(1100);
    }
  });

  it('does not make up for what came late', () => {
    const at = times(lines(stagger(10, reads), { most: 3, latency: (_, nth) => (nth === 0 ? 1000 : 1) }));
    expect(at[1]).toBe(1000);
    expect(at[2]).toBeGreaterThan(1000);
  });
});

describe('delay', () => {
  it('leaves the interval between operations of all threads', () => {
    expect(lines(limit(3, delay(25, reads)), { threads: 2 })).toEqual(['0 0 read', '25 0 read', '50 0 read']);
  });
});

describe('untilOk', () => {
  it('goes on until an operation of its own is ok', () => {
    const outcome = (_: unknown, nth: number) => (nth < 2 ? ('fail' as const) : ('ok' as const));
    expect(lines(untilOk(reads), { outcome })).toEqual(['0 0 read', '10 0 read', '20 0 read']);
    expect(
      lines(concat(once(write(1)), untilOk(limit(2, reads))), { threads: 2, outcome: () => 'ok' }),
    ).toEqual(['0 0 write 1', '0 1 read', '10 0 read']);
  });
});

describe('retry', () => {
  it('tries what was not ok again on the same thread, so many times in all', () => {
    const list = concat(once(write(1)), once(write(2)));
    expect(lines(retry(3, list), { outcome: () => 'fail' })).toEqual([
      '0 0 write 1',
      '10 0 write 1',
      '20 0 write 1',
      '30 0 write 2',
      '40 0 write 2',
      '50 0 write 2',
    ]);
    expect(lines(retry(3, list))).toEqual(['0 0 write 1', '10 0 write 2']);
  });

  it('does not try again what the plan leaves out', () => {
    const progress = new Progress(retry(3, concat(once(write(1)), once(write(2)))), 1, seededDraws());
    expect(progress.ask(0, [0])).toMatchObject({ start: write(1) });
    progress.leaveOut(0, 0, write(1), [0]);
    expect(progress.ask(0, [0])).toMatchObject({ start: write(2) });
    progress.tell('invoke', 0, 0, write(2), []);
    progress.tell('fail', 0, 10, write(2), [0]);
    expect(progress.ask(10, [0])).toMatchObject({ start: write(2), nth: 2 });
  });

  it('is not exhausted while something may come again', () => {
    const outcome = (_: unknown, nth: number) => (nth === 0 ? ('info' as const) : ('ok' as const));
    expect(lines(phases(retry(2, once(read)), once(write(1))), { threads: 2, outcome })).toEqual([
      '0 0 read',
      '10 0 read',
      '20 0 write 1',
    ]);
  });
});
