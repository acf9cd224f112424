import type { Checker } from '../checker.ts';
import { faultsOf, isBeyond } from '../shared/timeline.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { attemptsOf, rounded, SERVICE_OPTIONS, type ServiceOptions } from './service.ts';
import { goodputIn, goodputResult } from './sla/goodput.ts';
import { boundsOf, observe } from './sla/observe.ts';
import { isGood } from './sla/seen.ts';

export type GoodputOptions = ServiceOptions & {
  /** Nanoseconds; the objectives' deadline if absent, else any `ok` counts. */
  readonly deadline?: number;
  /** The floor. */
  readonly perSecond?: number;
  /** Judges windows of so many nanoseconds. */
  readonly window?: number;
  /** Share of the windows that must keep the floor. */
  readonly share?: number;
};

/**
 * Operations that are `ok` within the deadline, for each second of the traffic: that objective of `sla` by itself (`sla/goodput.ts`).
 * - `low-goodput`: there were fewer than `perSecond`, as a whole or in too many windows.
 * Without a floor it only counts; so it does if the plan may exceed the system's tolerance.
 */
export const goodput: Checker<GoodputOptions> = {
  name: 'goodput',
  summary: 'operations that are ok within the deadline, a second: as a whole or by window',
  cost: 'O(n + windows + f u), f faults, u operations not done in time',
  options: {
    type: 'object',
    properties: {
      ...SERVICE_OPTIONS,
      deadline: { description: 'nanoseconds', type: 'number', exclusiveMinimum: 0 },
      perSecond: { description: 'the floor', type: 'number', minimum: 0 },
      window: { description: 'nanoseconds', type: 'integer', minimum: 1 },
      share: {
        description: 'share of the windows that must keep it',
        type: 'number',
        minimum: 0,
        maximum: 1,
      },
    },
    additionalProperties: false,
  },
  check(history, options) {
    const { perSecond, deadline = history.header.objectives?.deadline } = options;
    const bounds = boundsOf(history, { ...(deadline !== undefined && { deadline }) }, undefined);
    const attempts = attemptsOf(history, options);
    const seen = observe(history, attempts, { faults: faultsOf(history), bounds });
    const figures = {
      operations: attempts.length,
      good: attempts.filter((attempt) => isGood(attempt, bounds.deadline)).length,
      perSecond: rounded(goodputIn(seen.traffic, attempts, bounds.deadline)),
      traffic: { from: seen.traffic.from, until: seen.traffic.until },
    };
    if (perSecond === undefined || isBeyond(history)) {
      const judged = perSecond === undefined ? 'no floor is stated' : 'the plan may exceed the tolerance';
      return verdictOf(this.name, { anomalies: [] }, { ...figures, judged });
    }
    const { anomalies, unjudged, more } = goodputResult({ ...options, perSecond }, seen);
    return verdictOf(
      this.name,
      {
        anomalies: anomalies.map((anomaly) => ({ ...anomaly, name: 'low-goodput' })),
        ...(unjudged !== undefined && { reason: unjudged }),
      },
      { ...figures, ...more },
    );
  },
};
