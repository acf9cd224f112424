import { type Claims, type Extent, turn } from './claim.ts';
import { sixways } from './sixways.ts';

/** The same seeds give the same runs in two unlike processes. */
export async function determinismClaims(
  claims: Claims,
  systems: readonly string[],
  { sample, base }: Extent,
): Promise<void> {
  const seeds = sample ? 3 : 200;
  for (const system of sample ? turn(systems, base, 4) : systems) {
    await claims.try(`${system}: ${seeds} seeds are the same in two unlike processes`, async () => {
      const { code, json } = await sixways(
        'verify',
        system,
        '--seeds',
        String(seeds),
        '--from',
        String(base),
      );
      return { holds: code === 0, detail: json };
    });
  }
}
