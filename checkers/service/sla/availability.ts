import { indicesOf, plural, seconds } from '../../shared/words.ts';
import { inTime, percent, rounded } from '../service.ts';
import { blame, causesAsData, causesInWords } from './blame.ts';
import type { Episode } from './episodes.ts';
import { type Result, type Seen, scopeData, scopeInWords, unjudged } from './seen.ts';

/** The share served within the deadline. Each failure is put down to the suspects of its episode. */
export function availabilityResult(target: number, seen: Seen, episodes: readonly Episode[]): Result {
  const { attempts, deadline } = seen;
  if (attempts.length === 0) return unjudged('availability', target, 'there are no operations');
  const failed = attempts.filter((attempt) => !inTime(attempt, deadline));
  const share = (attempts.length - failed.length) / attempts.length;
  const met = share >= target;
  const result = { objective: 'availability', target, measured: rounded(share), met };
  if (met) return { ...result, anomalies: [] };
  const causes = blame(
    episodes.map(({ suspects, unserved }) => ({ faults: suspects, count: unserved.length })),
  );
  const within = Number.isFinite(deadline) ? ` within ${seconds(deadline)}` : '';
  const allowed = (1 - target) * attempts.length;
  const budget =
    allowed >= 1 ? `, ${Number((failed.length / allowed).toPrecision(3))} times the error budget` : '';
  return {
    ...result,
    anomalies: [
      {
        name: 'sla-availability',
        explanation: `${scopeInWords(seen)}${failed.length} of ${plural(attempts.length, 'operation')} were not served${within}${budget}: ${percent(share)} instead of ${percent(target)}. Put down to the fault applied last before: ${causesInWords(causes)}.`,
        operations: indicesOf(failed.slice(0, 3)),
        data: {
          ...scopeData(seen),
          share,
          target,
          unserved: failed.length,
          causes: causesAsData(causes),
        },
      },
    ],
  };
}
