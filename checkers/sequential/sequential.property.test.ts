import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replicatedHistories } from '../sessions/testing/replicated.ts';
import { comparisons } from '../testing/comparisons.ts';
import { sequential } from './index.ts';
import { isSequential } from './testing/brute-force.ts';

describe('sequential consistency against its definition', () => {
  it.each([
    { name: 'unique values', threads: 3, steps: 15, unique: true, mutations: 4, writes: 6 },
    { name: 'repeated values', threads: 4, steps: 16, unique: false, mutations: 6, writes: 7 },
  ] as const)('is judged exactly: %j', ({ name, ...shape }) => {
    const seen = { valid: 0, invalid: 0, unknown: 0 };
    fc.assert(
      fc.property(replicatedHistories(shape), (history) => {
        const whole = sequential.check(history, { initial: 0 }, {});
        seen[whole.validity]++;
        if (whole.validity === 'unknown')
          expect(whole.reason).toMatch(/^nothing was read|^the history has no/);
        const holds = isSequential(history, ['x', 'y']);
        if ((whole.validity !== 'invalid') !== holds) expect.fail(`whole: ${whole.validity}`);
        const each = sequential.check(history, { initial: 0, scope: 'key' }, {});
        expect(each.validity !== 'invalid').toBe(
          isSequential(history, ['x']) && isSequential(history, ['y']),
        );
      }),
      { numRuns: comparisons(`sequential: ${name}`) },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(1000);
  });
});
