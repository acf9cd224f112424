import { registries } from '../../harness/cli/registries.ts';
import type { Json } from '../../harness/contract/index.ts';
import { type Mutant, mutantsOf, Nursery } from '../mutants/mutants.ts';
import { survivors } from '../mutants/survivors.ts';
import type { Claims, Extent } from './claim.ts';
import { sixways } from './sixways.ts';

/** Most seeds that each mutant is given with each setting of its system. */
const SEEDS = 100;
/** Share of the mutants that must be caught. */
const LEAST_CAUGHT = 0.8;
const AT_A_TIME = 2;

interface Fate {
  readonly mutant: Mutant;
  /** The settings with which it was noticed: a violation, or runs without a verdict; undefined if it never was. */
  readonly caught: Json | undefined;
}

/**
 * A system without one of its syncs, comparisons of epochs or checks for duplicates is noticed by its own campaign: with its defaults, or
 * with the options that one of its flaws needs. Who survives is listed with the reason in `bench/mutants/survivors.ts`.
 */
export async function mutantClaims(
  claims: Claims,
  systems: readonly string[],
  { sample, base }: Extent,
): Promise<void> {
  // Hours of work: a sample would say nothing of the share.
  if (sample) return;
  for (const system of systems) {
    const mutants = mutantsOf(system);
    if (mutants.length === 0) continue;
    await claims.try(
      `${system}: at least ${LEAST_CAUGHT * 100} % of its mutants are caught within ${SEEDS} seeds`,
      async () => {
        const settings = settingsOf(system);
        const nurseries = Array.from({ length: AT_A_TIME }, () => new Nursery());
        const sound = await noticed(nurseries[0]!.entry(system), settings, base);
        if (sound !== undefined) return { holds: false, detail: { unmutated: sound } };
        const fates: Fate[] = [];
        const left = mutants.values();
        await Promise.all(
          nurseries.map(async (nursery) => {
            for (const mutant of left) {
              const caught = await nursery.with(mutant, () => noticed(nursery.entry(system), settings, base));
              fates.push({ mutant, caught });
              if (caught === undefined) console.log(`survives: ${told(mutant)}`);
            }
          }),
        );
        const alive = fates.filter(({ caught }) => caught === undefined).map(({ mutant }) => mutant);
        const unexplained = alive.filter((mutant) => reasonOf(mutant) === undefined);
        const share = 1 - alive.length / fates.length;
        return {
          holds: share >= LEAST_CAUGHT && unexplained.length === 0,
          detail: {
            mutants: fates.length,
            caught: share,
            survivors: alive.map((mutant) => `${told(mutant)}: ${reasonOf(mutant) ?? 'no reason known'}`),
          },
        };
      },
    );
  }
}

/** The defaults, and the options with which flaws of the system show. */
function settingsOf(system: string): Json[] {
  const flaws = registries.systems.find(({ name }) => name === system)?.flaws ?? [];
  const different = new Map(flaws.map(({ options = {} }) => [JSON.stringify(options), options]));
  different.delete('{}');
  return [{}, ...different.values()];
}

/** The first of the settings with which the campaign of the system in this file does not end with "valid". */
async function noticed(entry: string, settings: readonly Json[], base: number): Promise<Json | undefined> {
  for (const options of settings) {
    const { code } = await sixways(
      'test',
      entry,
      ...['--options', JSON.stringify(options)],
      ...['--seeds', String(SEEDS), '--from', String(base), '--failures', '1', '--no-shrink'],
      ...['--threads', '1', '--real-seconds', '10'],
    );
    if (code === 64 || code === 70) throw new Error(`the mutant of ${entry} does not run: exit code ${code}`);
    if (code !== 0) return options;
  }
  return undefined;
}

const told = ({ file, line, source, mutant }: Mutant): string => `${file}:${line}: ${source} -> ${mutant}`;

function reasonOf({ file, source, mutant }: Mutant): string | undefined {
  return survivors.find((known) => known.file === file && known.source === source && known.mutant === mutant)
    ?.reason;
}
