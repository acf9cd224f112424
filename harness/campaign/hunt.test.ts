import { describe, expect, it } from 'vitest';
import { type HuntOptions, hunt } from './hunt.ts';
import type { RunSummary, RunTask, Signature } from './task.ts';

const LOST: Signature = { checker: 'durability', anomaly: 'lost-write' };
const STALE: Signature = { checker: 'linearizable', anomaly: 'nonlinearizable' };
const CRASH: Signature = { checker: 'assertions', anomaly: 'uncaught-exception' };

/** Runs that fail as the table says, later seeds sooner. */
function poolOf(threads: number, failures: { readonly [seed: number]: readonly Signature[] }) {
  return {
    threads,
    async run({ seed = 0 }: RunTask): Promise<RunSummary> {
      for (let turns = 20 - (seed % 20); turns > 0; turns--) await Promise.resolve();
      const signatures = failures[seed] ?? [];
      return {
        seed,
        validity: signatures.length > 0 ? 'invalid' : 'valid',
        reasons: [],
        signatures,
        verdicts: [],
        faults: [],
        operations: 1,
        succeeded: 1,
        events: 1,
        simulated: 1,
        realMilliseconds: 1,
      };
    },
  };
}

const options: HuntOptions = {
  system: { name: 'toy', digest: '' },
  generation: {},
  from: 1,
  most: 20,
  check: {},
  wanted: [LOST, STALE],
};

describe('a hunt', () => {
  it('finds the lowest seed that fails as wanted, whatever the number of workers', async () => {
    for (const threads of [1, 2, 7]) {
      const result = await hunt(poolOf(threads, { 5: [CRASH, STALE], 6: [LOST], 9: [STALE] }), options);
      expect(result).toMatchObject({ from: 1, seeds: 5, seed: 5, signature: STALE });
    }
  });

  it('is not content with another failure, and tells of it', async () => {
    expect(await hunt(poolOf(2, { 3: [CRASH] }), options)).toEqual({
      from: 1,
      seeds: 20,
      unknown: 0,
      others: ['assertions: uncaught-exception'],
    });
  });
});
