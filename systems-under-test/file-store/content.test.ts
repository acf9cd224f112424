import { describe, expect, it } from 'vitest';
import { chunksOf, ValueTooLarge, valueIn } from './content.ts';

describe('the content of a file', () => {
  it.each([7, null, 'ü\n"', { a: [1, 2] }])('stands for a value: %j', (value) => {
    const chunks = chunksOf(value, 3, 40);
    expect(chunks.map((chunk) => chunk.length)).toEqual([40, 40, 40]);
    expect(valueIn(chunks)).toEqual(value);
  });

  it('of two writes, or with a rotten letter, is nobody’s value', () => {
    const [first, second] = [chunksOf(17, 3, 40), chunksOf(18, 3, 40)];
    expect(valueIn([first[0]!, second[1]!, second[2]!])).toMatchObject({ notOneWrite: ['17', '18', ''] });
    expect(valueIn([first[0]!, first[1]!, first[2]!.replace('1', '!')])).toHaveProperty('notOneWrite');
  });

  it('has a limit', () => {
    expect(() => chunksOf('x'.repeat(100), 2, 20)).toThrow(ValueTooLarge);
  });
});
