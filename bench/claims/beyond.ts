import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunPool } from '../../harness/campaign/index.ts';
import { withPool } from '../../harness/cli/pool.ts';
import { registries } from '../../harness/cli/registries.ts';
import { resolveSystem } from '../../harness/cli/system/load-system.ts';
import type { System } from '../../harness/contract/index.ts';
import { systemOptions } from '../../harness/plan/index.ts';
import { plansBeyond } from '../beyond/plans.ts';
import { type Step, stepsOf } from '../beyond/steps.ts';
import { PROJECT } from '../project.ts';
import type { Claims, Extent } from './claim.ts';

/** Most seeds that each step is given with its fault alone, and then with all others. */
const SEEDS = 100;

/**
 * A tolerance table claims no less than the system stands: one step beyond each row some seed fails, or the system's README says why none
 * can, in its section "One step beyond", by the name of the fault.
 */
export async function beyondClaims(
  claims: Claims,
  systems: readonly string[],
  { base }: Extent,
): Promise<void> {
  await withPool({}, async (pool) => {
    for (const name of systems) {
      const system = registries.systems.find((each) => each.name === name)!;
      const options = systemOptions(system, {}, 'options');
      const withstood = withstoodOf(name);
      for (const step of stepsOf(system.tolerance(options), system.roles(options))) {
        await claims.try(`${name}: ${step.fault} ${step.what}: fails, or it is known why not`, async () => {
          const alone = await firstFailing(pool, system, step, base, true);
          const failing = 'seed' in alone ? alone : await firstFailing(pool, system, step, base, false);
          console.log(
            `       ${'seed' in failing ? `seed ${failing.seed}: ${failing.sign}` : `withstood, ${failing.unknown} unknown`}`,
          );
          const holds = 'seed' in failing !== withstood.has(step.fault);
          return { holds, detail: { ...failing, explained: withstood.has(step.fault) } };
        });
      }
    }
  });
}

/** Everything is judged, liveness too: a claim of recovery is a claim. `alone`: this kind of fault and what reveals it; all of the table if false. */
async function firstFailing(pool: RunPool, system: System, step: Step, base: number, alone: boolean) {
  const reference = await resolveSystem(system.name, registries.systems);
  const planOf = plansBeyond(system, step, alone);
  let unknown = 0;
  let next = base;
  const found: { seed: number; sign: string }[] = [];
  const work = async (): Promise<void> => {
    while (found.length === 0 && next < base + SEEDS) {
      const seed = next++;
      const { validity, signatures } = await pool.run({ system: reference, plan: planOf(seed), check: {} });
      const [first] = signatures;
      if (first !== undefined) found.push({ seed, sign: `${first.checker}: ${first.anomaly}` });
      else if (validity === 'unknown') unknown++;
    }
  };
  await Promise.all(Array.from({ length: pool.threads }, work));
  return found.sort((a, b) => a.seed - b.seed)[0] ?? { unknown };
}

/** Kinds of faults that the README's section names. */
function withstoodOf(system: string): Set<string> {
  const text = readFileSync(join(PROJECT, 'systems-under-test', system, 'README.md'), 'utf8');
  const section = text.split(/^## One step beyond$/m)[1]?.split(/^## /m)[0] ?? '';
  return new Set([...section.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name!));
}
