import type { History, Json } from '../../histories/index.ts';
import type { Anomaly, Checker } from '../checker.ts';
import {
  asObject,
  endOf,
  type FaultRecord,
  faultsInWords,
  faultsOf,
  inForce,
  isBeyond,
  type Phase,
  phasesOf,
} from '../shared/timeline.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { indicesOf, list, plural, seconds } from '../shared/words.ts';
import { longestOutage, type Outage } from './outage.ts';
import {
  type Attempt,
  attemptsOf,
  byKind,
  percent,
  rounded,
  SERVICE_OPTIONS,
  type ServiceOptions,
  shareServed,
} from './service.ts';
import { byStage, stageOf } from './stages.ts';

export type AvailabilityOptions = ServiceOptions & {
  /** An answer after more than these nanoseconds does not count; the objectives' deadline if absent, else any answer counts. */
  readonly deadline?: number;
  /** Share of the operations invoked under faults that must be served, 0..1; what the system claims if absent. */
  readonly availability?: number;
  /** Nanoseconds from the beginning of the recovery phase; the plan's bound or the claim if absent. */
  readonly recoveryWithin?: number;
};

/**
 * Is the system there when it is needed? An operation is *served* if it is `ok`, or fails for a reason that a working system gives
 * (`servedErrors`), within the deadline.
 * - `unavailable`: of the operations invoked in the phase `faults` (in the whole history, if there is no such phase) a smaller share was served than claimed;
 * - `no-recovery`: after all faults were healed, no operation invoked in the phase `recovery` or later was served within the bound, or the
 *   controller noted that the system did not recover.
 * Neither is judged if the plan may exceed the system's tolerance (`beyond`), nor without a claim; the figures say so.
 */
export const availability: Checker<AvailabilityOptions> = {
  name: 'availability',
  summary: 'operations are served under faults, and again within the bound after healing',
  cost: 'O(n)',
  perOperation: true,
  options: {
    type: 'object',
    properties: {
      ...SERVICE_OPTIONS,
      deadline: { description: 'nanoseconds', type: 'number', exclusiveMinimum: 0 },
      availability: { description: 'share that must be served', type: 'number', minimum: 0, maximum: 1 },
      recoveryWithin: { description: 'nanoseconds', type: 'number', minimum: 0 },
    },
    additionalProperties: false,
  },
  check(history, options) {
    const attempts = attemptsOf(history, options);
    const deadline = options.deadline ?? history.header.objectives?.deadline ?? Number.POSITIVE_INFINITY;
    const phases = phasesOf(history);
    const faults = faultsOf(history);
    const stages = byStage(attempts, stageOf(phases, faults));
    const outage = longestOutage(attempts, endOf(history));
    const recovery = recoveryOf(attempts, phases);
    const beyond = isBeyond(history);
    const figures = {
      operations: attempts.length,
      served: rounded(shareServed(attempts, deadline)),
      before: rounded(shareServed(stages.before, deadline)),
      during: rounded(shareServed(stages.during, deadline)),
      after: rounded(shareServed(stages.after, deadline)),
      byF: Object.fromEntries(byKind(attempts).map(([f, some]) => [f, rounded(shareServed(some, deadline))])),
      longestOutage:
        outage === undefined
          ? null
          : { from: outage.from, until: outage.until, length: outage.until - outage.from },
      recovery:
        recovery === undefined ? null : { began: recovery.began, servedAfter: recovery.after ?? null },
      ...(Number.isFinite(deadline) && { deadline }),
      ...(beyond && { judged: 'the plan may exceed the tolerance: liveness is not judged' }),
    };
    if (beyond) return verdictOf(this.name, { anomalies: [] }, figures);
    const anomalies: Anomaly[] = [];
    const reasons: string[] = [];
    const claimed = options.availability ?? history.header.claims?.availability;
    if (claimed !== undefined) {
      const concerned = phases.some(({ name }) => name === 'faults') ? stages.during : attempts;
      const share = shareServed(concerned, deadline);
      if (share === undefined) reasons.push('no operation was invoked under faults');
      else if (share < claimed)
        anomalies.push(unavailable(concerned, share, claimed, deadline, outage, faults));
    }
    const bound = recoveryBound(history, options, recovery);
    if (bound !== undefined && phases.length > 0) {
      const problem = judgeRecovery(recovery, bound, phases);
      if (typeof problem === 'string') reasons.push(problem);
      else if (problem !== undefined) anomalies.push(problem);
    }
    const reason = reasons.length === 0 ? undefined : reasons.join('; ');
    return verdictOf(this.name, { anomalies, reason }, figures);
  },
};

/** The option, else what the controller demanded, else what the plan or the system says. */
function recoveryBound(
  history: History,
  options: AvailabilityOptions,
  recovery: Recovery | undefined,
): number | undefined {
  const planned = asObject(asObject(history.header.plan)?.phases)?.recovery;
  const demanded = recovery?.bound ?? (typeof planned === 'number' ? planned : undefined);
  return options.recoveryWithin ?? demanded ?? history.header.claims?.recoveryWithin;
}

