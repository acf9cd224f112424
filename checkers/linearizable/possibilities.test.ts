import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import { finalState } from './linearization.ts';
import { type Call, NEVER } from './model.ts';
import { casRegister } from './models/register.ts';
import { findPossibilities } from './possibilities.ts';
import { keyCalls, type PlacedCall } from './preparation.ts';
import { casDrafts, placedCalls, registerDrafts, uniqueWrites } from './testing/arbitrary.ts';
import { isLinearizable } from './testing/brute-force.ts';

const options = { initial: 0, failedCas: 'observe', nilReads: false, empty: 'ignore' } as const;
const limits = { steps: 1e9, memoryBytes: 1e9 };
/** The initial value, and all that ten operations can write. */
const values = Array.from({ length: 11 }, (_, value) => value);

const calls = (placed: readonly PlacedCall[]) => keyCalls(undefined, placed.length, placed);

/** What is known up to a position: what completes later counts as open; an open read is no operation. */
function until(placed: readonly PlacedCall[], position: number): PlacedCall[] {
  return placed.flatMap((one) => {
    if (one.invoked > position) return [];
    if (one.returned <= position) return [one];
    if (one.call.f === 'read' || one.call.outcome === 'fail') return [];
    const call: Call = { ...one.call, result: undefined, outcome: 'info' };
    return [{ ...one, call, returned: NEVER }];
  });
}

const unlikeEachOther = { operations: 10, processes: 4, lost: 3 };

describe.each([
  {
    name: 'values that repeat',
    histories: placedCalls(casDrafts(4), { ...unlikeEachOther, failedCas: true }),
    runs: 700,
  },
  {
    name: 'unique writes',
    histories: placedCalls(registerDrafts(6), unlikeEachOther).map(uniqueWrites),
    runs: 1000,
  },
])('an explanation, against brute force: $name', ({ histories, runs }) => {
  it('names the first completion that has no place, all states possible there, and a true order for each', () => {
    let explained = 0;
    fc.assert(
      fc.property(histories, (placed) => {
        const key = calls(placed);
        const { result, operation } = decide(key, casRegister, options, limits);
        if (result === 'valid') return;
        explained++;
        const { invoked, returned } = placed[operation]!;
        expect(isLinearizable(calls(until(placed, returned)), casRegister, 0)).toBe(false);
        expect(isLinearizable(calls(until(placed, returned - 1)), casRegister, 0)).toBe(true);

        const others = until(placed, returned).filter((one) => one.invoked !== invoked);
        const possible = values.filter((value) => {
          const call: Call = { f: 'read', value: null, result: value, outcome: 'ok' };
          const asked = [...others, { call, invoked, returned }];
          return isLinearizable(calls(asked), casRegister, 0);
        });
        const found = findPossibilities(key, operation, casRegister, options, limits);
        expect(found.exhaustive).toBe(true);
        const states = found.possible.map(({ state }) => state as number);
        expect(states.sort((a, b) => a - b)).toEqual(possible);
        for (const { state, order } of found.possible) {
          expect(order).not.toContain(operation);
          expect(finalState(order!, calls(placed), casRegister, 0, invoked)).toEqual(state);
        }
      }),
      { numRuns: runs },
    );
    expect(explained).toBeGreaterThan(100);
  });
});
