import { registries } from '../../harness/cli/registries.ts';
import { kindsDrawn } from '../../harness/plan/index.ts';
import type { Json } from '../../histories/index.ts';
import type { Claims, Extent } from './claim.ts';
import { sixways } from './sixways.ts';

interface Campaign {
  readonly counts: Record<string, number>;
  readonly ran: number;
  readonly failures: readonly { readonly first: { readonly seed: number; readonly history?: string } }[];
  readonly unknown: readonly { readonly seed: number; readonly reasons: readonly string[] }[];
  readonly operations: number;
  readonly succeeded: number;
  readonly faults: readonly { readonly fault: string; readonly bit: number }[];
}

/** Of all seeds of a campaign, in how many each kind of a tolerance table must bite. */
const LEAST_BITING = 0.1;
/** Of all operations of clients, how many must succeed: a system that is down the whole time proves nothing. */
const LEAST_SUCCEEDING = 0.5;

/** Settings of a system that are another system in truth: more roles, another protocol. */
const VARIANTS: { readonly [system: string]: readonly string[] } = {
  raft: ['{"servers":3,"spares":2,"rolling":"1s"}'],
};

/** Each system keeps its promises under all that it tolerates, is of use meanwhile, and every kind of its table is known to have bitten. */
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
    const seeds = thorough ? (sample ? 15 : 500) : sample ? 7 : 200;
    const what = options === undefined ? system : `${system} ${options}`;
    await claims.try(`${what}: ${seeds} seeds from ${base}, none invalid, none unknown`, async () => {
      const more = options === undefined ? [] : ['--options', options];
      const range = ['--seeds', String(seeds), '--from', String(base)];
      const { json } = await sixways('test', system, ...range, ...more);
      const { counts, ran, failures, unknown, faults, operations, succeeded } = (
        json as readonly Campaign[]
      )[0]!;
      const bites = kindsOf(system, options).map((kind) => ({
        fault: kind,
        bit: faults.find(({ fault }) => fault === kind)?.bit ?? 0,
      }));
      const rare = sample ? [] : bites.filter(({ bit }) => bit < LEAST_BITING * seeds);
      const useful = succeeded / operations;
      console.log(tableOf(bites, seeds, useful));
      return {
        holds: counts.valid === seeds && ran === seeds && rare.length === 0 && useful >= LEAST_SUCCEEDING,
        detail: { counts, failures: failures.map(({ first }) => first), unknown, rare, useful, bites },
      };
    });
  }
}

function kindsOf(name: string, options = '{}'): string[] {
  const system = registries.systems.find((each) => each.name === name)!;
  return kindsDrawn({ system, nemeses: registries.nemeses, options: JSON.parse(options) as Json });
}

/** In how many seeds each kind bit, the rarest first. */
function tableOf(
  bites: readonly { readonly fault: string; readonly bit: number }[],
  seeds: number,
  useful: number,
): string {
  const kinds = [...bites].sort((a, b) => a.bit - b.bit).map(({ fault, bit }) => `${fault} ${bit}`);
  return `       of ${seeds} seeds: ${kinds.join(', ')}; ${(100 * useful).toFixed(0)}% of the operations succeeded`;
}
