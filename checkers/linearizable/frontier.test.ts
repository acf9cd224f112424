import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../histories/index.ts';
import { decide } from './decide.ts';
import { FrontierSearch } from './frontier.ts';
import { genericMachine } from './generic-machine.ts';
import { isLinearization } from './linearization.ts';
import type { Model } from './model.ts';
import { kv } from './models/kv.ts';
import { mutex } from './models/mutex.ts';
import { casRegister, register } from './models/register.ts';
import { compile, keyCalls, type PlacedCall } from './preparation.ts';
import {
  casDrafts,
  kvDrafts,
  mutexDrafts,
  placedCalls,
  registerDrafts,
  type Shape,
} from './testing/arbitrary.ts';
import { isLinearizable } from './testing/brute-force.ts';
import { show } from './testing/show.ts';

const unlimited = { steps: Number.POSITIVE_INFINITY, memoryBytes: Number.POSITIVE_INFINITY };
const runs = 100;

/** What the exact search says, and every other way to decide must not contradict. */
function verdict(placed: readonly PlacedCall[], model: Model, initial: Json, generic: boolean): string {
  const calls = keyCalls(undefined, placed.length, placed);
  const machine = generic ? genericMachine(model, calls, { initial }) : compile(calls, model, { initial });
  const exact = new FrontierSearch(calls, machine, unlimited, { traced: true }).run();
  if (exact.result === 'valid') expect(isLinearization(exact.order!, calls, model, initial)).toBe(true);
  const narrow = { narrowness: 1, lastingPerInput: 1 };
  const narrowed = new FrontierSearch(calls, machine, unlimited, narrow).run().result;
  if (narrowed !== 'lost') expect(narrowed).toBe(exact.result);
  expect(decide(calls, model, { initial }, unlimited).result).toBe(exact.result);
  return exact.result;
}

function expected(placed: readonly PlacedCall[], model: Model, initial: Json): string {
  return isLinearizable(keyCalls(undefined, placed.length, placed), model, initial) ? 'valid' : 'invalid';
}

const cases: readonly { name: string; model: Model; initial: Json; arbitrary: fc.Arbitrary<PlacedCall[]> }[] =
  [
    ...[
      { operations: 12, processes: 4 },
      { operations: 14, processes: 8, lost: 0 },
      { operations: 12, processes: 6, lost: 5 },
    ].flatMap((shape: Shape) => [
      {
        name: `register, 3 values, ${JSON.stringify(shape)}`,
        model: register,
        initial: 0,
        arbitrary: placedCalls(registerDrafts(3), shape),
      },
      {
        name: `cas-register, 2 values, ${JSON.stringify(shape)}`,
        model: casRegister,
        initial: 0,
        arbitrary: placedCalls(casDrafts(2), shape),
      },
      {
        name: `cas-register, 4 values, ${JSON.stringify(shape)}`,
        model: casRegister,
        initial: 0,
        arbitrary: placedCalls(casDrafts(4), shape),
      },
      {
        name: `cas-register, failures observed, ${JSON.stringify(shape)}`,
        model: casRegister,
        initial: 0,
        arbitrary: placedCalls(casDrafts(3), { ...shape, failedCas: true }),
      },
      {
        name: `kv, ${JSON.stringify(shape)}`,
        model: kv,
        initial: '',
        arbitrary: placedCalls(kvDrafts, shape),
      },
      {
        name: `mutex, ${JSON.stringify(shape)}`,
        model: mutex,
        initial: false,
        arbitrary: placedCalls(mutexDrafts, shape),
      },
    ]),
  ];

describe('frontier search against brute force', () => {
  for (const { name, model, initial, arbitrary } of cases) {
    it(name, () => {
      const seen = { valid: 0, invalid: 0 };
      fc.assert(
        fc.property(arbitrary, fc.boolean(), (placed, generic) => {
          const right = expected(placed, model, initial);
          seen[right as 'valid' | 'invalid']++;
          const got = verdict(placed, model, initial, generic);
          if (got !== right) throw new Error(`${got}, not ${right}:\n${show(placed)}`);
        }),
        { numRuns: runs },
      );
      expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(0);
    });
  }
});
