import { dalysGoodput } from '../../systems-under-test/training-job/optimum.ts';
import { CHECKPOINTED, FAILURES, REPAIR, SECOND } from '../training/jobs.ts';
import { simulateTraining } from '../training/simulate.ts';
import type { Claims, Extent } from './claim.ts';
import { meanOf } from './mean.ts';

/** A failed worker is noticed when it has not answered for 20 s beyond its step, half of which had passed on average. */
const DETECTION = 20 * SECOND + CHECKPOINTED.stepTime / 2;

/** Goodput against the checkpoint interval, with the same failures for all intervals of a seed. */
export async function trainingClaims(claims: Claims, { base }: Extent): Promise<void> {
  const seeds = 20;
  const time = 200_000 * SECOND;
  await claims.try(
    'training-job: goodput is as Daly says within 0.02; a quarter of Young’s interval and four times are worse by 0.05',
    async () => {
      const goodputs: number[][] = [];
      for (let seed = base; seed < base + seeds; seed++) {
        const row: number[] = [];
        for (const every of [5, 20, 80]) {
          const run = { ...CHECKPOINTED, every };
          row.push((await simulateTraining(run, { failures: FAILURES, repair: REPAIR }, time, seed)).goodput);
        }
        goodputs.push(row);
      }
      const { stepTime, checkpointTime, restartTime } = CHECKPOINTED;
      const against = [5, 20, 80].map((every, nth) => ({
        every,
        daly: dalysGoodput(every * stepTime, checkpointTime, restartTime + DETECTION, FAILURES),
        ...meanOf(goodputs.map((row) => row[nth]!)),
      }));
      const lead = [0, 2].map((nth) => meanOf(goodputs.map((row) => row[1]! - row[nth]!)));
      const follows = against.every(({ mean, error, daly }) => Math.abs(mean - daly) < 0.02 + 3 * error);
      const worse = lead.every(({ mean, error }) => mean - 3 * error > 0.05);
      return { holds: follows && worse, detail: { against, lead, goodputs } };
    },
  );
  const flipped = 20;
  await claims.try('training-job: every flipped bit is found, or gone before it counted', async () => {
    const hardship = { failures: FAILURES, repair: REPAIR, flips: FAILURES, storePower: FAILURES };
    const wrong: unknown[] = [];
    for (let seed = base; seed < base + flipped; seed++) {
      const result = await simulateTraining({ ...CHECKPOINTED, workers: 4 }, hardship, time / 2, seed);
      if (result.wrong > 0 || result.violations.length > 0 || result.flipsFound === 0)
        wrong.push({ seed, result });
    }
    return { holds: wrong.length === 0, detail: wrong };
  });
}
