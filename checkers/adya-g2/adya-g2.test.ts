import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparisons } from '../testing/comparisons.ts';
import { run } from '../testing/run.ts';
import { adyaG2 } from './index.ts';
import { insertHistory, insertions } from './testing/arbitrary.ts';

describe('adya-g2', () => {
  it('is valid where at most one insert for each key was acknowledged', () => {
    const history = run(`
      0 insert 1=[1,null] 0..10
      1 insert 1=[null,2] 0..10 fail too-late
      0 insert 2=[3,null] 20..30
      1 insert 2=[null,4] 20..30 info timeout
      0 insert 3=[5,null] 40..50
    `);
    expect(adyaG2.check(history, {}, {})).toEqual({
      checker: 'adya-g2',
      validity: 'valid',
      anomalies: [],
      figures: { operations: 5, keys: 3, contested: 2, inserted: 3, insertedTwice: 0 },
    });
  });

  it('finds two inserts that both found nothing', () => {
    const history = run('0 insert 1=[1,null] 0..10 \n 1 insert 1=[null,2] 5..15');
    expect(adyaG2.check(history, {}, {})).toEqual({
      checker: 'adya-g2',
      validity: 'invalid',
      anomalies: [
        {
          name: 'G2',
          key: '1',
          explanation:
            "Two inserts for one key succeeded: process 0: insert 1 = [1,null] (0.000 s - 0.010 s) and process 1: insert 1 = [null,2] (0.005 s - 0.015 s). Each was to happen only if there was no row yet. Whichever came second should have found the other's row; as neither did, each looked before the other wrote, and no order of the two explains it.",
          operations: [0, 1, 2, 3],
        },
      ],
      figures: { operations: 2, keys: 1, contested: 1, inserted: 1, insertedTwice: 1 },
    });
  });

  it.each([
    ['0 insert 1=[1,null] 0..10', 'no key was contested by two inserts'],
    ['0 insert 1=[1,null] 0..10 fail refused \n 1 insert 1=[null,2] 0.. ', 'no insert was acknowledged'],
    ['', 'the history has none of the operations insert'],
  ])('is unknown: %j', (text, reason) => {
    expect(adyaG2.check(run(text), {}, {})).toMatchObject({ validity: 'unknown', reason });
  });

  it('judges only who claims to be update serializable or stronger', () => {
    const verdictFor = (consistency: string, unclaimed = false) => {
      const claims = { consistency, durability: false, recoveryWithin: 0 };
      const history = run('0 insert 1=[1,null] 0..10 \n 1 insert 1=[null,2] 5..15', { claims });
      return adyaG2.check(history, { unclaimed }, {});
    };
    expect(verdictFor('snapshot-isolation')).toMatchObject({
      validity: 'valid',
      figures: { insertedTwice: 1, judged: 'snapshot-isolation promises nothing of predicates' },
    });
    expect(verdictFor('repeatable-read').validity).toBe('valid');
    expect(verdictFor('snapshot-isolation', true).validity).toBe('invalid');
    for (const consistency of ['update-serializable', 'serializable', 'strict-serializable'])
      expect(verdictFor(consistency).validity).toBe('invalid');
  });

  it('is valid if and only if some fate of the indeterminate inserts leaves each key one row', () => {
    const seen = { valid: 0, invalid: 0 };
    fc.assert(
      fc.property(insertions, (inserts) => {
        const valid = adyaG2.check(insertHistory(inserts), {}, {}).anomalies.length === 0;
        seen[valid ? 'valid' : 'invalid']++;
        let possible = false;
        for (let happened = 0; happened < 1 << inserts.length; happened++) {
          const rows = inserts.filter((_, i) => happened & (1 << i));
          const fits = inserts.every(
            ({ fate }, i) => fate === 'info' || !!(happened & (1 << i)) === (fate === ''),
          );
          possible ||= fits && new Set(rows.map(({ key }) => key)).size === rows.length;
        }
        return valid === possible;
      }),
      { numRuns: comparisons('adya-g2') },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(2000);
  });
});
