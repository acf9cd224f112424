import { describe, expect, it } from 'vitest';
import { decodeSlot, encodeSlot } from './slot.ts';

describe('a slot', () => {
  const content = { key: 'x', value: 7, version: 1, writer: 'n1/1/1' };

  it('gives back what was written', () => {
    const slot = encodeSlot(content, 128);
    expect(slot.length).toBe(128);
    expect(decodeSlot(slot)).toEqual(content);
  });

  it('that was never written, or not to its end, holds nothing', () => {
    expect(decodeSlot(new Uint8Array(128))).toBeUndefined();
    expect(decodeSlot(new Uint8Array(3))).toBeUndefined();
    const torn = encodeSlot(content, 128);
    torn.fill(0, 30);
    expect(decodeSlot(torn)).toBeUndefined();
  });

  it('refuses what is too large for it', () => {
    expect(() => encodeSlot('x'.repeat(200), 128)).toThrow('expected at most 120 encoded bytes, got 205');
  });
});
