import { describe, expect, it } from 'vitest';
import {
  concat,
  cycle,
  filter,
  flipFlop,
  generate,
  limit,
  map,
  mix,
  nothing,
  once,
  processLimit,
  repeat,
} from './index.ts';
import { lines, read, write } from './testing/lines.ts';

/** Counts up: 1, 2, 3, ... by the number of operations that its thread emitted. */
const counting = generate(({ free, emitted }) => write(emitted[free[0]!]! + 1));

describe('once and generate', () => {
  it('emit one operation, or as many as are asked for', () => {
    expect(lines(once(read))).toEqual(['0 0 read']);
    expect(lines(counting, { most: 3 })).toEqual(['0 0 write 1', '10 0 write 2', '20 0 write 3']);
    expect(lines(generate(() => undefined))).toEqual([]);
  });

  it('use every free thread', () => {
    expect(lines(counting, { threads: 2, most: 4 })).toEqual([
      '0 0 write 1',
      '0 1 write 1',
      '10 0 write 2',
      '10 1 write 2',
    ]);
  });
});

describe('repeat', () => {
  it('emits the first operation again and again', () => {
    const list = concat(once(write(1)), once(write(2)));
    expect(lines(repeat(list), { most: 3 })).toEqual(['0 0 write 1', '10 0 write 1', '20 0 write 1']);
    expect(lines(repeat(list, 2))).toEqual(['0 0 write 1', '10 0 write 1']);
    expect(lines(repeat(list, 0))).toEqual([]);
  });
});

describe('cycle', () => {
  it('begins again at the end', () => {
    const list = concat(once(write(1)), once(write(2)));
    expect(lines(cycle(list), { most: 3 })).toEqual(['0 0 write 1', '10 0 write 2', '20 0 write 1']);
    expect(lines(cycle(list, 1))).toEqual(['0 0 write 1', '10 0 write 2']);
  });

  it('of nothing is nothing', () => {
    expect(lines(cycle(nothing))).toEqual([]);
  });
});

describe('concat', () => {
  it('goes on with the next when one is exhausted, whatever is still open', () => {
    const two = concat(limit(2, repeat(once(write(1)))), nothing, once(read));
    expect(lines(two, { threads: 3 })).toEqual(['0 0 write 1', '0 1 write 1', '0 2 read']);
    expect(lines(concat())).toEqual([]);
  });
});

describe('limit and processLimit', () => {
  it('stop after so many operations', () => {
    expect(lines(limit(2, counting))).toEqual(['0 0 write 1', '10 0 write 2']);
  });

  it('stop before one process too many', () => {
    // Every operation ends in doubt: the one thread takes a new process each time.
    const options = { outcome: () => 'info' as const };
    expect(lines(processLimit(3, repeat(once(read))), options)).toEqual([
      '0 0 read',
      '10 0 read',
      '20 0 read',
    ]);
    expect(lines(processLimit(1, repeat(once(read))), { most: 3 })).toHaveLength(3);
  });
});

describe('map and filter', () => {
  it('change requests', () => {
    const doubled = map(({ f, value }) => ({ f, value: 2 * (value as number) }), limit(2, counting));
    expect(lines(doubled)).toEqual(['0 0 write 2', '10 0 write 4']);
  });

  it('pass over requests', () => {
    const list = concat(...[1, 2, 3, 4].map((value) => once(write(value))));
    expect(lines(filter(({ value }) => (value as number) % 2 === 0, list))).toEqual([
      '0 0 write 2',
      '10 0 write 4',
    ]);
  });

  it('do not hang on a predicate that nothing meets', () => {
    expect(() => lines(filter(() => false, repeat(once(read))))).toThrow(
      'filter: expected a request that meets the predicate, passed over 100000',
    );
  });
});

describe('mix', () => {
  it('draws from all with their weights', () => {
    const mixed = mix([3, repeat(once(read))], repeat(once(write(1))));
    const reads = lines(mixed, { most: 1000 }).filter((line) => line.includes('read')).length;
    expect(reads).toBeGreaterThan(700);
    expect(reads).toBeLessThan(800);
  });

  it('goes on with the others when one is exhausted, and ends with the last', () => {
    const mixed = mix(limit(2, repeat(once(read))), limit(3, repeat(once(write(1)))));
    expect(
      lines(mixed)
        .map((line) => line.split(' ')[2]!)
        .sort(),
    ).toEqual(['read', 'read', 'write', 'write', 'write']);
    expect(lines(mix())).toEqual([]);
  });
});

describe('flipFlop', () => {
  it('takes turns until one has no more', () => {
    expect(lines(flipFlop(repeat(once(read)), limit(2, counting)))).toEqual([
      '0 0 read',
      '10 0 write 2',
      '20 0 read',
      '30 0 write 4',
      '40 0 read',
    ]);
  });
});
