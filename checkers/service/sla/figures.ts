import type { Json } from '../../../histories/index.ts';
import { percentilesOf } from '../../shared/percentiles.ts';
import { type Attempt, inTime, rounded } from '../service.ts';
import type { Stage } from '../stages.ts';
import type { Effect } from './episodes.ts';

/**
 * How many nines the share served has: 3.2 is a little better than 99.9 %. Without any failure among n the figure is that of one failure
 * in n: the least that it can be known to be.
 */
export function ninesOf(operations: number, unserved: number): { [name: string]: Json } {
  if (operations === 0) return { nines: null };
  const nines = Math.round(-Math.log10(Math.max(unserved, 1) / operations) * 100) / 100;
  return unserved === 0 ? { nines, ninesAtLeast: true } : { nines: nines === 0 ? 0 : nines };
}

/** Operations that may fail, that did, and the one over the other. */
export function errorBudget(target: number, operations: number, unserved: number): { [name: string]: Json } {
  const allowed = (1 - target) * operations;
  return {
    errorBudget: {
      allowed: rounded(allowed),
      spent: unserved,
      burn: allowed > 0 ? rounded(unserved / allowed) : null,
    },
  };
}

/** Service before, during and after the faults: what was normal, what they did, and whether it is normal again. Null for a stage without operations. */
export function stageFigures(
  stages: { readonly [stage in Stage]: readonly Attempt[] },
  deadline: number,
): { [stage: string]: Json } {
  return Object.fromEntries(
    Object.entries(stages).map(([stage, attempts]): [string, Json] => {
      if (attempts.length === 0) return [stage, null];
      const served = attempts.filter((attempt) => inTime(attempt, deadline));
      const share = served.length / attempts.length;
      const span = attempts.at(-1)!.invocation.time - attempts[0]!.invocation.time;
      return [
        stage,
        {
          operations: attempts.length,
          served: served.length,
          availability: rounded(share),
          // Between the first invocation and the last there is one interval less than there are operations.
          servedPerSecond: span > 0 ? rounded(((attempts.length - 1) / (span / 1e9)) * share) : null,
          latencyOfServed: percentilesOf(served.map(({ latency }) => latency)),
        },
      ];
    }),
  );
}

/** What became of one fault. */
export function effectFigures({ fault, detected, repaired, unrepaired, episodes }: Effect): Json {
  return {
    fault: fault.fault,
    kind: fault.kind,
    from: fault.from ?? null,
    until: fault.until ?? null,
    timeToDetect: detected ?? null,
    timeToRepair: repaired ?? null,
    ...(unrepaired !== undefined && { unrepairedFor: unrepaired }),
    episodes: episodes.length,
  };
}