interface Recovery {
  readonly began: number;
  /** What the controller demanded. */
  readonly bound?: number;
  /** Time from there until the controller noted that the system had recovered; without such a note until the first answer to an operation invoked since. */
  readonly after?: number;
  /** Operations invoked in the phase itself or later. */
  readonly attempts: readonly Attempt[];
  /** What the controller noted when it ended the phase: `recovered`, and who or what had not been served. */
  readonly noted?: boolean;
  readonly unserved: readonly string[];
  readonly kinds: readonly string[];
  readonly clients: readonly string[];
}

function recoveryOf(attempts: readonly Attempt[], phases: readonly Phase[]): Recovery | undefined {
  const phase = phases.find(({ name }) => name === 'recovery');
  if (phase === undefined) return undefined;
  const since = attempts.filter(({ invocation }) => invocation.index > phase.index);
  const first = since.reduce(
    (time, { served, completion }) => (served ? Math.min(time, completion?.time ?? time) : time),
    Number.POSITIVE_INFINITY,
  );
  const note = phases.find(({ value }) => typeof value.recovered === 'boolean')?.value;
  const after = note?.recovered === true && typeof note.after === 'number' ? note.after : undefined;
  const firstAfter = Number.isFinite(first) ? first - phase.from : undefined;
  return {
    began: phase.from,
    bound: typeof phase.value.bound === 'number' ? phase.value.bound : undefined,
    after: after ?? firstAfter,
    attempts: since,
    noted: note?.recovered === undefined ? undefined : note.recovered === true,
    unserved: words(note?.unserved),
    kinds: words(note?.kinds),
    clients: words(note?.clients),
  };
}

const words = (list: Json | undefined): string[] => (Array.isArray(list) ? list.map(String) : []);

/** An anomaly, why it cannot be judged, or nothing. */
function judgeRecovery(
  recovery: Recovery | undefined,
  bound: number,
  phases: readonly Phase[],
): Anomaly | string | undefined {
  if (recovery === undefined) return 'the history ends before the recovery phase';
  const { began, after, attempts, noted, unserved, kinds, clients } = recovery;
  if (noted !== false && after !== undefined && after <= bound) return undefined;
  const end = phases.at(-1)?.until ?? began;
  if (noted !== false && after === undefined && end - began < bound) {
    return 'the history ends before the bound of the recovery had passed';
  }
  if (attempts.length === 0) return 'no operation was attempted after the recovery phase began';
  const missing = [
    unserved.length === 0 ? '' : ` Keys that were not served: ${list(unserved)}.`,
    kinds.length === 0 ? '' : ` Operations that succeeded before, and not since: ${list(kinds)}.`,
    clients.length === 0 ? '' : ` Clients that succeeded before, and not since: ${list(clients)}.`,
  ].join('');
  const what =
    after === undefined
      ? 'none was served'
      : noted === false
        ? `some were served, the first ${seconds(after)} later, but the system had not recovered within the bound`
        : noted === true
          ? `the last key was served only ${seconds(after)} later`
          : `the first was served only ${seconds(after)} later`;
  const more = { ...(kinds.length > 0 && { kinds }), ...(clients.length > 0 && { clients }) };
  return {
    name: 'no-recovery',
    explanation: `All faults were healed and the recovery phase began at ${seconds(began)}; the system must serve again within ${seconds(bound)}. Of the ${plural(attempts.length, 'operation')} invoked since, ${what}.${missing}`,
    operations: indicesOf(attempts.filter(({ served }) => !served).slice(0, 1)),
    data: { began, within: bound, servedAfter: after ?? null, attempts: attempts.length, unserved, ...more },
  };
}

function unavailable(
  attempts: readonly Attempt[],
  share: number,
  claimed: number,
  deadline: number,
  outage: Outage | undefined,
  faults: readonly FaultRecord[],
): Anomaly {
  const unserved = attempts.filter(({ served, latency }) => !(served && latency <= deadline));
  const within = Number.isFinite(deadline) ? ` within ${seconds(deadline)}` : '';
  const around = outage === undefined ? [] : inForce(faults, outage.from, outage.until);
  const longest =
    outage === undefined
      ? ''
      : ` The longest time without any answer was ${seconds(outage.until - outage.from)}, from ${seconds(outage.from)}. ${faultsInWords(around)}`;
  const data: Json = { share, claimed, operations: attempts.length, unserved: unserved.length };
  return {
    name: 'unavailable',
    explanation: `Of ${plural(attempts.length, 'operation')} under faults within the tolerance ${percent(share)} were served${within}; ${percent(claimed)} are claimed.${longest}`,
    operations: indicesOf(unserved.slice(0, 3)),
    data,
  };
}
