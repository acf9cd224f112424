import { registries } from '../../harness/cli/registries.ts';
import type { Json } from '../../harness/contract/index.ts';
import { Hunt, type Trial } from '../mutants/hunt.ts';
import { type Mutant, mutantsOf, sourcesOf } from '../mutants/mutants.ts';
import { reasonOf } from '../mutants/survivors.ts';
import type { Claims, Extent } from './claim.ts';

/** Most seeds that each mutant is given with each setting of its system. */
const SEEDS = 100;
/** Share of the mutants that must be caught. */
const LEAST_CAUGHT = 0.8;
/** The folder of what several systems use. */
const SHARED = 'shared';

interface Tally {
  readonly folder: string;
  mutants: number;
  caught: number;
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
  {
    seeds = SEEDS,
    folders = [...systems, SHARED],
  }: { readonly seeds?: number; readonly folders?: readonly string[] },
): Promise<void> {
  const sources = new Map(systems.map((system) => [system, sourcesOf(system)]));
  const usersOf = (file: string, folder: string): string[] =>
    folder === SHARED ? systems.filter((system) => sources.get(system)!.has(file)) : [folder];
  const unknown = folders.filter((folder) => ![...systems, SHARED].includes(folder));
  if (unknown.length > 0)
    throw new Error(
      `--folders: expected some of ${[...systems, SHARED].join(', ')}, got ${unknown.join(', ')}`,
    );
  const tallies: Tally[] = [];
  const hunt = new Hunt(base, seeds);
  for (const folder of folders) {
    const mutants = mutantsOf(folder).filter(({ file }) => usersOf(file, folder).length > 0);
    if (mutants.length === 0) continue;
    const tally: Tally = { folder, mutants: mutants.length, caught: 0 };
    tallies.push(tally);
    await claims.try(
      `${folder}: mutants are caught within ${seeds} seeds, or it is known why not`,
      async () => {
        const survivors: Mutant[] = [];
        const trialsOf = ({ file }: Mutant): Trial[] => usersOf(file, folder).flatMap(trialsOfSystem);
        await hunt.each(mutants, trialsOf, (mutant, caught) => {
          if (caught !== undefined) tally.caught++;
          else survivors.push(mutant);
          const how = caught
            ? `${caught.trial.system}, seed ${caught.seed}: ${caught.sign}`
            : (reasonOf(mutant) ?? 'no reason known');
          console.log(`${caught ? 'caught  ' : 'survives'} ${told(mutant)} (${how})`);
        });
        return {
          holds: survivors.every((mutant) => reasonOf(mutant) !== undefined),
          detail: {
            ...tally,
            survivors: survivors.map((mutant) => `${told(mutant)}: ${reasonOf(mutant) ?? 'no reason known'}`),
          },
        };
      },
    );
  }
  await hunt.close();
  for (const { folder, mutants, caught } of tallies) console.log(`${folder}: ${caught} of ${mutants}`);
  const all = sum(tallies, ({ mutants }) => mutants);
  const caught = sum(tallies, (tally) => tally.caught);
  await claims.try(`${LEAST_CAUGHT * 100} % of all mutants are caught`, () =>
    Promise.resolve({ holds: caught >= LEAST_CAUGHT * all, detail: { mutants: all, caught } }),
  );
}

/** The defaults of a system, and the options with which flaws of it show. */
function trialsOfSystem(system: string): Trial[] {
  const flaws = registries.systems.find(({ name }) => name === system)?.flaws ?? [];
  const different = new Map<string, Json>([['{}', {}]]);
  for (const { options = {} } of flaws) different.set(JSON.stringify(options), options);
  return [...different.values()].map((options) => ({ system, generation: { options } }));
}

const told = ({ file, line, source, mutant }: Mutant): string => `${file}:${line}: ${source} -> ${mutant}`;

function sum<T>(items: readonly T[], figure: (item: T) => number): number {
  return items.reduce((total, item) => total + figure(item), 0);
}
