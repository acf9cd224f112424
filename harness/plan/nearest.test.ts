import { describe, expect, it } from 'vitest';
import { editDistance, nearest, oneOf } from './nearest.ts';

describe('editDistance', () => {
  it.each<[string, string, number]>([
    ['', '', 0],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['crash', 'crash', 0],
  ])('from %j to %j is %i', (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance);
    expect(editDistance(to, from)).toBe(distance);
  });
});

describe('nearest', () => {
  const known = ['kill', 'crash', 'partition-halves', 'partition-one'];

  it('is a word with few other letters, or one that contains what was written', () => {
    expect(nearest('crsh', known)).toBe('crash');
    expect(nearest('halves', known)).toBe('partition-halves');
    expect(nearest('zzzzzz', known)).toBeUndefined();
  });

  it('is said in the message', () => {
    expect(oneOf(known.slice(0, 2), 'kil')).toBe('one of kill, crash (did you mean kill?)');
    expect(oneOf([], 'kil')).toBe('nothing (none is known)');
  });
});
