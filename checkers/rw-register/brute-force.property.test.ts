import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { History } from '../../histories/index.ts';
import { comparisons } from '../testing/comparisons.ts';
import { mutatedHistories, serialHistories, snapshotHistories } from '../transactions/testing/arbitrary.ts';
import { isSerializable, isSnapshotIsolated } from '../transactions/testing/brute-force.ts';
import { rwRegister } from './index.ts';

const NOTHING_KNOWN = ['no transaction was acknowledged'];

function validityAt(model: string, history: History): boolean | undefined {
  const { validity, reason } = rwRegister.check(history, { model }, {});
  if (validity === 'unknown') {
    expect(NOTHING_KNOWN).toContain(reason);
    return undefined;
  }
  return validity === 'valid';
}

describe('rw-register against the definitions', () => {
  it('finds nothing wrong with transactions that ran one after the other', () => {
    fc.assert(
      fc.property(serialHistories('register', 12), (history) => {
        expect(validityAt('strict-serializable', history)).not.toBe(false);
        expect(rwRegister.check(history, {}, {}).figures.found).toEqual({});
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['serializable', 'none'],
    ['strong-session-serializable', 'process'],
    ['strict-serializable', 'realtime'],
  ] as const)('is invalid as %s only if no order explains all reads', (model, order) => {
    const seen = { missed: 0, valid: 0, invalid: 0 };
    fc.assert(
      fc.property(mutatedHistories('register', 6, 2), (history) => {
        const verdict = validityAt(model, history);
        if (verdict === undefined) return;
        seen[verdict ? 'valid' : 'invalid']++;
        const legal = isSerializable(history, order);
        if (!verdict) expect(legal).toBe(false);
        else if (!legal) seen.missed++;
      }),
      { numRuns: comparisons(`rw-register: ${model}`) },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(500);
  });

  it.each([
    ['snapshot-isolation', 'none'],
    ['strong-session-snapshot-isolation', 'process'],
    ['strong-snapshot-isolation', 'realtime'],
  ] as const)('is invalid as %s only if no snapshots explain it', (model, order) => {
    fc.assert(
      fc.property(mutatedHistories('register', 5, 2), (history) => {
        if (validityAt(model, history) === false) expect(isSnapshotIsolated(history, order)).toBe(false);
      }),
      { numRuns: comparisons(`rw-register: ${model}`) },
    );
  });

  it('finds nothing that snapshot isolation forbids where it was kept, and its write skew', () => {
    let skewed = 0;
    fc.assert(
      fc.property(snapshotHistories('register', 8), (history) => {
        expect(validityAt('snapshot-isolation', history)).not.toBe(false);
        if (validityAt('serializable', history) === false) skewed++;
      }),
      { numRuns: 2000, seed: 1 },
    );
    expect(skewed).toBeGreaterThan(50);
  });
});
