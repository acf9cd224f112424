import type { RunPool, RunSummary } from '../../harness/campaign/index.ts';
import { withPool } from '../../harness/cli/pool.ts';
import { registries } from '../../harness/cli/registries.ts';
import { resolveSystem } from '../../harness/cli/system/load-system.ts';
import type { Claims, Extent } from './claim.ts';

const WORKLOADS = ['list-append', 'rw-register'] as const;

const LEVELS = [
  'read-uncommitted',
  'read-committed',
  'snapshot-isolation',
  'serializable',
  'strict-serializable',
] as const;

/**
 * What each flaw that weakens a level makes of it, and what each checker must report of that. Where registers do not show in which order they were
 * written, some of it can only be seen in lists.
 */
const WEAKENED: readonly {
  readonly level: (typeof LEVELS)[number];
  readonly flaw: string;
  readonly anomalies: { readonly [workload in (typeof WORKLOADS)[number]]: readonly string[] };
}[] = [
  {
    level: 'read-uncommitted',
    flaw: 'no-write-locks',
    anomalies: { 'list-append': ['G0'], 'rw-register': [] },
  },
  {
    level: 'read-committed',
    flaw: 'dirty-reads',
    anomalies: { 'list-append': ['G1a', 'G1b', 'G1c'], 'rw-register': ['G1a', 'G1b', 'G1c'] },
  },
  {
    level: 'snapshot-isolation',
    flaw: 'statement-snapshots',
    anomalies: { 'list-append': ['internal', 'G-single'], 'rw-register': ['internal', 'G-single'] },
  },
  {
    level: 'snapshot-isolation',
    flaw: 'last-committer-wins',
    anomalies: { 'list-append': ['lost-update'], 'rw-register': ['lost-update'] },
  },
  {
    level: 'serializable',
    flaw: 'reads-not-validated',
    anomalies: { 'list-append': ['G2-item'], 'rw-register': ['G2-item'] },
  },
  {
    level: 'strict-serializable',
    flaw: 'lagging-reads',
    anomalies: { 'list-append': ['G-single-realtime'], 'rw-register': ['G-single-realtime'] },
  },
];

/** A simulated store keeps each level, and shows what it is without what makes the level. */
export async function isolationClaims(claims: Claims, { sample, base }: Extent): Promise<void> {
  const seeds = sample ? 1 : 200;
  const weakenedSeeds = sample ? 4 : 50;
  await withPool({}, async (pool) => {
    for (const workload of WORKLOADS) {
      for (const isolation of LEVELS) {
        await claims.try(
          `multi-version, ${workload}, ${isolation}: valid in ${seeds} seeds from ${base}`,
          async () => {
            const runs = await runAll(pool, { isolation }, workload, [], base, seeds);
            const operations = runs.reduce((sum, run) => sum + run.operations, 0);
            const bad = runs.filter((run) => run.validity === 'invalid' || !isKept(run, workload));
            return {
              holds: bad.length === 0,
              detail: {
                operations,
                bad: bad.map(({ seed, reasons, signatures }) => ({ seed, reasons, signatures })),
              },
            };
          },
        );
      }
    }
    for (const { level, flaw, anomalies } of WEAKENED) {
      for (const workload of WORKLOADS) {
        const expected = anomalies[workload];
        // Registers seldom show in which order they were written: too seldom for a small sample.
        if (expected.length === 0 || (sample && workload === 'rw-register')) continue;
        await claims.try(
          `multi-version, ${workload}, ${level} with ${flaw}: ${expected.join(', ')} in ${weakenedSeeds} seeds from ${base}`,
          async () => {
            const runs = await runAll(pool, { isolation: level }, workload, [flaw], base, weakenedSeeds);
            const reported = countsOf(runs, workload);
            const missed = expected.filter((anomaly) => reported[anomaly] === undefined);
            return { holds: missed.length === 0, detail: { missed, reported } };
          },
        );
      }
    }
  });
}

async function runAll(
  pool: RunPool,
  options: { readonly isolation: string },
  workload: string,
  flaws: readonly string[],
  from: number,
  count: number,
): Promise<RunSummary[]> {
  const system = await resolveSystem('multi-version', registries.systems);
  const generation = { options, flaws, workload: { name: workload } };
  const runs: RunSummary[] = [];
  let next = from;
  const work = async (): Promise<void> => {
    while (next < from + count) runs.push(await pool.run({ system, seed: next++, generation, check: {} }));
  };
  await Promise.all(Array.from({ length: pool.threads }, work));
  return runs;
}

/** The checker of the workload says so. (That some fault had no effect is another matter.) */
function isKept({ verdicts }: RunSummary, workload: string): boolean {
  return verdicts.some(({ checker, validity }) => checker === workload && validity === 'valid');
}

/** In how many runs the checker of the workload reported each anomaly. */
function countsOf(runs: readonly RunSummary[], checker: string): { [anomaly: string]: number } {
  const counts: { [anomaly: string]: number } = {};
  for (const { signatures } of runs) {
    for (const signature of signatures) {
      if (signature.checker === checker) counts[signature.anomaly] = (counts[signature.anomaly] ?? 0) + 1;
    }
  }
  return counts;
}
