import { describe, expect, it } from 'vitest';
import { type Position, samePosition } from './position.ts';
import { Records } from './records.ts';

const at = (sequence: number, view = 1, incarnation = 1): Position => ({
  epoch: [view, incarnation],
  sequence,
});
const numbers = (entries: readonly { readonly position: Position }[]) =>
  entries.map(({ position }) => position.sequence);

function recordsOf(count: number, kept?: number): Records {
  const records = new Records(at(0), kept);
  for (let n = 1; n <= count; n++) records.add({ position: at(n), changes: [] });
  return records;
}

describe('positions', () => {
  it('are the same if number, view and process are', () => {
    expect(samePosition(at(3), at(3))).toBe(true);
    for (const other of [at(4), at(3, 2), at(3, 1, 2)]) expect(samePosition(at(3), other)).toBe(false);
  });
});

describe('records', () => {
  it('continue a copy that stands on one of them, or where they begin', () => {
    const records = recordsOf(3);
    expect([0, 1, 3].map((n) => records.continue(at(n)))).toEqual([true, true, true]);
    expect([at(4), at(2, 2)].map((position) => records.continue(position))).toEqual([false, false]);
  });

  it('are given from a number on, and between two', () => {
    const records = recordsOf(5);
    expect(numbers(records.after(3))).toEqual([4, 5]);
    expect(numbers(records.between(1, 3))).toEqual([2, 3]);
  });

  it('are forgotten, the oldest first, when enough are committed', () => {
    const records = recordsOf(8, 2);
    records.trim(3);
    expect(numbers(records.after(0))).toHaveLength(8);
    records.trim(5);
    expect(numbers(records.after(0))).toEqual([4, 5, 6, 7, 8]);
    expect([at(3), at(2)].map((position) => records.continue(position))).toEqual([true, false]);
  });
});
