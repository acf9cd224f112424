import { describe, expect, it } from 'vitest';
import { dottedVersions } from './dotted-versions.ts';
import { lastWriteWins } from './last-write-wins.ts';
import { withDot } from './version-vector.ts';

describe('a version vector', () => {
  it('does not forget later events when an earlier one comes late', () => {
    expect(withDot({ a: 3 }, ['a', 2])).toEqual({ a: 3 });
    expect(withDot({ a: 3 }, ['b', 2])).toEqual({ a: 3, b: 2 });
  });
});

describe('dotted versions', () => {
  it('know the greatest number of an actor, not that of others', () => {
    const { write, greatest } = dottedVersions(false);
    const one = write(undefined, 'x', null, { dot: ['a', 7], time: 1 });
    const two = write(one, 'y', null, { dot: ['b', 2], time: 1 });
    expect(['a', 'b', 'c'].map((actor) => greatest(two, actor))).toEqual([7, 2, 0]);
  });
});

describe('of writes at the same time the last one', () => {
  const of = (actor: string, n: number) =>
    lastWriteWins.write(undefined, `${actor}${n}`, null, { dot: [actor, n], time: 1 });

  it.each([
    [of('a', 2), of('b', 1), 'b1'],
    [of('a', 1), of('b', 2), 'b2'],
    [of('a', 1), of('a', 2), 'a2'],
  ])('is the same whoever compares them', (a, b, winner) => {
    expect(lastWriteWins.values(lastWriteWins.merge(a, b))).toEqual([winner]);
    expect(lastWriteWins.values(lastWriteWins.merge(b, a))).toEqual([winner]);
  });
});
