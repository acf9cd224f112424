import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { History } from '../../histories/index.ts';
import type { Verdict } from '../checker.ts';
import { comparisons } from '../testing/comparisons.ts';
import { causal } from './causal.ts';
import { ALL_GUARANTEES, namesOf } from './guarantees.ts';
import { pram } from './pram.ts';
import { sessionGuarantees } from './session-guarantees.ts';
import { isCausal, isPram } from './testing/causal.ts';
import { replicatedHistories } from './testing/replicated.ts';
import { hasGuarantees } from './testing/session-guarantees.ts';
import { type World, worlds } from './testing/worlds.ts';

type By = 'process' | 'client';

const by = fc.constantFrom<By>('process', 'client');
const subsets = fc.oneof(fc.integer({ min: 1, max: 15 }).map(namesOf), fc.constant(namesOf(ALL_GUARANTEES)));

/** Each checker with its definition. */
const judgements = (
  history: History,
  guarantees: ReturnType<typeof namesOf>,
  session: By,
): { readonly name: string; readonly verdict: Verdict; readonly holds: (world: World) => boolean }[] => {
  const options = { initial: 0, session };
  return [
    {
      name: 'guarantees',
      verdict: sessionGuarantees.check(history, { ...options, guarantees }, {}),
      holds: (world) => hasGuarantees(world, guarantees),
    },
    { name: 'pram', verdict: pram.check(history, options, {}), holds: isPram },
    ...(['CC', 'CM', 'CCv'] as const).map((variant) => ({
      name: variant,
      verdict: causal.check(history, { ...options, variant }, {}),
      holds: (world: World) => isCausal(world, variant),
    })),
  ];
};

const NOTHING = /^no session read|^reads of single keys|^the history has no/;

/** Compares all checkers with their definitions; counts verdicts by checker. */
function compare(shape: Parameters<typeof replicatedHistories>[0], numRuns: number, mayBeUnclear: boolean) {
  const seen: { [verdict: string]: number } = {};
  fc.assert(
    fc.property(replicatedHistories(shape), subsets, by, (history, guarantees, session) => {
      const all = [...worlds(history, session)];
      for (const { name, verdict, holds } of judgements(history, guarantees, session)) {
        const { validity, reason, anomalies } = verdict;
        seen[`${name} ${validity}`] = (seen[`${name} ${validity}`] ?? 0) + 1;
        for (const anomaly of anomalies) seen[anomaly.name] = (seen[anomaly.name] ?? 0) + 1;
        if (validity === 'unknown' && reason?.includes('may have returned') === true) {
          expect(mayBeUnclear).toBe(true);
          continue;
        }
        if (
          all.some(holds) === (validity !== 'invalid') &&
          (validity !== 'unknown' || NOTHING.test(reason ?? ''))
        ) {
          continue;
        }
        expect.fail(`${name} says ${validity} (${reason}), the definition ${all.some(holds)}`);
      }
    }),
    { numRuns },
  );
  return seen;
}

describe('sessions against their definitions', () => {
  // In parts, so that none takes long on a busy machine.
  it.each([1, 2, 3, 4])('are judged exactly where every value is written once (part %i)', () => {
    const seen = compare(
      { threads: 3, steps: 15, unique: true, mutations: 4, writes: 4 },
      comparisons('session-guarantees, pram, causal: unique values', 4),
      false,
    );
    for (const name of ['guarantees', 'pram', 'CC', 'CM', 'CCv']) {
      expect([name, seen[`${name} valid`]! > 500, seen[`${name} invalid`]! > 500]).toEqual([
        name,
        true,
        true,
      ]);
    }
    for (const name of ['WriteCOInitRead', 'WriteCORead', 'CyclicHB', 'CyclicCF']) {
      expect([name, seen[name]! > 2]).toEqual([name, true]);
    }
  });

  it('are never called broken where some way to understand repeated values keeps them', () => {
    const seen = compare(
      { threads: 3, steps: 12, unique: false, mutations: 2, writes: 3 },
      comparisons('session-guarantees, pram, causal: repeated values'),
      true,
    );
    expect(seen['CC invalid']).toBeGreaterThan(50);
  });
});
