import { meanTimeToLoss } from '../../systems-under-test/fleet/markov.ts';
import { ACCELERATED, CORRELATED, DAY, HOUR, MINUTE, TEN_THOUSAND, YEAR } from '../fleet/fleets.ts';
import { simulateFleet } from '../fleet/simulate.ts';
import type { Claims, Extent } from './claim.ts';
import { meanOf } from './mean.ts';

/** The arithmetic of a large fleet: how often something fails, and how often data are lost. */
export async function fleetClaims(claims: Claims, { base }: Extent): Promise<void> {
  const seeds = (count: number) => Array.from({ length: count }, (_, nth) => base + nth);

  const years = 20;
  await claims.try(`fleet: 10,000 machines that fail once in 30 years, ${years} times a year`, async () => {
    const started = performance.now();
    const failures: number[] = [];
    for (const seed of seeds(years)) failures.push((await simulateFleet(TEN_THOUSAND, YEAR, seed)).failures);
    const secondsEach = (performance.now() - started) / 1000 / years;
    const { mean } = meanOf(failures);
    const expected = 10_000 / 30;
    const within = Math.abs(mean - expected) < 3 * Math.sqrt(expected / years);
    return { holds: within && secondsEach <= 60, detail: { expected, mean, failures, secondsEach } };
  });

  const runs = 20;
  const time = 60 * DAY;
  const expected = (ACCELERATED.groups * time) / meanTimeToLoss(3, ACCELERATED.lifetime, HOUR + MINUTE);
  const losses = async (fleet: typeof ACCELERATED) => {
    const lost: number[] = [];
    for (const seed of seeds(runs)) lost.push((await simulateFleet(fleet, time, seed)).lost);
    return { lost, ...meanOf(lost) };
  };
  await claims.try('fleet: losses are as the closed formula says, within three standard errors', async () => {
    const { lost, mean, error } = await losses(ACCELERATED);
    const close = error < 0.05 * expected;
    return { holds: close && Math.abs(mean - expected) < 3 * error, detail: { expected, mean, error, lost } };
  });
  await claims.try(
    'fleet: failures of racks break the formula by random placement, not in distinct racks',
    async () => {
      const random = await losses(CORRELATED);
      const apart = await losses({ ...CORRELATED, placement: 'racks' });
      const breaks = random.mean - 3 * random.error > 4 * expected;
      const saves = Math.abs(apart.mean - expected) < 3 * apart.error;
      return { holds: breaks && saves, detail: { expected, random, apart } };
    },
  );
}
