import { describe, expect, it } from 'vitest';
import { ACCELERATED, CORRELATED, DAY, HOUR, MINUTE, TEN_THOUSAND, YEAR } from '../../bench/fleet/fleets.ts';
import { simulateFleet } from '../../bench/fleet/simulate.ts';
import { meanTimeToLoss } from './markov.ts';

const expectedLosses = (time: number): number =>
  (ACCELERATED.groups * time) / meanTimeToLoss(3, ACCELERATED.lifetime, HOUR + MINUTE);

describe('a fleet', () => {
  it('of 10,000 machines that fail once in 30 years sees about one failure a day', async () => {
    const { failures, lost, repaired } = await simulateFleet(TEN_THOUSAND, YEAR, 1);
    // 10,000 / 30 = 333 a year, and a Poisson number's deviation is its root.
    expect(Math.abs(failures - 10_000 / 30)).toBeLessThan(3 * Math.sqrt(10_000 / 30));
    // Six copies a machine, all made anew but those whose machine failed in the last hours.
    expect(repaired / failures).toBeCloseTo(6, 0);
    expect(lost).toBe(0);
  });

  it('loses groups as often as the closed formula says, while failures are independent', async () => {
    const { lost } = await simulateFleet(ACCELERATED, 30 * DAY, 1);
    const expected = expectedLosses(30 * DAY);
    expect(expected).toBeCloseTo(43.4, 1);
    expect(Math.abs(lost - expected)).toBeLessThan(3 * Math.sqrt(expected));
  });

  it('loses far more when racks fail as a whole, although no machine fails more often; in distinct racks as much as the formula says', async () => {
    const random = await simulateFleet(CORRELATED, 20 * DAY, 1);
    const apart = await simulateFleet({ ...CORRELATED, placement: 'racks' }, 20 * DAY, 1);
    const expected = expectedLosses(20 * DAY);
    expect(random.lost).toBeGreaterThan(4 * expected);
    expect(Math.abs(apart.lost - expected)).toBeLessThan(3 * Math.sqrt(expected));
  });

  it('that is told of failures after a delay stands for one with heartbeats', async () => {
    const heartbeats = {
      ...ACCELERATED,
      machines: 30,
      groups: 300,
      replacement: 10 * MINUTE,
      detection: { every: MINUTE, deadAfter: 3 * MINUTE },
    };
    const small = await simulateFleet(heartbeats, 10 * DAY, 1);
    // Silence begins up to a heartbeat before the failure, and somebody looks every fourth of one.
    const expected = 3 * MINUTE - MINUTE / 2 + MINUTE / 8;
    expect(Math.abs(small.detection - expected)).toBeLessThan(0.05 * expected);
    const delay = await simulateFleet({ ...heartbeats, detection: { after: expected } }, 10 * DAY, 1);
    expect(Math.abs(delay.failures - small.failures)).toBeLessThan(
      3 * Math.sqrt(delay.failures + small.failures),
    );
    const copies = (delay.repaired / delay.failures) * (small.failures / small.repaired);
    expect(Math.abs(copies - 1)).toBeLessThan(0.15);
    expect(Math.abs(delay.lost - small.lost)).toBeLessThan(3 * Math.sqrt(delay.lost + small.lost + 1));
  });

  it('is the same for the same seed', async () => {
    const [one, other] = [await simulateFleet(ACCELERATED, DAY, 7), await simulateFleet(ACCELERATED, DAY, 7)];
    expect(one).toEqual(other);
  });
});

describe('the closed formula', () => {
  it('is the lifetime for one copy, and the textbook’s for two', () => {
    expect(meanTimeToLoss(1, 100, 1)).toBeCloseTo(100);
    // (3 a + b) / (2 a²): Patterson, Gibson and Katz, 1988.
    expect(meanTimeToLoss(2, 100, 1)).toBeCloseTo((3 / 100 + 1) / (2 / 100 ** 2));
  });
});
