import type { RunPool, RunSummary, RunTask, Signature, SystemReference } from '../campaign/index.ts';
import type { Plan } from '../contract/index.ts';
import { isTolerated, type Shrunk, shrinkPlan } from '../plan/index.ts';
import { registries } from './registries.ts';
import { loadSystem } from './system/load-system.ts';

/** What the shrinker wants to know of a run. */
function failureOf(summary: RunSummary, wanted: Signature | undefined) {
  const at = summary.signatures.findIndex(
    ({ checker, anomaly }) =>
      wanted === undefined || (checker === wanted.checker && anomaly === wanted.anomaly),
  );
  const signature = summary.signatures[at];
  if (signature === undefined) return undefined;
  const proof = summary.proofs?.[at];
  return {
    ...signature,
    ...(summary.invoked && { operations: summary.invoked }),
    ...(proof && { proof: proof.operations, until: proof.until }),
  };
}

/** Makes a failing plan small, in the workers of the pool. */
export async function shrinkInPool(
  pool: RunPool,
  system: SystemReference,
  plan: Plan,
  options: {
    readonly signature?: Signature;
    readonly budget?: number;
    readonly check: RunTask['check'];
    readonly onProgress?: (text: string) => void;
  },
): Promise<Shrunk> {
  const loaded = await loadSystem(system, registries.systems);
  return shrinkPlan(plan, {
    ...(options.signature && { signature: options.signature }),
    ...(options.budget !== undefined && { budget: options.budget }),
    concurrency: pool.threads,
    nemeses: registries.nemeses,
    accept: (candidate) => candidate.beyond || isTolerated(candidate, loaded, registries.nemeses),
    test: async (candidate) => {
      const summary = await pool.run({
        system,
        plan: candidate,
        check: options.check,
        want: { operations: true },
      });
      return failureOf(summary, options.signature);
    },
    onProgress: ({ stage, runs, faults, operations }) =>
      options.onProgress?.(
        `shrinking: ${stage}, ${runs} runs, ${faults} faults${operations === undefined ? '' : `, ${operations} operations`}`,
      ),
  });
}
