import { MILLISECOND, MINUTE, type Nanos, SECOND } from '../../harness/contract/index.ts';
import { PLAIN_QUEUE, type Visit, visitsOf } from './traffic.ts';

/** All of so many users at once, at one front end that serves ten a second. The visits by the time of their answer. */
export async function burst(users: number, options: { readonly patience?: Nanos } = {}): Promise<Visit[]> {
  const { patience } = options;
  const visits = await visitsOf({
    seed: 1,
    options: {
      ...PLAIN_QUEUE,
      ...(patience !== undefined && {
        patience,
        attemptTimeout: patience,
        shedding: 'hopeless',
        slice: MILLISECOND,
      }),
    },
    workload: { cost: 'deterministic', costMean: SECOND / 10, perSecond: 1_000_000, most: users },
    clients: users,
    time: SECOND,
  });
  return visits.sort((a, b) => a.at + a.latency - b.at - b.latency);
}

export interface Storm {
  /** Retries for each request in the long run; 0: no bound. */
  readonly retryBudget: number;
  readonly shedding: 'none' | 'expired' | 'hopeless';
  readonly attempts?: number;
  /** Arrivals during the trigger over those before and after it. */
  readonly times?: number;
  readonly triggerFor?: Nanos;
}

/** Goodput of a storm: visits answered in time a second, as a share of the visits asked for in ordinary times. */
export interface StormGoodput {
  readonly before: number;
  readonly during: number;
  /** The last ten seconds, which begin half a minute after the trigger ended. */
  readonly after: number;
}

/** Visits a second of a front end; what ordinary times ask for; how long users wait for one attempt. */
const CAPACITY = 20;
const ORDINARY = 10;
const ATTEMPT: Nanos = 500 * MILLISECOND;
const TRIGGER_AT: Nanos = 10 * SECOND;
const SETTLING: Nanos = 30 * SECOND;
const LOOK: Nanos = 10 * SECOND;

/**
 * A short spike of arrivals at one front end that ordinary times load to one half. Nothing else happens: whether the service comes back is its own
 * affair. Clients give an attempt up after half a second and try again (Bronson et al., "Metastable Failures in Distributed
 * Systems", HotOS 2021: the retries are the sustaining effect, and keep it down after the trigger is gone).
 */
export async function storm(request: Storm): Promise<StormGoodput> {
  const { retryBudget, shedding, attempts = 4, times = 10, triggerFor = 2 * SECOND } = request;
  const healed = TRIGGER_AT + triggerFor;
  const end = healed + SETTLING + LOOK;
  const visits = await visitsOf({
    seed: 1,
    options: {
      ...PLAIN_QUEUE,
      slice: 5 * MILLISECOND,
      retryBudget,
      shedding,
      attempts,
      attemptTimeout: ATTEMPT,
      patience: attempts * ATTEMPT,
      backoff: 20 * MILLISECOND,
    },
    workload: {
      cost: 'exponential',
      costMean: SECOND / CAPACITY,
      perSecond: ORDINARY,
      changes: [
        { at: TRIGGER_AT, perSecond: ORDINARY * times },
        { at: healed, perSecond: ORDINARY },
      ],
    },
    clients: Math.round(ORDINARY * times * ((triggerFor + attempts * ATTEMPT) / SECOND)),
    time: end,
  });
  const goodput = (from: Nanos, until: Nanos): number => {
    const good = visits.filter(({ ok, at, latency }) => ok && at + latency >= from && at + latency < until);
    return good.length / ((until - from) / SECOND) / ORDINARY;
  };
  return {
    before: goodput(SECOND, TRIGGER_AT),
    during: goodput(TRIGGER_AT, healed),
    after: goodput(end - LOOK, end),
  };
}

/**
 * The waiting time of those who come so long after the beginning of an overload: arrivals are `load` times the capacity of one front end. What waits
 * grows by `load - 1` of a second each second (a fluid queue).
 */
export async function overloaded(load: number, time: Nanos): Promise<Visit[]> {
  const service = SECOND / 100;
  return visitsOf({
    seed: 1,
    options: PLAIN_QUEUE,
    workload: { cost: 'deterministic', costMean: service, perSecond: (load * SECOND) / service },
    clients: Math.ceil((load * (time + MINUTE / 60)) / service),
    time,
  });
}
