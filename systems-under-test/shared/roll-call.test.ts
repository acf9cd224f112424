import { describe, expect, it } from 'vitest';
import { RollCall } from './roll-call.ts';

const report = (incarnation: number, nth: number, text = '') => ({ incarnation, nth, text });

describe('a roll call', () => {
  it('knows the newest report of each server', () => {
    const roll = new RollCall<ReturnType<typeof report>>(100, 0);
    expect(roll.last('a')).toBeUndefined();
    roll.hear('a', report(1, 2, 'second'), 10);
    expect(roll.last('a')?.text).toBe('second');
  });

  it.each([
    ['an earlier report of the same incarnation', report(2, 4, 'late')],
    ['a second copy of the report', report(2, 5, 'late')],
    ['a report of an earlier incarnation', report(1, 9, 'late')],
  ])('ignores %s', (_, late) => {
    const roll = new RollCall<ReturnType<typeof report>>(100, 0);
    roll.hear('a', report(2, 5, 'newest'), 10);
    roll.hear('a', late, 90);
    expect(roll.last('a')?.text).toBe('newest');
    expect(roll.alive('a', 110)).toBe(false);
  });

  it('takes nobody for dead before it has listened for long enough itself', () => {
    const roll = new RollCall(100, 1000);
    expect([roll.alive('a', 1099), roll.present('a', 1099)]).toEqual([true, false]);
    expect(roll.alive('a', 1100)).toBe(false);
  });
});
