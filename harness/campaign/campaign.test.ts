import { describe, expect, it } from 'vitest';
import { type CampaignOptions, runCampaign, seedsOf } from './campaign.ts';
import type { RunSummary, RunTask } from './task.ts';

type Part = Partial<RunSummary>;

/** A pool whose runs come to what the table says by seed, later seeds sooner; valid where it says nothing. */
function poolOf(
  threads: number,
  table: { readonly [seed: number]: Part },
  stopAfter = Number.POSITIVE_INFINITY,
) {
  let done = 0;
  return {
    threads,
    get stopped() {
      return done >= stopAfter;
    },
    async run({ seed = 0 }: RunTask): Promise<RunSummary> {
      for (let turns = 20 - (seed % 20); turns > 0; turns--) await Promise.resolve();
      done++;
      const summary: RunSummary = {
        seed,
        validity: 'valid',
        reasons: [],
        signatures: [],
        verdicts: [],
        faults: [],
        operations: 10,
        succeeded: 9,
        events: 100,
        simulated: 5,
        realMilliseconds: 1,
      };
      return { ...summary, ...table[seed] };
    },
  };
}

const options: CampaignOptions = {
  system: { name: 'toy', digest: '' },
  generation: {},
  from: 1,
  seeds: 10,
  folder: '.',
  label: 'toy',
  check: {},
};

const lost: Part = { validity: 'invalid', signatures: [{ checker: 'durability', anomaly: 'lost-write' }] };
const stale: Part = {
  validity: 'invalid',
  signatures: [{ checker: 'linearizable', anomaly: 'nonlinearizable' }],
};

describe('a campaign', () => {
  it('is the same whatever the number of workers', async () => {
    const table = { 3: stale, 4: lost, 7: { validity: 'unknown', reasons: ['hang'] }, 9: lost } as const;
    const reports = await Promise.all(
      [1, 2, 5].map((threads) => runCampaign(poolOf(threads, table), options)),
    );
    for (const report of reports)
      expect({ ...report, realMilliseconds: 0 }).toEqual({ ...reports[0], realMilliseconds: 0 });
    expect(reports[0]).toMatchObject({
      planned: 10,
      ran: 10,
      validity: 'invalid',
      counts: { valid: 6, invalid: 3, unknown: 1 },
      failures: [
        { signature: stale.signatures![0], first: { seed: 3 }, seeds: [3] },
        { signature: lost.signatures![0], first: { seed: 4 }, seeds: [4, 9] },
      ],
      unknown: [{ seed: 7, reasons: ['hang'] }],
      operations: 100,
      succeeded: 90,
      reasons: [],
    });
  });

  it('ends with the last failure that was wanted, whatever the number of workers', async () => {
    const table = { 3: lost, 4: lost, 5: lost };
    for (const threads of [1, 2, 5]) {
      const report = await runCampaign(poolOf(threads, table), { ...options, mostFailures: 2 });
      expect(report).toMatchObject({ ran: 4, counts: { valid: 2, invalid: 2, unknown: 0 } });
    }
  });

  it('is unknown when a fault that was asked for never bit', async () => {
    const faults = [
      { fault: 'crash', outcome: 'bit' as const },
      { fault: 'clock-jump', outcome: 'no-effect' as const },
    ];
    const report = await runCampaign(poolOf(2, { 2: { faults } }), {
      ...options,
      generation: { faults: ['crash', 'clock-jump', 'pause-process'] },
    });
    expect(report.validity).toBe('unknown');
    expect(report.reasons).toEqual([
      'clock-jump was asked for and never bit in 10 runs',
      'pause-process was asked for and never bit in 10 runs',
    ]);
    expect(report.faults).toEqual([
      { fault: 'clock-jump', scheduled: 1, runs: 1, bit: 0, masked: 0, noEffect: 1 },
      { fault: 'crash', scheduled: 1, runs: 1, bit: 1, masked: 0, noEffect: 0 },
    ]);
  });

  it('says what it has when it is interrupted', async () => {
    const report = await runCampaign(poolOf(1, {}, 4), options);
    expect(report).toMatchObject({
      planned: 10,
      ran: 4,
      validity: 'unknown',
      reasons: ['interrupted after 4 of 10 seeds'],
    });
  });

  it('begins nothing when its time is over, and says so', async () => {
    const report = await runCampaign(poolOf(1, {}), { ...options, realSeconds: -1 });
    expect(report).toMatchObject({ ran: 0, validity: 'unknown', reasons: ['no seed was run'] });
  });

  it('divides its seeds among shards, each seed once', () => {
    const shards = [1, 2, 3].map((index) => seedsOf({ from: 5, seeds: 8, shard: { index, of: 3 } }));
    expect(shards).toEqual([
      [5, 8, 11],
      [6, 9, 12],
      [7, 10],
    ]);
  });
});
