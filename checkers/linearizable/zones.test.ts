import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrontierSearch } from './frontier.ts';
import { isLinearization } from './linearization.ts';
import { NEVER } from './model.ts';
import { register } from './models/register.ts';
import { compile, keyCalls, type PlacedCall } from './preparation.ts';
import { placedCalls, registerDrafts, uniqueWrites } from './testing/arbitrary.ts';
import { isLinearizable } from './testing/brute-force.ts';
import { clustersOf, firstViolation, orderClusters, orderOperations } from './zones.ts';

const histories = (lost: number) =>
  placedCalls(registerDrafts(6), { operations: 12, processes: 5, lost }).map(uniqueWrites);

describe('zones of registers with unique writes', () => {
  for (const lost of [0, 4]) {
    it(`agree with brute force and the frontier, ${lost} of 10 operations lost`, () => {
      const seen = { valid: 0, invalid: 0 };
      fc.assert(
        fc.property(histories(lost), (placed) => {
          const calls = keyCalls(undefined, placed.length, placed);
          const clusters = clustersOf(calls, 0)!;
          const violation = firstViolation(clusters);
          const machine = compile(calls, register, { initial: 0 });
          const unlimited = { steps: Number.POSITIVE_INFINITY, memoryBytes: Number.POSITIVE_INFINITY };
          const search = new FrontierSearch(calls, machine, unlimited).run();
          expect(violation < 0).toBe(isLinearizable(calls, register, 0));
          expect(search.operation).toBe(violation);
          seen[violation < 0 ? 'valid' : 'invalid']++;
          if (violation >= 0) return;
          const order = orderOperations(clusters, orderClusters(clusters, NEVER - 1)!, NEVER - 1);
          expect(isLinearization(order, calls, register, 0)).toBe(true);
        }),
        { numRuns: 700 },
      );
      expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(50);
    });
  }

  it('do not apply to a value written twice, to the initial value written, to a cas', () => {
    const write = (value: number, at: number): PlacedCall => ({
      call: { f: 'write', value, result: value, outcome: 'ok' },
      invoked: at,
      returned: at + 1,
    });
    const cas: PlacedCall = {
      call: { f: 'cas', value: [1, 2], result: [1, 2], outcome: 'ok' },
      invoked: 4,
      returned: 5,
    };
    expect(clustersOf(keyCalls('x', 2, [write(1, 0), write(1, 2)]), 0)).toBeUndefined();
    expect(clustersOf(keyCalls('x', 1, [write(0, 0)]), 0)).toBeUndefined();
    expect(clustersOf(keyCalls('x', 2, [write(1, 0), cas]), 0)).toBeUndefined();
    expect(clustersOf(keyCalls('x', 2, [write(1, 0), write(2, 2)]), 0)).toBeDefined();
  });
});
