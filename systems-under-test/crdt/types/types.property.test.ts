import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encode, type Json } from '../../../harness/contract/index.ts';
import { counter } from './counter.ts';
import type { DataType } from './data-type.ts';
import { lastWriteRegister, multiValueRegister } from './registers.ts';
import { set } from './set.ts';

type Step =
  | { readonly at: number; readonly from: number }
  | { readonly at: number; readonly f: string; readonly value: number };

const REPLICAS = 3;

const histories = fc.array(
  fc.oneof(
    fc.record({ at: fc.nat(REPLICAS - 1), from: fc.nat(REPLICAS - 1) }),
    fc.record({
      at: fc.nat(REPLICAS - 1),
      f: fc.constantFrom('add', 'remove'),
      value: fc.integer({ min: -2, max: 2 }),
    }),
  ),
  { maxLength: 14 },
);

/** The replicas after these operations and exchanges. */
function replicate(
  type: DataType,
  steps: readonly Step[],
  argument: (value: number) => Json,
): (Json | undefined)[] {
  const states = new Array<Json | undefined>(REPLICAS).fill(undefined);
  steps.forEach((step, time) => {
    const current = states[step.at];
    if ('f' in step) {
      states[step.at] = type.apply(current, {
        f: step.f,
        value: argument(step.value),
        actor: `n${step.at}`,
        time: time % 3,
      });
    } else {
      const other = states[step.from];
      states[step.at] =
        current === undefined || other === undefined ? (current ?? other) : type.merge(current, other);
    }
  });
  return states;
}

const plain = (value: number): Json => value;
const written = (value: number): Json => ({ value, context: null });

describe.each<[string, DataType, (value: number) => Json]>([
  ['counter', counter(false), plain],
  ['set', set({ removesForGood: false, keepsAll: false, numbersAnew: false }), plain],
  ['last-write register', lastWriteRegister, written],
  ['multi-value register', multiValueRegister, written],
])('the states of a %s', (_, type, argument) => {
  it('form a semilattice, and operations go up in it', () => {
    fc.assert(
      fc.property(histories, fc.nat(REPLICAS - 1), (steps, at) => {
        const states = replicate(type, steps, argument).filter((state) => state !== undefined);
        const [a, b = a, c = b] = states;
        if (a === undefined || b === undefined || c === undefined) return;
        expect(encode(type.merge(a, b))).toEqual(encode(type.merge(b, a)));
        expect(encode(type.merge(type.merge(a, b), c))).toEqual(encode(type.merge(a, type.merge(b, c))));
        expect(type.merge(a, a)).toBe(a);
        const next = type.apply(a, { f: 'add', value: argument(1), actor: `n${at}/next`, time: 1 })!;
        expect(encode(type.merge(a, next))).toEqual(encode(next));
      }),
    );
  });
});

describe('merged, the replicas of a', () => {
  const settled = (type: DataType, steps: readonly Step[]) => {
    const states = replicate(type, steps, plain).filter((state) => state !== undefined);
    return type.show(
      states.reduce<Json | undefined>(
        (all, each) => (all === undefined ? each : type.merge(all, each)),
        undefined,
      ),
    );
  };

  it('counter hold the sum of all that was added', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const sum = steps.reduce((total, step) => total + ('f' in step ? step.value : 0), 0);
        expect(settled(counter(false), steps)).toBe(sum);
      }),
    );
  });

  it('set hold what has an addition that no removal had heard of', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        // By definition: every addition has a name; each replica keeps the names that it has heard of, and those that were removed.
        const heard = Array.from({ length: REPLICAS }, () => ({
          added: new Map<number, number>(),
          removed: new Set<number>(),
        }));
        steps.forEach((step, name) => {
          const mine = heard[step.at]!;
          if (!('f' in step)) {
            for (const [added, element] of heard[step.from]!.added) mine.added.set(added, element);
            for (const removed of heard[step.from]!.removed) mine.removed.add(removed);
          } else {
            // An addition takes the place of those of the same element that its replica knows.
            for (const [added, element] of mine.added) if (element === step.value) mine.removed.add(added);
            if (step.f === 'add') mine.added.set(name, step.value);
          }
        });
        const removed = new Set(heard.flatMap((replica) => [...replica.removed]));
        const alive = heard.flatMap((replica) => [...replica.added].filter(([name]) => !removed.has(name)));
        const expected = [...new Set(alive.map(([, element]) => element))].sort((a, b) => a - b);
        const shown = settled(
          set({ removesForGood: false, keepsAll: false, numbersAnew: false }),
          steps,
        ) as readonly number[];
        expect([...shown].sort((a, b) => a - b)).toEqual(expected);
      }),
    );
  });
});
