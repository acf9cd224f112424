import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type History, isOperation, type Json } from '../../histories/index.ts';
import { comparisons } from '../testing/comparisons.ts';
import { mutatedHistories, serialHistories, snapshotHistories } from '../transactions/testing/arbitrary.ts';
import { isSerializable, isSnapshotIsolated } from '../transactions/testing/brute-force.ts';
import { listAppend } from './index.ts';

const NOTHING_KNOWN = ['no transaction was acknowledged'];

function validityAt(model: string, history: History): boolean | undefined {
  const { validity, reason } = listAppend.check(history, { model }, {});
  if (validity === 'unknown') {
    expect(NOTHING_KNOWN).toContain(reason);
    return undefined;
  }
  return validity === 'valid';
}

describe('list-append against the definitions', () => {
  it('finds nothing wrong with transactions that ran one after the other', () => {
    fc.assert(
      fc.property(serialHistories('list', 12), (history) => {
        expect(validityAt('strict-serializable', history)).not.toBe(false);
        expect(listAppend.check(history, {}, {}).figures.found).toEqual({});
      }),
      { numRuns: 2000 },
    );
  });

  it('is valid as serializable if and only if some order explains all reads', () => {
    const seen = { valid: 0, invalid: 0 };
    fc.assert(
      fc.property(mutatedHistories('list', 6, 2), (history) => {
        const verdict = validityAt('serializable', history);
        if (verdict === undefined) return;
        seen[verdict ? 'valid' : 'invalid']++;
        expect(verdict).toBe(isSerializable(history, 'none'));
      }),
      { numRuns: comparisons('list-append: serializable') },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(500);
  });

  it('is valid as strict serializable if and only if some order in real time explains all reads', () => {
    const seen = { valid: 0, invalid: 0 };
    fc.assert(
      fc.property(mutatedHistories('list', 6, 2), (history) => {
        const verdict = validityAt('strict-serializable', history);
        if (verdict === undefined) return;
        seen[verdict ? 'valid' : 'invalid']++;
        expect(verdict).toBe(isSerializable(history, 'realtime'));
      }),
      { numRuns: comparisons('list-append: strict-serializable') },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(500);
  });

  it('never calls a history invalid that snapshots explain', () => {
    fc.assert(
      fc.property(mutatedHistories('list', 5, 2), (history) => {
        if (validityAt('snapshot-isolation', history) === false)
          expect(isSnapshotIsolated(history, 'none')).toBe(false);
      }),
      { numRuns: comparisons('list-append: snapshot-isolation') },
    );
  });

  it('finds nothing that snapshot isolation forbids where it was kept, and its write skew', () => {
    let skewed = 0;
    fc.assert(
      fc.property(snapshotHistories('list', 8), (history) => {
        expect(validityAt('snapshot-isolation', history)).not.toBe(false);
        if (validityAt('serializable', history) !== false) return;
        skewed++;
        expect(
          Object.keys(listAppend.check(history, { model: 'serializable' }, {}).figures.found ?? {}),
        ).toContain('G2-item');
      }),
      { numRuns: 2000, seed: 1 },
    );
    expect(skewed).toBeGreaterThan(50);
  });

  it('is valid as snapshot isolation only if snapshots explain it, where every append was read', () => {
    fc.assert(
      fc.property(mutatedHistories('list', 4, 3), (history) => {
        const { validity, figures } = listAppend.check(history, { model: 'snapshot-isolation' }, {});
        if (validity === 'valid' && everyAppendWasRead(history)) {
          expect(isSnapshotIsolated(history, 'none'), JSON.stringify(figures)).toBe(true);
        }
      }),
      { numRuns: comparisons('list-append: snapshot-isolation, every append read') },
    );
  });
});

function everyAppendWasRead({ events }: History): boolean {
  const text = (name: string, types: readonly string[]): string[] =>
    events.flatMap((event) =>
      isOperation(event) && types.includes(event.type)
        ? (event.value as Json[][])
            .filter(([f]) => f === name)
            .flatMap(([, key, value]) => elements(key, value))
        : [],
    );
  const read = new Set(text('r', ['ok']));
  return text('append', ['ok']).every((element) => read.has(element));
}

function elements(key: Json | undefined, value: Json | undefined): string[] {
  return (Array.isArray(value) ? value : [value]).map((element) => `${String(key)} ${String(element)}`);
}
