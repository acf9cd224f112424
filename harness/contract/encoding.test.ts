import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../histories/index.ts';
import { decode, encode } from './encoding.ts';
import { Undecodable } from './errors.ts';

const anyJson = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;

describe('the canonical encoding', () => {
  it('round-trips every JSON value', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        expect(decode(encode(value))).toEqual(value);
      }),
    );
  });

  it('is one byte string for equal values, whatever the order of their keys', () => {
    expect(encode({ b: 1, a: [2.5, 'x'] })).toEqual(encode({ a: [2.5, 'x'], b: 1 }));
  });

  it('leaves out what is undefined', () => {
    expect(decode(encode({ a: 1, b: undefined } as unknown as Json))).toEqual({ a: 1 });
  });

  it('keeps numbers apart that compare equal', () => {
    expect(Object.is(decode(encode(-0)), -0)).toBe(true);
    expect(decode(encode(2 ** 40))).toBe(2 ** 40);
  });

  it('keeps a key named __proto__ a key', () => {
    const value = JSON.parse('{"__proto__": 1}') as Json;
    expect(JSON.stringify(decode(encode(value)))).toBe('{"__proto__":1}');
  });

  it('of any damaged bytes decodes or is refused, and never fails otherwise', () => {
    fc.assert(
      fc.property(anyJson, fc.nat(), fc.integer({ min: 0, max: 7 }), (value, at, bit) => {
        const bytes = encode(value);
        bytes[at % bytes.length]! ^= 1 << bit;
        try {
          decode(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(Undecodable);
        }
      }),
    );
  });

  it('that is cut off is refused, saying where', () => {
    const bytes = encode({ key: 'value' });
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decode(bytes.subarray(0, length))).toThrow(Undecodable);
    }
    expect(() => decode(new Uint8Array([0x99]))).toThrow('unknown tag 153 at offset 0');
    expect(() => decode(new Uint8Array([0x10, 0x10]))).toThrow('1 bytes left over');
  });
});
