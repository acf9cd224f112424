import { type Nanos, SECOND } from '../../harness/contract/index.ts';
import { type Estimate, estimate, meanOf } from './statistics.ts';
import { PLAIN_QUEUE, visitsOf } from './traffic.ts';

export type Distribution = 'exponential' | 'deterministic' | 'bimodal';

export interface Queue {
  readonly cost: Distribution;
  /** Utilisation, 0..1. */
  readonly load: number;
}

export interface Measurement {
  readonly replications: number;
  /** Left out at the beginning of each, since it starts with an empty queue; and measured then. */
  readonly warmUp: Nanos;
  readonly time: Nanos;
  readonly base: number;
}

/** Mean of the service time. */
const SERVICE: Nanos = SECOND / 100;
/** Of the bimodal one. */
const HEAVY = { share: 0.1, times: 10 };

/**
 * Mean waiting time of M/G/1 in nanoseconds, the service itself not counted: load × E[S²] / (2 E[S] (1 - load)), Pollaczek and Khinchine. For
 * exponential service that is M/M/1, for deterministic service M/D/1, half of it.
 */
export function waitingTime({ cost, load }: Queue): Nanos {
  return (load * SERVICE * secondMoment(cost)) / (2 * (1 - load));
}

/** E[S²] / E[S]². */
function secondMoment(cost: Distribution): number {
  if (cost === 'deterministic') return 1;
  if (cost === 'exponential') return 2;
  const { share, times } = HEAVY;
  return (1 - share + share * times ** 2) / (1 - share + share * times) ** 2;
}

/** The mean waiting time in `web-tier` with one front end, over independent replications. */
export async function measuredWaitingTime(queue: Queue, measurement: Measurement): Promise<Estimate> {
  const { replications, warmUp, time, base } = measurement;
  const means: number[] = [];
  for (let nth = 0; nth < replications; nth++) {
    const visits = await visitsOf({
      seed: base + nth,
      options: PLAIN_QUEUE,
      workload: {
        cost: queue.cost,
        costMean: SERVICE,
        heavyShare: HEAVY.share,
        heavyTimes: HEAVY.times,
        perSecond: (queue.load * SECOND) / SERVICE,
      },
      clients: 150,
      time: warmUp + time,
    });
    const measured = visits.filter(({ at }) => at >= warmUp);
    means.push(meanOf(measured.map(({ latency, cost }) => latency - cost)));
  }
  return estimate(means);
}
