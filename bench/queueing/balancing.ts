import { MILLISECOND, MINUTE, type Nanos, SECOND } from '../../harness/contract/index.ts';
import type { Policy } from '../../systems-under-test/web-tier/policies.ts';
import { percentileOf } from './statistics.ts';
import { PLAIN_QUEUE, visitsOf } from './traffic.ts';
import type { Distribution } from './waiting.ts';

export interface Fleet {
  /** Speed of each front end. */
  readonly speeds: readonly number[];
  readonly cost: Distribution;
  /** Arrivals over the capacity of all. */
  readonly load: number;
  readonly time: Nanos;
  readonly seed: number;
}

export interface Balance {
  /** Latency of visits. */
  readonly median: Nanos;
  readonly tail: Nanos;
  /** Share of the visits that each front end served, in the order of the speeds. */
  readonly shares: readonly number[];
}

const SERVICE: Nanos = 10 * MILLISECOND;
const WARM_UP: Nanos = 5 * SECOND;
const TAIL = 99;

/** The same visits at the same times, whatever the policy: what differs is who gets them. */
export async function balanced(policy: Policy, fleet: Fleet): Promise<Balance> {
  const { speeds, cost, load, time, seed } = fleet;
  const capacity = speeds.reduce((sum, speed) => sum + speed, 0) * (SECOND / SERVICE);
  const visits = await visitsOf({
    seed,
    options: {
      ...PLAIN_QUEUE,
      slice: MINUTE,
      frontEnds: speeds.length,
      frontEndsMost: speeds.length,
      speeds: [...speeds],
      balancer: policy,
    },
    workload: { cost, costMean: SERVICE, perSecond: load * capacity },
    clients: 300,
    time: WARM_UP + time,
  });
  const measured = visits.filter(({ at }) => at >= WARM_UP);
  const latencies = measured.map(({ latency }) => latency);
  return {
    median: percentileOf(latencies, 50),
    tail: percentileOf(latencies, TAIL),
    shares: speeds.map(
      (_, nth) => measured.filter(({ node }) => node === `front${nth + 1}`).length / measured.length,
    ),
  };
}
