import { type Catch, Hunt } from '../mutants/hunt.ts';
import { type Mutant, mutantsOf, sourcesOf } from '../mutants/mutants.ts';
import { reasonOf } from '../mutants/survivors.ts';
import { type Trial, trialsOf } from '../mutants/trials.ts';
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
  /** Of those caught, by a test beside them. */
  byTests: number;
}

/**
 * A system without one of its syncs, comparisons of epochs or checks for duplicates is noticed by its own campaign: with its defaults, or
 * with the options that one of its flaws needs, or by the tests beside it. What several systems share must be noticed by one that uses it. Who survives
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
    const tally: Tally = { folder, mutants: mutants.length, caught: 0, byTests: 0 };
    tallies.push(tally);
    const users = folder === SHARED ? systems : [folder];
    await claims.try(`${folder}: without a mutant, tests and plans notice nothing`, async () => {
      const noticed = await hunt.control(folder, users.flatMap(trialsOf));
      return { holds: noticed === undefined, detail: noticed ?? null };
    });
    await claims.try(
      `${folder}: mutants are caught within ${seeds} seeds, or it is known why not`,
      async () => {
        const survivors: Mutant[] = [];
        const plans = ({ file }: Mutant): Trial[] => usersOf(file, folder).flatMap(trialsOf);
        await hunt.each(mutants, plans, (mutant, caught) => {
          if (caught === undefined) survivors.push(mutant);
          else tally.caught++;
          if (caught?.by === 'test') tally.byTests++;
          const how = caught ? howOf(caught) : (reasonOf(mutant) ?? 'no reason known');
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
  for (const { folder, mutants, caught, byTests } of tallies)
    console.log(`${folder}: ${caught} of ${mutants}, ${byTests} of them by tests`);
  const all = sum(tallies, ({ mutants }) => mutants);
  const caught = sum(tallies, (tally) => tally.caught);
  await claims.try(`${LEAST_CAUGHT * 100} % of all mutants are caught`, () =>
    Promise.resolve({ holds: caught >= LEAST_CAUGHT * all, detail: { mutants: all, caught } }),
  );
}

const howOf = (caught: Catch): string =>
  caught.by === 'test'
    ? `test: ${caught.sign}`
    : `${caught.trial.system}, seed ${caught.seed}: ${caught.sign}`;

const told = ({ file, line, source, mutant }: Mutant): string => `${file}:${line}: ${source} -> ${mutant}`;

function sum<T>(items: readonly T[], figure: (item: T) => number): number {
  return items.reduce((total, item) => total + figure(item), 0);
}
