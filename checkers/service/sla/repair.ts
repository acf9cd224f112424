import type { Anomaly } from '../../checker.ts';
import { describeFault, type FaultRecord } from '../../shared/timeline.ts';
import { indicesOf, seconds } from '../../shared/words.ts';
import type { Effect } from './episodes.ts';
import { type Result, unjudged } from './seen.ts';

const NO_FAULT = 'no fault was applied';

/** An anomaly for each fault after which it took too long until operations were served again. */
export function repairResult(within: number, effects: readonly Effect[]): Result {
  if (effects.length === 0) return { ...unjudged('repair', within, NO_FAULT), conditional: true };
  const tookOf = ({ repaired, unrepaired }: Effect) => unrepaired ?? repaired ?? 0;
  const late = effects.filter((effect) => tookOf(effect) > within);
  const longest = effects.reduce((most, effect) => Math.max(most, tookOf(effect)), 0);
  const anomalies = late.map((effect): Anomaly => {
    const { fault, detected, unrepaired, episodes } = effect;
    const took = tookOf(effect);
    const what =
      unrepaired === undefined
        ? `it took ${seconds(took)} until operations were served again`
        : `operations were not served again until the end, ${seconds(took)} later`;
    return {
      name: 'sla-repair',
      explanation: `After the ${describeFault(fault)} ${what}; ${seconds(within)} are allowed. Clients noticed ${detected === undefined ? 'before it was applied' : `after ${seconds(detected)}`}.`,
      operations: indicesOf(episodes[0]?.unserved.slice(0, 1) ?? []),
      data: { ...faultData(fault), took, within, repaired: unrepaired === undefined },
    };
  });
  return { objective: 'repair', target: within, measured: longest, met: late.length === 0, anomalies };
}

/** An anomaly for each fault that a client noticed, but too late. */
export function detectionResult(within: number, effects: readonly Effect[]): Result {
  if (effects.length === 0) return { ...unjudged('detection', within, NO_FAULT), conditional: true };
  const noticed = effects.flatMap((effect) =>
    effect.detected === undefined ? [] : [{ ...effect, detected: effect.detected }],
  );
  const late = noticed.filter(({ detected }) => detected > within);
  const longest = noticed.reduce((most, { detected }) => Math.max(most, detected), 0);
  const anomalies = late.map(
    ({ fault, detected, episodes }): Anomaly => ({
      name: 'sla-detection',
      explanation: `The ${describeFault(fault)} showed only after ${seconds(detected)}: that is when the first client got an error or its deadline passed; ${seconds(within)} are allowed.`,
      operations: indicesOf(episodes[0]?.unserved.slice(0, 1) ?? []),
      data: { ...faultData(fault), detected, within },
    }),
  );
  return { objective: 'detection', target: within, measured: longest, met: late.length === 0, anomalies };
}

function faultData({ fault, kind }: FaultRecord): { readonly fault: number; readonly kind: string } {
  return { fault, kind };
}
