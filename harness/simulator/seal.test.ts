import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../histories/index.ts';
import { decode, encode } from '../contract/index.ts';
import { sealMessage } from './seal.ts';

const hashOf = (message: Json) => sealMessage(message).hash;
const sizeOf = (message: Json) => sealMessage(message).size;

/** JSON in canonical order of keys, with text in ASCII: what `size` is exact for. */
const canonical = fc
  .jsonValue({ stringUnit: 'grapheme-ascii', maxDepth: 4 })
  .map((value) => decode(encode(value as Json)));

describe('sealing a message', () => {
  it('freezes it deeply', () => {
    const message = { list: [{ deep: [1] }], empty: {} };
    sealMessage(message);
    expect([message, message.list, message.list[0], message.list[0]!.deep, message.empty]).toSatisfy(
      (parts: object[]) => parts.every((part) => Object.isFrozen(part)),
    );
  });

  it('freezes what hangs under something frozen already', () => {
    const inner = { n: 1 };
    sealMessage(Object.freeze({ inner }));
    expect(Object.isFrozen(inner)).toBe(true);
  });

  it('measures the canonical encoding', () => {
    fc.assert(
      fc.property(canonical, (message) => {
        expect(sizeOf(message)).toBe(encode(message).length);
      }),
      { seed: 1, numRuns: 500 },
    );
    expect(sizeOf(-0)).toBe(encode(-0).length);
    expect(sizeOf(2 ** 31)).toBe(encode(2 ** 31).length);
  });

  it('gives equal content equal hashes, different content different ones', () => {
    fc.assert(
      fc.property(canonical, canonical, (one, other) => {
        const same = Buffer.compare(encode(one), encode(other)) === 0;
        expect(hashOf(one)).toBe(hashOf(decode(encode(one))));
        expect(hashOf(one) === hashOf(other)).toBe(same);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  it('tells shapes apart that hold the same leaves', () => {
    const shapes: Json[] = [
      null,
      0,
      -0,
      0.5,
      -0.5,
      '',
      '0',
      false,
      true,
      [],
      {},
      [[]],
      [{}],
      [[1], 2],
      [[1, 2]],
      [1, 2],
      [2, 1],
      ['ab'],
      ['a', 'b'],
      { a: { b: 1 }, c: 2 },
      { a: { b: 1, c: 2 } },
      { ab: 1 },
      { a: 'b1' },
      2 ** 32,
      2 ** 33,
    ];
    expect(new Set(shapes.map(hashOf)).size).toBe(shapes.length);
  });

  it('leaves out properties that are undefined', () => {
    const message: unknown = { a: 1, b: undefined };
    expect(hashOf(message as Json)).toBe(hashOf({ a: 1 }));
    expect(sizeOf(message as Json)).toBe(sizeOf({ a: 1 }));
  });

  const cases: [string, () => unknown, string][] = [
    ['a circle', circle, 'a message nests deeper than 100 under self, or in a circle: expected plain data'],
    ['a circle of arrays', circleOfArrays, 'a message nests deeper than 100 under /, or in a circle'],
    ['nesting beyond 100', () => nested(101), 'a message nests deeper than 100'],
    ['a Date', () => ({ at: new Date(0) }), 'a message holds a Date under at: expected plain data'],
    ['a typed array', () => [new Uint8Array(1)], 'a message holds a Uint8Array under /: expected plain data'],
    ['a function', () => ({ f: { g() {} } }), 'a message holds a function under g: expected plain data'],
    ['undefined', () => [undefined], 'a message holds a undefined under /'],
    ['a bigint', () => ({ n: 1n }), 'a message holds a bigint under n'],
    ['NaN', () => ({ n: Number.NaN }), 'a message holds NaN at n: expected a finite number'],
    ['infinity', () => Number.NEGATIVE_INFINITY, 'a message holds -Infinity at /: expected a finite number'],
  ];
  for (const [name, make, expected] of cases) {
    it(`refuses ${name}, and seals the next message as ever`, () => {
      const before = { ...sealMessage({ a: [1] }) };
      expect(() => sealMessage(make() as Json)).toThrow(expected);
      expect({ ...sealMessage({ a: [1] }) }).toEqual(before);
    });
  }

  it('takes nesting of 100, as the encoding does', () => {
    expect(sizeOf(nested(100) as Json)).toBe(500);
  });
});

function circle() {
  const message: { self?: unknown } = {};
  message.self = message;
  return message;
}

function circleOfArrays() {
  const message: unknown[] = [];
  message.push(message);
  return message;
}

function nested(levels: number): unknown {
  let value: unknown[] = [];
  for (let level = 1; level < levels; level++) value = [value];
  return value;
}
