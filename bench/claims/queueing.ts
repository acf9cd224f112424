import { SECOND } from '../../harness/contract/index.ts';
import type { Policy } from '../../systems-under-test/web-tier/policies.ts';
import { balanced } from '../queueing/balancing.ts';
import { storm } from '../queueing/overload.ts';
import { meanOf } from '../queueing/statistics.ts';
import { type Distribution, measuredWaitingTime, waitingTime } from '../queueing/waiting.ts';
import type { Claims } from './claim.ts';

const DISTRIBUTIONS: readonly Distribution[] = ['exponential', 'deterministic', 'bimodal'];
const POLICIES: readonly Policy[] = ['random', 'round-robin', 'least-outstanding', 'power-of-two'];

/** A mean that is not known to a twentieth or so says little. */
const HALF_WIDTH_MOST = 0.12;

/** What queueing theory says of a front end and of a fleet emerges in `web-tier`. */
export async function queueingClaims(claims: Claims): Promise<void> {
  const loads = [0.5, 0.7, 0.8, 0.9];
  for (const cost of DISTRIBUTIONS) {
    for (const load of loads) {
      const seconds = load > 0.8 ? 240 : 80;
      await claims.try(
        `web-tier: ${cost} requests at load ${load} wait as theory says, 30 replications of ${seconds} s`,
        async () => {
          const measurement = {
            replications: 30,
            warmUp: (seconds / 4) * SECOND,
            time: seconds * SECOND,
            base: 1,
          };
          const { mean, half } = await measuredWaitingTime({ cost, load }, measurement);
          const theory = waitingTime({ cost, load });
          const known = half / theory < HALF_WIDTH_MOST;
          return { holds: known && Math.abs(mean - theory) < half, detail: { theory, mean, half } };
        },
      );
    }
  }
  await claims.try('web-tier: a retry storm outlives its cause; budgets and shedding end it', async () => {
    const detail = {
      unbounded: await storm({ retryBudget: 0, shedding: 'none' }),
      budget: await storm({ retryBudget: 0.1, shedding: 'none' }),
      shedding: await storm({ retryBudget: 0, shedding: 'expired' }),
      both: await storm({ retryBudget: 0.1, shedding: 'hopeless', times: 100, triggerFor: SECOND }),
    };
    const cured = [detail.budget, detail.shedding, detail.both].every(({ after }) => after > 0.8);
    return { holds: detail.unbounded.after < 0.05 && cured, detail };
  });
  await claims.try('web-tier: with unequal servers and requests those who look beat the blind', async () => {
    const tails: { [policy in Policy]?: number } = {};
    for (const policy of POLICIES) {
      const replications: number[] = [];
      for (let seed = 1; seed <= 10; seed++) {
        const fleet = {
          speeds: [1, 1, 1, 0.5],
          cost: 'bimodal',
          load: 0.5,
          time: 60 * SECOND,
          seed,
        } as const;
        replications.push((await balanced(policy, fleet)).tail);
      }
      tails[policy] = meanOf(replications);
    }
    const looking = Math.max(tails['least-outstanding']!, tails['power-of-two']!);
    const blind = Math.min(tails.random!, tails['round-robin']!);
    return { holds: looking < blind / 2, detail: tails };
  });
}
