import type { Claims, Extent } from './claim.ts';
import { sixways } from './sixways.ts';

interface Campaign {
  readonly counts: Record<string, number>;
  readonly ran: number;
  readonly failures: readonly { readonly first: { readonly seed: number; readonly history?: string } }[];
  readonly unknown: readonly { readonly seed: number; readonly reasons: readonly string[] }[];
  readonly faults: readonly { readonly fault: string; readonly bit: number }[];
}

/** Runs of the campaign in which each kind of a tolerance table must bite. */
const LEAST_BITES = 25;

/** Settings of a system that are another system in truth: more roles, another protocol. */
const VARIANTS: { readonly [system: string]: readonly string[] } = {
  raft: ['{"servers":3,"spares":2,"rolling":"1s"}'],
};

/** Each system keeps its promises under all that it tolerates; for raft every kind of fault is known to have bitten. */
export async function campaignClaims(
  claims: Claims,
  systems: readonly string[],
  { sample, base }: Extent,
): Promise<void> {
  const each = systems.flatMap((system) =>
    [undefined, ...(VARIANTS[system] ?? [])].map((options) => ({ system, options })),
  );
  for (const { system, options } of each) {
    const thorough = system === 'raft' && options === undefined;
    const seeds = thorough ? (sample ? 30 : 500) : sample ? 10 : 200;
    const what = options === undefined ? system : `${system} ${options}`;
    await claims.try(`${what}: ${seeds} seeds from ${base}, none invalid, none unknown`, async () => {
      const more = options === undefined ? [] : ['--options', options];
      const range = ['--seeds', String(seeds), '--from', String(base)];
      const { json } = await sixways('test', system, ...range, ...more);
      const { counts, ran, failures, unknown, faults } = (json as readonly Campaign[])[0]!;
      const rare = sample || !thorough ? [] : faults.filter(({ bit }) => bit < LEAST_BITES);
      const holds = counts.valid === seeds && ran === seeds && rare.length === 0;
      return {
        holds,
        detail: { counts, failures: failures.map(({ first }) => first), unknown, rare, bites: faults },
      };
    });
  }
}
