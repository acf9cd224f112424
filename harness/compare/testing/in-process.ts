import { assertions, availability, evidence, stats } from '../../../checkers/index.ts';
import type { Json } from '../../../histories/index.ts';
import { nemeses } from '../../../nemeses/index.ts';
import { systems } from '../../../systems-under-test/index.ts';
import { executeRun, type RunSummary, type RunTask } from '../../campaign/index.ts';
import type { System } from '../../contract/index.ts';
import { systemOptions } from '../../plan/index.ts';
import { workloads } from '../../workload/index.ts';
import { measureRun } from '../measure.ts';
import { DEFAULT_CONDITIONS } from '../plan.ts';
import { PROFILES } from '../profiles.ts';
import type { Row } from '../row.ts';
import { type Comparison, type ComparisonOptions, type Contender, runComparison } from '../run.ts';

/** A registered system as a contender. @throws Error for an unknown name */
export function contender(label: string, name: string, options: Json = {}): Contender {
  const system = systems.find((each) => each.name === name);
  if (system === undefined) throw new Error(`expected a registered system, got ${name}`);
  return ofSystem(label, system, options);
}

export function ofSystem(label: string, system: System, options: Json = {}): Contender {
  return {
    label,
    system,
    reference: { name: system.name, digest: '' },
    options: systemOptions(system, options, label),
  };
}

/** Runs here what workers would, for these contenders. */
export function poolOf(contenders: readonly Contender[], threads = 1) {
  const registries = { systems, nemeses, workloads, checkers: [assertions, availability, evidence, stats] };
  return {
    threads,
    stopped: false,
    run(task: RunTask): Promise<RunSummary> {
      const { system } = contenders.find(({ reference }) => reference.name === task.system.name)!;
      return executeRun(task, system, registries, {}, { measure: measureRun });
    },
  };
}

/** A comparison under one profile, in this process. */
export async function compared(
  contenders: readonly Contender[],
  profile: string,
  options: Partial<Omit<ComparisonOptions, 'conditions'>> & {
    readonly conditions?: Partial<ComparisonOptions['conditions']>;
  } = {},
): Promise<Comparison> {
  const { conditions, ...rest } = options;
  return runComparison(poolOf(contenders), {
    contenders,
    profiles: PROFILES.filter(({ name }) => name === profile),
    from: 1,
    seeds: 10,
    baseline: contenders[0]!.label,
    ...rest,
    conditions: { ...DEFAULT_CONDITIONS, ...conditions },
  });
}

/** The rows of the first profile, by label. */
export function rowsOf({ profiles }: Comparison): { readonly [label: string]: Row } {
  return Object.fromEntries(profiles[0]!.rows.map((row) => [row.label, row]));
}
