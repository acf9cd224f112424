import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeRecord, scanRecords } from './record.ts';

function file(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const payloads = (bytes: Uint8Array) => scanRecords(bytes).records.map(({ payload }) => payload);
const one = encodeRecord(1, ['x', 1]);
const two = encodeRecord(2, ['y', 2]);
const three = encodeRecord(3, ['z', 3]);

describe('records of a log', () => {
  it('are read back in order, with their places', () => {
    expect(scanRecords(file(one, two))).toEqual({
      records: [
        { sequence: 1, payload: ['x', 1], from: 0, to: one.length },
        { sequence: 2, payload: ['y', 2], from: one.length, to: one.length + two.length },
      ],
    });
  });

  it('may begin with any number and end with a mark', () => {
    expect(scanRecords(file(two, three, encodeRecord(3))).damage).toBeUndefined();
  });

  it('are torn where the last one is cut short, or its end was never written', () => {
    const cut = two.slice(0, two.length - 4);
    expect(scanRecords(file(one, cut)).damage).toMatchObject({ kind: 'torn', at: one.length });
    expect(scanRecords(file(one, cut, new Uint8Array(4))).damage).toMatchObject({
      kind: 'torn',
      at: one.length,
    });
    expect(payloads(file(one, cut))).toEqual([['x', 1]]);
  });

  it('are corrupt where an intact one follows a damaged one', () => {
    const damaged = two.slice();
    damaged[20]! ^= 4;
    expect(scanRecords(file(one, damaged, three)).damage).toMatchObject({
      kind: 'corrupt',
      at: one.length,
      what: 'checksum mismatch',
    });
  });

  it('are torn where what follows the damage is older than what came before it', () => {
    expect(scanRecords(file(two, three.slice(0, 12), one)).damage).toMatchObject({ kind: 'torn' });
  });

  it('are corrupt where only a mark follows the damaged one', () => {
    const damaged = two.slice();
    damaged[damaged.length - 1]! ^= 1;
    expect(scanRecords(file(one, damaged, encodeRecord(2))).damage?.kind).toBe('corrupt');
  });

  it('are corrupt where one is missing', () => {
    expect(scanRecords(file(one, three)).damage).toMatchObject({
      kind: 'corrupt',
      what: 'expected sequence number 2, got 3',
    });
  });

  it('cut anywhere give a prefix, and never count as corrupt', () => {
    const bytes = file(one, two, three);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length }), (length) => {
        const { records, damage } = scanRecords(bytes.slice(0, length));
        expect(records.map(({ sequence }) => sequence)).toEqual([1, 2, 3].slice(0, records.length));
        expect(damage?.kind).not.toBe('corrupt');
      }),
    );
  });

  it('with any bit flipped before the last one are noticed as corrupt', () => {
    const bytes = file(one, two, three);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: (one.length + two.length) * 8 - 1 }), (bit) => {
        const flipped = bytes.slice();
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        expect(scanRecords(flipped).damage?.kind).toBe('corrupt');
      }),
    );
  });
});
