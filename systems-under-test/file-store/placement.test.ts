import { describe, expect, it } from 'vitest';
import { place } from './placement.ts';

const at = (server: string, rack: number, load = 0, holds = false) => ({ server, rack, load, holds });

describe('placement', () => {
  it('takes a rack once', () => {
    expect(place([at('a', 0), at('b', 0), at('c', 1), at('d', 2)], 3)).toEqual(['a', 'c', 'd']);
    expect(place([at('a', 0), at('b', 0), at('c', 1)], 3)).toEqual(['a', 'c']);
    expect(place([at('a', 0), at('c', 1)], 1, [0])).toEqual(['c']);
  });

  it('prefers those that hold the chunk, then those with the least', () => {
    const candidates = [at('a', 0, 8), at('b', 1, 9, true), at('c', 2, 1), at('d', 3, 0)];
    expect(place(candidates, 3)).toEqual(['b', 'c', 'd']);
  });
});
