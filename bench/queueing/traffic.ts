import { pairsOf } from '../../checkers/shared/pairs.ts';
import {
  type Json,
  MINUTE,
  type Nanos,
  type Plan,
  SECOND,
  type System,
  type WorldSettings,
} from '../../harness/contract/index.ts';
import { runPlan } from '../../harness/controller/index.ts';
import { generatePlan } from '../../harness/plan/index.ts';
import { createSimulator } from '../../harness/simulator/index.ts';
import { workloads } from '../../harness/workload/index.ts';
import { nemeses } from '../../nemeses/index.ts';
import { webTier } from '../../systems-under-test/web-tier/index.ts';

export interface TrafficRequest {
  readonly seed: number;
  /** Of `web-tier` and of its workload `requests`. */
  readonly options: { readonly [name: string]: Json };
  readonly workload: { readonly [name: string]: Json };
  /** Users at once, at most. */
  readonly clients: number;
  readonly time: Nanos;
  readonly schedule?: Plan['schedule'];
  /** The world's default figures, instead of a network and CPU that take no time. */
  readonly realistic?: boolean;
}

/** One visit: when it was asked for, how long the answer took, how much work it was, and by which front end. */
export interface Visit {
  readonly at: Nanos;
  readonly latency: Nanos;
  readonly cost: Nanos;
  readonly ok: boolean;
  readonly error?: Json;
  readonly node?: string;
}

/** Nothing takes time but the work: what remains is the queue. */
const WORK_ALONE: Partial<WorldSettings> = {
  hopLatency: 0,
  jitter: 0,
  slowShare: 0,
  loss: 0,
  cpuPerEvent: 0,
  cpuPerKilobyte: 0,
};

/** One front end that does everything that comes, in its order, without haste. */
export const PLAIN_QUEUE = {
  balancers: 1,
  frontEnds: 1,
  frontEndsMost: 1,
  balancer: 'round-robin',
  slice: MINUTE,
  queueBound: 0,
  shedding: 'none',
  attempts: 1,
  patience: 60 * MINUTE,
  attemptTimeout: 60 * MINUTE,
};

/** Runs `web-tier` under the workload `requests` and reads its visits from the history, in the order in which they were asked for. */
export async function visitsOf(request: TrafficRequest): Promise<Visit[]> {
  const { seed, clients, time, schedule, options, workload } = request;
  const system = webTier as System;
  const generated = generatePlan({
    seed,
    system,
    nemeses,
    workloads,
    options,
    workload: { name: 'requests', options: { readShare: 0, writeShare: 0, casShare: 0, ...workload } },
    clients,
    rate: 100,
    faults: [],
    warmUp: 0,
    time,
    timeout: 60 * MINUTE,
    world: request.realistic === true ? {} : WORK_ALONE,
    limits: { events: 100_000_000, eventsPerInstant: 1_000_000, realSeconds: 3600 },
  });
  const plan = {
    ...generated,
    schedule: schedule ?? [],
    phases: { ...generated.phases, demand: 'keys' as const, recovery: SECOND },
  };
  const { header, events, ending } = await runPlan({
    plan,
    system,
    workload: workloads.find(({ name }) => name === 'requests')!,
    nemeses,
    world: ({ topology, world, limits }, observe) =>
      createSimulator({ seed, topology, settings: world, limits, observe }),
  });
  const history = { header, events, footer: { events: events.length, content: '', ...ending } };
  return pairsOf(history).flatMap(({ invocation, completion }): Visit[] =>
    invocation.f !== 'visit' || completion === undefined
      ? []
      : [
          {
            at: invocation.time,
            latency: completion.time - invocation.time,
            cost: invocation.value as number,
            ok: completion.type === 'ok',
            ...(completion.error !== undefined && { error: completion.error }),
            ...(completion.node !== undefined && { node: completion.node }),
          },
        ],
  );
}
