import { expect, it } from 'vitest';
import { crc32 } from './checksum.ts';

it('is the CRC-32 of Ethernet: its published check value', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  expect(crc32(new Uint8Array(0))).toBe(0);
});

it('notices every single flipped bit', () => {
  const bytes = new TextEncoder().encode('a record on disk');
  const sound = crc32(bytes);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const damaged = bytes.slice();
    damaged[bit >> 3]! ^= 1 << (bit & 7);
    expect(crc32(damaged)).not.toBe(sound);
  }
});

it('takes a part of the bytes', () => {
  const bytes = new TextEncoder().encode('xx123456789yy');
  expect(crc32(bytes, 2, 11)).toBe(0xcbf43926);
});
