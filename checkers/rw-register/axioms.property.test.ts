import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparisons } from '../testing/comparisons.ts';
import type { Model } from '../transactions/models.ts';
import { rwRegister } from './index.ts';
import { type Definition, satisfied } from './testing/axioms.ts';
import { weakHistories } from './testing/weak-histories.ts';

type Pair = readonly [Model, Definition];

const EXACT: { readonly plain: readonly Pair[]; readonly session: readonly Pair[] } = {
  plain: [
    ['read-committed', 'rc'],
    ['monotonic-atomic-view', 'monotonic'],
    ['read-atomic', 'atomic'],
  ],
  session: [
    ['strong-session-read-committed', 'rc'],
    ['strong-session-monotonic-atomic-view', 'monotonic'],
    ['strong-session-read-atomic', 'atomic'],
    ['causal', 'causal'],
  ],
};
const SOUND: { readonly plain: readonly Pair[]; readonly session: readonly Pair[] } = {
  plain: [
    ['prefix', 'prefix'],
    ['snapshot-isolation', 'snapshot'],
    ['serializable', 'serializable'],
  ],
  session: [
    ['strong-session-snapshot-isolation', 'snapshot'],
    ['strong-session-serializable', 'serializable'],
  ],
};

describe('rw-register against axioms on commit orders', () => {
  it.each([
    ['without sessions', false],
    ['with sessions', true],
  ] as const)(
    'decides the weak models, and is never invalid where a definition admits the history, %s',
    (name, sessions) => {
      const family = sessions ? 'session' : 'plain';
      const seen: { [model: string]: { valid: number; invalid: number } } = {};
      fc.assert(
        fc.property(weakHistories(6), (history) => {
          const holds = satisfied(history, sessions);
          for (const [model, definition] of [...EXACT[family], ...SOUND[family]]) {
            const { validity, anomalies } = rwRegister.check(history, { model }, {});
            if (validity === 'unknown') return;
            seen[model] ??= { valid: 0, invalid: 0 };
            seen[model][validity]++;
            const told = `${model}: ${anomalies[0]?.explanation}`;
            if (EXACT[family].some(([exact]) => exact === model))
              expect(validity, told).toBe(holds.has(definition) ? 'valid' : 'invalid');
            else if (validity === 'invalid') expect(holds.has(definition), told).toBe(false);
          }
        }),
        { numRuns: comparisons(`rw-register: weak models ${name}`) },
      );
      for (const { valid, invalid } of Object.values(seen))
        expect(Math.min(valid, invalid)).toBeGreaterThan(15);
    },
  );
});
