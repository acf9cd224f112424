import { registries } from '../../harness/cli/registries.ts';
import { type Claims, type Extent, turn } from './claim.ts';
import { sixways } from './sixways.ts';

interface FlawResult {
  readonly system: string;
  readonly flaw: string;
  readonly seedsNeeded: readonly (number | null)[];
  readonly median: number | null;
  readonly faults?: number;
  readonly operations?: number;
}

/** Every planted flaw is caught, and shrinks to a failure that a person can follow. */
export async function flawClaims(
  claims: Claims,
  systems: readonly string[],
  { sample, base }: Extent,
): Promise<void> {
  const starts = sample ? [base] : [1, 1001, 2001, 3001, 4001].map((start) => start + base - 1);
  const caught: FlawResult[] = [];
  for (const system of systems) {
    const planted =
      registries.systems.find(({ name }) => name === system)?.flaws.map(({ name }) => name) ?? [];
    const flaws = sample ? turn(planted, base, 4) : planted;
    if (flaws.length === 0) continue;
    const which = flaws.length === planted.length ? 'every planted flaw' : flaws.join(', ');
    await claims.try(`${system}: ${which} is caught within 200 seeds of ${starts.join(', ')}`, async () => {
      const more = ['--flaw', flaws.join(','), ...(sample ? ['--no-shrink'] : [])];
      const { code, json } = await sixways(
        'flaws',
        system,
        '--starts',
        starts.join(','),
        '--seeds',
        '200',
        ...more,
      );
      const results = json as readonly FlawResult[];
      caught.push(...results);
      return { holds: code === 0, detail: results };
    });
  }
  if (sample) return;
  await claims.try(
    'shrunk, the failures of the flaws have a median of at most 3 faults and 30 operations',
    async () => {
      const faults = median(caught.flatMap((result) => result.faults ?? []));
      const operations = median(caught.flatMap((result) => result.operations ?? []));
      return {
        holds: caught.length >= 12 && faults <= 3 && operations <= 30,
        detail: { flaws: caught.length, faults, operations },
      };
    },
  );
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)] ?? Number.NaN;
}
