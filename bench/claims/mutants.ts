import { registries } from '../../harness/cli/registries.ts';
import type { Json } from '../../harness/contract/index.ts';
import { type Mutant, mutantsOf, Nursery, sourcesOf } from '../mutants/mutants.ts';
import { survivors } from '../mutants/survivors.ts';
import type { Claims, Extent } from './claim.ts';
import { sixways } from './sixways.ts';

/** Most seeds that each mutant is given with each setting of its system. */
const SEEDS = 100;
/** Share of the mutants that must be caught. */
const LEAST_CAUGHT = 0.8;
const AT_A_TIME = 2;
/** The folder of what several systems use. */
const SHARED = 'shared';

/** A campaign that may notice a mutant. */
interface Trial {
  readonly system: string;
  readonly options: Json;
}

/**
 * A system without one of its syncs, comparisons of epochs or checks for duplicates is noticed by its own campaign: with its defaults, or
 * with the options that one of its flaws needs. What several systems share must be noticed by one that uses it. Who survives
 * is listed with the reason in `bench/mutants/survivors.ts`.
 */
export async function mutantClaims(
  claims: Claims,
  systems: readonly string[],
  { base }: Extent,
): Promise<void> {
  const nurseries = Array.from({ length: AT_A_TIME }, () => new Nursery());
  const sources = new Map(systems.map((system) => [system, sourcesOf(system)]));
  const all = { mutants: 0, caught: 0 };
  for (const folder of [...systems, SHARED]) {
    const users = (file: string): string[] =>
      folder === SHARED ? systems.filter((system) => sources.get(system)!.has(file)) : [folder];
    const mutants = mutantsOf(folder).filter(({ file }) => users(file).length > 0);
    if (mutants.length === 0) continue;
    await claims.try(
      `${folder}: mutants are caught within ${SEEDS} seeds, or it is known why not`,
      async () => {
        const survived: Mutant[] = [];
        const left = mutants.values();
        await Promise.all(
          nurseries.map(async (nursery) => {
            for (const mutant of left) {
              const trials = users(mutant.file).flatMap(trialsOf);
              const caught = await nursery.with(mutant, () => noticed(nursery, trials, base));
              if (caught !== undefined) continue;
              survived.push(mutant);
              console.log(`survives: ${told(mutant)}`);
            }
          }),
        );
        const caught = mutants.length - survived.length;
        all.mutants += mutants.length;
        all.caught += caught;
        return {
          holds: survived.every((mutant) => reasonOf(mutant) !== undefined),
          detail: {
            mutants: mutants.length,
            caught,
            survivors: survived.map((mutant) => `${told(mutant)}: ${reasonOf(mutant) ?? 'no reason known'}`),
          },
        };
      },
    );
  }
  await claims.try(`${LEAST_CAUGHT * 100} % of all mutants are caught`, () =>
    Promise.resolve({ holds: all.caught >= LEAST_CAUGHT * all.mutants, detail: all }),
  );
}

/** The defaults of a system, and the options with which flaws of it show. */
function trialsOf(system: string): Trial[] {
  const flaws = registries.systems.find(({ name }) => name === system)?.flaws ?? [];
  const different = new Map<string, Json>([['{}', {}]]);
  for (const { options = {} } of flaws) different.set(JSON.stringify(options), options);
  return [...different.values()].map((options) => ({ system, options }));
}

/** The first of the trials that does not end with "valid". */
async function noticed(nursery: Nursery, trials: readonly Trial[], base: number): Promise<Trial | undefined> {
  for (const trial of trials) {
    const entry = nursery.entry(trial.system);
    const { code } = await sixways(
      'test',
      entry,
      ...['--options', JSON.stringify(trial.options)],
      ...['--seeds', String(SEEDS), '--from', String(base), '--failures', '1', '--no-shrink'],
      ...['--keep', nursery.histories, '--threads', '1', '--real-seconds', '10'],
    );
    if (code === 64 || code === 70) throw new Error(`the mutant in ${entry} does not run: exit code ${code}`);
    if (code !== 0) return trial;
  }
  return undefined;
}

const told = ({ file, line, source, mutant }: Mutant): string => `${file}:${line}: ${source} -> ${mutant}`;

function reasonOf({ file, source, mutant }: Mutant): string | undefined {
  return survivors.find((known) => known.file === file && known.source === source && known.mutant === mutant)
    ?.reason;
}
