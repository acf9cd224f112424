import type { RunPool, RunSummary, RunTask, Signature, SystemReference } from '../campaign/index.ts';
import type { Plan } from '../contract/index.ts';
import { isTolerated, type Shrunk, shrinkPlan } from '../plan/index.ts';
import { registries } from './registries.ts';
import { loadSystem } from './system/load-system.ts';

/**
 * A run that has to show again what was seen was ended from outside: by a signal, or by its bound of real time or memory on a machine
 * with other work. Nothing is known then, and nobody's mistake it is.
 */
export class CutShort extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CutShort';
  }
}

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

/** Makes a failing plan small, in the workers of the pool. @throws CutShort if the plan could not be run again, or the pool was stopped. */
export async function shrinkInPool(
  pool: Pick<RunPool, 'run' | 'threads' | 'stopped'>,
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
  let failed = false;
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
      const failure = failureOf(summary, options.signature);
      failed ||= failure !== undefined;
      // Later candidates that take too long are none; the plan itself is known to fail.
      if (pool.stopped || (!failed && summary.ended !== undefined)) throw new CutShort(cutBy(summary));
      return failure;
    },
    onProgress: ({ stage, runs, faults, operations }) =>
      options.onProgress?.(
        `shrinking: ${stage}, ${runs} runs, ${faults} faults${operations === undefined ? '' : `, ${operations} operations`}`,
      ),
  });
}

/** Why a run says nothing. */
export function cutBy({ seed, reasons }: RunSummary): string {
  return `seed ${seed}, run again: ${reasons.join('; ') || 'the run was interrupted'}`;
}
