import type { Plan } from '../contract/index.ts';
import type { RunPool } from './pool.ts';
import type { Generation, RunSummary, RunTask, Signature, SystemReference } from './task.ts';

/** A planted flaw found by the default generation. */
export interface Catch {
  /** First seed tried. */
  readonly from: number;
  /** Seeds needed, the failing one included. */
  readonly seeds: number;
  readonly seed: number;
  readonly signature: Signature;
  readonly plan: Plan;
}

/** A hunt that found nothing, with what the runs said instead. */
export interface Escape {
  readonly from: number;
  readonly seeds: number;
  readonly unknown: number;
  /** Failures that were not wanted: `checker: anomaly`, sorted. */
  readonly others: readonly string[];
}

export interface HuntOptions {
  readonly system: SystemReference;
  readonly generation: Generation;
  readonly from: number;
  readonly most: number;
  readonly check: RunTask['check'];
  /** Failures that count: a flaw is not caught by whatever else goes wrong. */
  readonly wanted: readonly Signature[];
}

/**
 * Runs seeds upwards until one fails as wanted. What is found does not depend on the number of workers: the lowest such seed counts,
 * and all seeds below it were run.
 */
export async function hunt(
  pool: Pick<RunPool, 'run' | 'threads'>,
  options: HuntOptions,
): Promise<Catch | Escape> {
  const { from, most, wanted } = options;
  const isWanted = ({ checker, anomaly }: Signature): boolean =>
    wanted.some((signature) => signature.checker === checker && signature.anomaly === anomaly);
  const found: RunSummary[] = [];
  const others = new Set<string>();
  let next = from;
  let unknown = 0;
  let failure: unknown;
  const lowest = (): number =>
    found.reduce((least, { seed }) => Math.min(least, seed), Number.POSITIVE_INFINITY);
  const work = async (): Promise<void> => {
    while (next < from + most && next < lowest() && failure === undefined) {
      const seed = next++;
      try {
        const summary = await pool.run({
          system: options.system,
          seed,
          generation: options.generation,
          check: options.check,
          want: { plan: true },
        });
        if (summary.signatures.some(isWanted)) found.push(summary);
        else if (summary.signatures.length > 0) {
          for (const { checker, anomaly } of summary.signatures) others.add(`${checker}: ${anomaly}`);
        } else if (summary.validity === 'unknown') unknown++;
        if (summary.ended === 'interrupted') return;
      } catch (error) {
        failure ??= error;
      }
    }
  };
  await Promise.all(Array.from({ length: pool.threads }, work));
  if (failure !== undefined) throw failure;
  const first = found.find(({ seed }) => seed === lowest());
  if (first === undefined) return { from, seeds: next - from, unknown, others: [...others].sort() };
  return {
    from,
    seeds: first.seed - from + 1,
    seed: first.seed,
    signature: first.signatures.find(isWanted)!,
    plan: first.plan!,
  };
}

export function isCatch(result: Catch | Escape): result is Catch {
  return 'signature' in result;
}
