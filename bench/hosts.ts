import { ACCELERATED, DAY, TEN_THOUSAND, YEAR } from './fleet/fleets.ts';
import { simulateFleet } from './fleet/simulate.ts';
import { duration, type Figure, rate } from './measure.ts';

/** Failures and repairs of so many machines are about 200,000 events. */
const MACHINE_DAYS = 1000;
const SIZES = [10, 100, 1000, 10_000] as const;

/** Does an event cost more where there are more hosts? The same load for each host: failures, and ten groups of data to repair after each. */
export async function hostsFigures(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const machines of SIZES) {
    const fleet = { ...ACCELERATED, machines, racks: Math.max(5, machines / 40), groups: 10 * machines };
    figures.push(
      await rate(
        `fleet of ${machines}`,
        `events of ${machines} machines that fail and are repaired, for ${MACHINE_DAYS} machine-days, set-up included`,
        'events/s',
        3,
        async () => (await simulateFleet(fleet, (MACHINE_DAYS / machines) * DAY, 1)).events,
      ),
    );
  }
  const [small, large] = [figures[0]!.value, figures.at(-1)!.value];
  figures.push({
    name: 'growth',
    what: 'cost of an event with 10,000 machines, over that with 10',
    value: small / large,
    unit: 'times',
    target: { atMost: 2 },
  });
  figures.push(
    await duration(
      'a year',
      '10,000 machines that fail once in 30 years, for a simulated year',
      1,
      async () => void (await simulateFleet(TEN_THOUSAND, YEAR, 1)),
      { atMost: 60 },
    ),
  );
  return figures;
}
