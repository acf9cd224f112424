import { type Json, MILLISECOND, type Nanos, SECOND } from '../../harness/contract/index.ts';
import { checkpointBytes, count, duration } from '../shared/options.ts';
import type { Policy } from './policies.ts';

export type WebTierOptions = {
  readonly balancer: Policy;
  readonly balancers: number;
  /** Front ends at the beginning, and with the autoscaler at least. */
  readonly frontEnds: number;
  /** Front ends at most: with more than `frontEnds` there is an autoscaler. */
  readonly frontEndsMost: number;
  /** Speed of each front end at its work, by number from 0; 1 for those not named. */
  readonly speeds: readonly number[];
  /** A front end looks at what has arrived after so much CPU time of work. */
  readonly slice: Nanos;
  /** Requests that wait in a front end at most; 0: no bound. */
  readonly queueBound: number;
  /** Work that nobody will wait for: done anyway, dropped when its turn comes, or refused when it arrives. */
  readonly shedding: 'none' | 'expired' | 'hopeless';
  /** CPU time of a front end for a read or write. */
  readonly work: Nanos;
  /** How long a user waits for the answer, all attempts taken together; the deadline of the objectives. */
  readonly patience: Nanos;
  /** How long a client waits before it tries again. */
  readonly attemptTimeout: Nanos;
  readonly attempts: number;
  /** Retries for each request of a client, in the long run; 0: no bound. */
  readonly retryBudget: number;
  /** Before the second attempt; twice as long before each further one, and half of it drawn. */
  readonly backoff: Nanos;
  /** How long a balancer keeps away from a front end that does not answer. */
  readonly ejectedFor: Nanos;
  readonly scaleEvery: Nanos;
  /** Utilisation that the autoscaler aims at. */
  readonly scaleTarget: number;
  /** How long a front end takes from the order to start until it serves. */
  readonly startUp: Nanos;
  readonly checkpointBytes: number;
};

export const optionsSchema: { readonly [keyword: string]: Json } = {
  type: 'object',
  additionalProperties: false,
  properties: {
    balancer: {
      enum: ['random', 'round-robin', 'least-outstanding', 'power-of-two'],
      default: 'power-of-two',
      description: 'how a balancer chooses the front end of a request',
    },
    balancers: count(2, 1, 20, 'load balancers; a client keeps to one while it answers'),
    frontEnds: count(3, 1, 100, 'front ends at the beginning, and at least'),
    frontEndsMost: count(5, 1, 100, 'front ends at most; beyond frontEnds the autoscaler starts them'),
    speeds: {
      type: 'array',
      items: { type: 'number', exclusiveMinimum: 0 },
      default: [],
      description: 'speed of each front end at its work; 1 for those not named',
    },
    slice: duration(MILLISECOND, 'CPU time of work after which a front end looks at what has arrived', 1),
    queueBound: count(100, 0, 1_000_000, 'requests that wait in a front end at most; 0: no bound'),
    shedding: {
      enum: ['none', 'expired', 'hopeless'],
      default: 'expired',
      description:
        'what nobody will wait for is done anyway, dropped when its turn comes, or refused on arrival if it would be late',
    },
    work: duration(500_000, 'CPU time of a front end for a read or write', 0),
    patience: duration(800 * MILLISECOND, 'how long a user waits, all attempts taken together'),
    attemptTimeout: duration(300 * MILLISECOND, 'how long a client waits before it tries again'),
    attempts: count(2, 1, 20, 'attempts at most'),
    retryBudget: {
      type: 'number',
      minimum: 0,
      maximum: 20,
      default: 0.2,
      description: 'retries for each request of a client in the long run; 0: no bound',
    },
    backoff: duration(20 * MILLISECOND, 'wait before the second attempt, doubled for each further one', 0),
    ejectedFor: duration(SECOND, 'how long a balancer keeps away from a front end that does not answer'),
    scaleEvery: duration(500 * MILLISECOND, 'how often the autoscaler asks the front ends'),
    scaleTarget: {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 1,
      default: 0.6,
      description: 'utilisation that the autoscaler aims at',
    },
    startUp: duration(2 * SECOND, 'from the order to start until a front end serves', 0),
    checkpointBytes: checkpointBytes(8192, 'length of the store’s log for a checkpoint'),
  },
};

/** Hosts of role `front` that these options need. */
export function frontHosts({ frontEnds, frontEndsMost }: WebTierOptions): number {
  return Math.max(frontEnds, frontEndsMost);
}

export function scales(options: WebTierOptions): boolean {
  return options.frontEndsMost > options.frontEnds;
}
