import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { History } from '../../histories/index.ts';
import { GUARANTEES, type Guarantee, namesOf } from './guarantees.ts';
import { sessionGuarantees } from './session-guarantees.ts';
import { replicatedHistories } from './testing/replicated.ts';
import { hasGuarantees } from './testing/session-guarantees.ts';
import { worlds } from './testing/worlds.ts';

type By = 'process' | 'client';

function isPossible(history: History, guarantees: readonly Guarantee[], session: By): boolean {
  for (const world of worlds(history, session)) if (hasGuarantees(world, guarantees)) return true;
  return false;
}

const subsets = fc.integer({ min: 1, max: 15 }).map(namesOf);
const by = fc.constantFrom<By>('process', 'client');

describe('session guarantees against their definition', () => {
  it('are judged exactly where every value is written once', () => {
    const seen: { [validity: string]: number } = { valid: 0, invalid: 0, unknown: 0 };
    fc.assert(
      fc.property(
        replicatedHistories({ threads: 3, steps: 16, unique: true, mutations: 4, writes: 4 }),
        fc.oneof(subsets, fc.constant([...GUARANTEES])),
        by,
        (history, guarantees, session) => {
          const { validity, reason } = sessionGuarantees.check(
            history,
            { initial: 0, guarantees, session },
            {},
          );
          seen[validity]!++;
          if (validity === 'unknown')
            expect(reason).toMatch(/^no session read|^reads of single keys|^the history has no/);
          expect([isPossible(history, guarantees, session), reason]).toEqual([
            validity !== 'invalid',
            reason,
          ]);
        },
      ),
      { numRuns: 20_000 },
    );
    expect(Math.min(seen.valid!, seen.invalid!)).toBeGreaterThan(2000);
  });

  it('are never called broken where some way to understand repeated values keeps them', () => {
    const seen: { [validity: string]: number } = { valid: 0, invalid: 0, unknown: 0 };
    fc.assert(
      fc.property(
        replicatedHistories({ threads: 3, steps: 14, unique: false, mutations: 4, writes: 4 }),
        subsets,
        by,
        (history, guarantees, session) => {
          const { validity, reason } = sessionGuarantees.check(
            history,
            { initial: 0, guarantees, session },
            {},
          );
          seen[validity]!++;
          if (validity === 'unknown' && reason?.includes('may have returned') === true) return;
          expect([isPossible(history, guarantees, session), reason]).toEqual([
            validity !== 'invalid',
            reason,
          ]);
        },
      ),
      { numRuns: 5000 },
    );
    expect(Math.min(seen.valid!, seen.invalid!)).toBeGreaterThan(50);
  });
});
