import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DamagedChunk, decodeChunk, encodeChunk } from './chunk-file.ts';

const data = 'the content of a chunk, of several blocks';

describe('a chunk as a file', () => {
  it('is read as it was written, whatever the sizes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary-ascii' }),
        fc.integer({ min: 1, max: 20 }),
        (text, blockBytes) => {
          expect(decodeChunk(encodeChunk(text, blockBytes), blockBytes)).toBe(text);
        },
      ),
    );
  });

  it('betrays each flipped bit, and each cut', () => {
    const bytes = encodeChunk(data, 16);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = bytes.slice();
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => decodeChunk(damaged, 16)).toThrow(DamagedChunk);
    }
    for (let length = 0; length < bytes.length; length++)
      expect(() => decodeChunk(bytes.subarray(0, length), 16)).toThrow(DamagedChunk);
  });

  it('gives what stands there to those who do not verify', () => {
    const bytes = encodeChunk(data, 16);
    bytes[20]! ^= 1;
    expect(decodeChunk(bytes, 16, false)).not.toBe(data);
    expect(decodeChunk(bytes, 16, false)).toHaveLength(data.length);
  });
});
