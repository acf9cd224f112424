import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryEvent, Json } from '../../histories/index.ts';
import { comparisons } from '../testing/comparisons.ts';
import { idHistories } from '../testing/id-histories.ts';
import { run } from '../testing/run.ts';
import { uniqueIds } from './unique-ids.ts';

describe('unique-ids', () => {
  it('is valid when all ids differ, whatever became of indeterminate ones', () => {
    const history = run(`
      0 generate =5 0..2
      1 generate =3 0..1
      2 generate =5 1..3 info timeout
      1 generate =5 2..3 fail refused
    `);
    expect(uniqueIds.check(history, {}, {})).toEqual({
      checker: 'unique-ids',
      validity: 'valid',
      anomalies: [],
      figures: { attempted: 4, acknowledged: 2, duplicated: 0, least: 3, most: 5 },
    });
  });

  it('finds an id that was given twice, for each key', () => {
    const history = run(`
      0 generate x="a" 0..1
      1 generate y="a" 0..1
      1 generate x="a" 2..3
      0 generate x="b" 4..5
    `);
    expect(uniqueIds.check(history, {}, {})).toEqual({
      checker: 'unique-ids',
      validity: 'invalid',
      anomalies: [
        {
          name: 'duplicate-id',
          key: 'x',
          explanation:
            'The id "a" of x was given 2 times: process 0: generate x = "a" (0.000 s - 0.001 s) and process 1: generate x = "a" (0.002 s - 0.003 s).',
          operations: [0, 2, 4, 5],
          data: { id: 'a', count: 2 },
        },
      ],
      figures: { attempted: 4, acknowledged: 4, duplicated: 1, least: 'a', most: 'b' },
    });
  });

  it('counts what it does not list', () => {
    const often = Array.from({ length: 40 }, (_, n) => `${n} generate =7 ${n}..${n}`);
    const twice = Array.from({ length: 24 }, (_, n) => `0 generate =${100 + (n % 12)} ${50 + n}..${50 + n}`);
    const { anomalies, figures } = uniqueIds.check(run([...often, ...twice].join('\n')), {}, {});
    expect(figures).toMatchObject({ acknowledged: 64, duplicated: 13 });
    expect(anomalies.map(({ data }) => (data as { count: number }).count)).toEqual([...Array(9).fill(2), 40]);
    expect(anomalies.at(-1)).toMatchObject({
      explanation: expect.stringMatching(/^The id 7 was given 40 times: .*process 5: [^,]* and 34 more\.$/),
      operations: Array.from({ length: 64 }, (_, index) => index),
    });
  });

  it('says what was asked', () => {
    const asked = run('0 generate =7 0..1\n1 generate =7 2..3');
    const events = asked.events.map((event, index) =>
      index % 2 === 0 ? ({ ...event, value: `batch ${index}` } as HistoryEvent) : event,
    );
    expect(uniqueIds.check({ ...asked, events }, {}, {}).anomalies[0]?.explanation).toBe(
      'The id 7 was given 2 times: process 0: generate "batch 0" = 7 (0.000 s - 0.001 s) and process 1: generate "batch 2" = 7 (0.002 s - 0.003 s).',
    );
  });

  it.each([
    ['none', '0 generate =1 0..1 info timeout', 'no operation generate succeeded'],
    ['one', '0 generate =1 0..1', 'only one id was given, so none can be compared'],
  ])('is unknown with %s', (_, text, reason) => {
    expect(uniqueIds.check(run(text), {}, {})).toMatchObject({ validity: 'unknown', reason });
  });

  it('agrees with comparing all pairs, over 20,000 histories', () => {
    const seen = { valid: 0, invalid: 0, unknown: 0 };
    fc.assert(
      fc.property(idHistories, ({ given, history }) => {
        const sorted = (value: Json) =>
          typeof value === 'object' && value !== null && !Array.isArray(value) ? '{}' : JSON.stringify(value);
        const certain = given.filter(({ type }) => type === 'ok');
        const pairs = certain
          .flatMap((a, i) => certain.slice(i + 1).map((b) => [a, b] as const))
          .filter(([a, b]) => a.key === b.key);
        const clash = pairs.some(([a, b]) => sorted(a.value) === sorted(b.value));
        const { validity } = uniqueIds.check(history, {}, {});
        seen[validity]++;
        if (validity !== (clash ? 'invalid' : pairs.length > 0 ? 'valid' : 'unknown'))
          expect(validity).toBe('another');
      }),
      { numRuns: comparisons('unique-ids') },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(3000);
  });
});
