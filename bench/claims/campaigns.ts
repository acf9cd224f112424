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

/** Each system keeps its promises under all that it tolerates; for raft every kind of fault is known to have bitten. */
export async function campaignClaims(
  claims: Claims,
  systems: readonly string[],
  { sample, base }: Extent,
): Promise<void> {
  for (const system of systems) {
    const seeds = system === 'raft' ? (sample ? 30 : 500) : sample ? 10 : 200;
    await claims.try(`${system}: ${seeds} seeds from ${base}, none invalid, none unknown`, async () => {
      const { json } = await sixways('test', system, '--seeds', String(seeds), '--from', String(base));
      const { counts, ran, failures, unknown, faults } = (json as readonly Campaign[])[0]!;
      const rare = sample || system !== 'raft' ? [] : faults.filter(({ bit }) => bit < LEAST_BITES);
      const holds = counts.valid === seeds && ran === seeds && rare.length === 0;
      return {
        holds,
        detail: { counts, failures: failures.map(({ first }) => first), unknown, rare, bites: faults },
      };
    });
  }
}
