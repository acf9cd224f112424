import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { History, Validity } from '../histories/index.ts';
import * as library from './index.ts';
import { ROWS, type Row } from './testing/metamorphic-table.ts';

/** Where the same is asked of the others. */
const ELSEWHERE: { readonly [checker: string]: string } = {
  'long-fork': 'long-fork/long-fork.test.ts',
  sla: 'service/sla/sla.property.test.ts',
  availability: 'service/service.property.test.ts',
  stats: 'service/service.property.test.ts',
  evidence: 'service/service.property.test.ts',
  agreement: 'service/agreement.test.ts',
  assertions: 'service/service.property.test.ts',
  'load-balance': 'service/load-balance.test.ts',
};

const RUNS = 300;

const KEPT: readonly (readonly [what: string, name: 'lost' | 'cut', allowed: readonly Validity[]])[] = [
  ['something is lost without a trace', 'lost', ['valid']],
  ['the end is missing', 'cut', ['valid', 'unknown']],
];

const judge = ({ checker, options = {}, kindsOnly }: Row, history: History) => {
  const { validity, anomalies } = checker.check(history, options as never, {});
  const names = anomalies.map(({ name }) => name).sort();
  return { validity, names: kindsOnly === undefined ? names : [...new Set(names)] };
};

describe.each(ROWS)('$checker.name', (row) => {
  it('judges alike what is only told otherwise', () => {
    const seen = { valid: 0, invalid: 0, unknown: 0 };
    const changes = (['processes', 'keys', 'values', 'time', 'order'] as const).flatMap((name) => {
      const change = row[name];
      return typeof change === 'string' ? [] : [{ name, change }];
    });
    fc.assert(
      fc.property(row.histories, fc.nat(2 ** 30), (history, draw) => {
        const before = judge(row, history);
        seen[before.validity]++;
        for (const { name, change } of changes) {
          const after = judge(row, change(history, draw));
          if (JSON.stringify(after) !== JSON.stringify(before)) {
            expect({ name, ...after }).toEqual({ name, ...before });
          }
        }
      }),
      { numRuns: RUNS },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(RUNS / 100);
  });

  for (const [what, name, allowed] of KEPT) {
    const change = row[name];
    if (typeof change === 'string') continue;
    it(`calls nothing broken because ${what}`, () => {
      let judged = 0;
      fc.assert(
        fc.property(row.histories, fc.nat(2 ** 30), (history, draw) => {
          if (judge(row, history).validity !== 'valid') return;
          judged++;
          const after = judge(row, change(history, draw));
          if (!allowed.includes(after.validity)) expect(after).toEqual({ validity: 'valid', names: [] });
        }),
        { numRuns: RUNS },
      );
      expect(judged).toBeGreaterThan(RUNS / 100);
    });
  }
});

describe('every checker of the library', () => {
  it('is asked so, here or in a file of its own', () => {
    const named = Object.values(library).flatMap((item) =>
      typeof item === 'object' && 'check' in item && 'summary' in item ? [item.name] : [],
    );
    const here = ROWS.map(({ checker }) => checker.name);
    expect([...here, ...Object.keys(ELSEWHERE)].sort()).toEqual(named.sort());
  });
});
