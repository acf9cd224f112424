import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { History } from '../../histories/index.ts';
import { listAppend } from '../list-append/index.ts';
import { rwRegister } from '../rw-register/index.ts';
import { mutatedHistories, serialHistories } from './testing/arbitrary.ts';
import { cut, permuted, renamed } from './testing/metamorphic.ts';

describe.each([
  ['list-append', 'list', ['strict-serializable', 'snapshot-isolation']],
  ['rw-register', 'register', ['strict-serializable', 'read-atomic', 'causal']],
] as const)('%s: what changes nothing', (name, kind, models) => {
  const judge = (history: History, model: string) => {
    const verdict = (name === 'list-append' ? listAppend : rwRegister).check(history, { model }, {});
    return { validity: verdict.validity, not: verdict.figures.not };
  };

  it.each([
    ['other names of keys and values', renamed],
    ['another order of invocations, or of completions, next to each other', permuted],
  ])('%s', (_, change) => {
    fc.assert(
      fc.property(mutatedHistories(kind, 6, 2), (history) => {
        for (const model of models) expect(judge(change(history), model)).toEqual(judge(history, model));
      }),
      { numRuns: 700 },
    );
  });

  it('the loss of the end of a valid history', () => {
    fc.assert(
      fc.property(serialHistories(kind, 8), fc.double({ min: 0, max: 1, noNaN: true }), (history, share) => {
        for (const model of models) expect(judge(cut(history, share), model).validity).not.toBe('invalid');
      }),
      { numRuns: 700 },
    );
  });
});
