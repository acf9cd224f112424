import type { FlawResult } from '../../harness/cli/commands/flaws.ts';
import { registries } from '../../harness/cli/registries.ts';
import { keptOf, measuredCommit, record } from '../flaws/measured.ts';
import { type Claims, type Extent, turn } from './claim.ts';
import { sixways } from './sixways.ts';

/** Most seeds from each start. */
const SEEDS = 200;
/** Fewer flaws, of a system or two, have no typical size. */
const FLAWS_FOR_MEDIAN = 12;

/** Every planted flaw is caught, and shrinks to a failure that a person can follow. `recorded`: the figures are kept, with the commit they are of. */
export async function flawClaims(
  claims: Claims,
  systems: readonly string[],
  { sample, base }: Extent,
  { recorded = false }: { readonly recorded?: boolean } = {},
): Promise<void> {
  const commit = recorded ? await measuredCommit() : undefined;
  const starts = sample ? [base] : [1, 1001, 2001, 3001, 4001].map((start) => start + base - 1);
  const caught: FlawResult[] = [];
  for (const system of systems) {
    const planted =
      registries.systems.find(({ name }) => name === system)?.flaws.map(({ name }) => name) ?? [];
    const flaws = sample ? turn(planted, base, 4) : planted;
    if (flaws.length === 0) continue;
    const which = flaws.length === planted.length ? 'every planted flaw' : flaws.join(', ');
    await claims.try(
      `${system}: ${which} is caught within ${SEEDS} seeds of ${starts.join(', ')}`,
      async () => {
        const more = ['--flaw', flaws.join(','), ...(sample ? ['--no-shrink'] : [])];
        const { code, json } = await sixways(
          'flaws',
          system,
          '--starts',
          starts.join(','),
          '--seeds',
          String(SEEDS),
          ...more,
        );
        const results = (json ?? []) as readonly FlawResult[];
        caught.push(...results);
        const kept = keptOf(results);
        if (commit !== undefined && kept !== undefined && results.length === planted.length)
          record(system, { commit, starts, seeds: SEEDS, flaws: kept });
        return { holds: code === 0, detail: results };
      },
    );
  }
  if (sample || caught.length < FLAWS_FOR_MEDIAN) return;
  await claims.try(
    'shrunk, the failures of the flaws have a median of at most 3 faults and 30 operations',
    async () => {
      const faults = median(caught.flatMap((result) => result.faults ?? []));
      const operations = median(caught.flatMap((result) => result.operations ?? []));
      return {
        holds: faults <= 3 && operations <= 30,
        detail: { flaws: caught.length, faults, operations },
      };
    },
  );
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)] ?? Number.NaN;
}
