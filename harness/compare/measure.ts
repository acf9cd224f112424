import { durability, sla, staleness } from '../../checkers/index.ts';
import { type History, isNemesis, type Json } from '../../histories/index.ts';
import type { MeasuredRun } from '../campaign/index.ts';
import type { Nanos } from '../contract/index.ts';
import { demandsOf } from './demands.ts';
import { judgeModels } from './judge-models.ts';
import type { ModelVerdicts } from './models.ts';

/** What one run says: figures that add up over runs. Times in nanoseconds. */
export type RunFigures = {
  readonly models: ModelVerdicts;
  /** Acknowledged writes of which the final reads show nothing, nor anything newer; null if that could not be told. */
  readonly lost: number | null;
  readonly reads: number;
  /** Reads of what had certainly been overwritten before they were invoked. */
  readonly stale: number;
  /** Operations that were due in the fault phase. */
  readonly demands: number;
  /** From due time to answer, of those that were answered, ascending. */
  readonly latencies: readonly Nanos[];
  /** Faults applied, and those that changed something. */
  readonly faults: number;
  readonly bit: number;
  /** For each fault that a client noticed: how long after its application. */
  readonly detected: readonly Nanos[];
  /** For each of these that was repaired: how long after its application operations were served again for good. */
  readonly repaired: readonly Nanos[];
  /** Sent by hosts to others in the fault phase. */
  readonly messages: number;
  readonly bytes: number;
};

/** The measure of a run, from its history alone but for the messages. Takes the deadline from the plan's objectives. */
export function measureRun({ plan, history, traffic }: MeasuredRun): RunFigures {
  const judged = asPromised(history);
  const { anomalies, validity } = durability.check(judged, { unclaimed: true }, {});
  const age = staleness.check(judged, {}, {}).figures as { readonly reads?: number; readonly stale?: number };
  const demands = demandsOf(plan, history.events);
  const effects = effectsOf(judged, plan.objectives?.deadline ?? plan.workload.timeout);
  return {
    models: judgeModels(judged),
    lost: validity === 'unknown' ? null : anomalies.reduce((sum, { data }) => sum + lostIn(data), 0),
    reads: age.reads ?? 0,
    stale: age.stale ?? 0,
    demands: demands.length,
    latencies: demands
      .flatMap(({ latency }) => (latency === undefined ? [] : [latency]))
      .sort((a, b) => a - b),
    faults: effects.length,
    bit: bitten(history),
    detected: effects.flatMap(({ timeToDetect }) => (timeToDetect === null ? [] : [timeToDetect])),
    // Below 0 where others were served while the operation that tells of the fault was still open.
    repaired: effects.flatMap(({ timeToRepair }) =>
      timeToRepair === null ? [] : [Math.max(0, timeToRepair)],
    ),
    messages: traffic.packets,
    bytes: traffic.bytes,
  };
}

/** As if the schedule were within what the system tolerates: here nobody asks, and what does not converge is said to. */
function asPromised({ header, events }: History): History {
  return {
    header: { ...header, plan: { ...(header.plan as { [name: string]: Json }), beyond: false } },
    events,
  };
}

function lostIn(data: Json | undefined): number {
  return (data as { readonly lost?: number } | undefined)?.lost ?? 1;
}

type EffectFigures = {
  readonly timeToDetect: Nanos | null;
  readonly timeToRepair: Nanos | null;
};

function effectsOf(history: History, deadline: Nanos): readonly EffectFigures[] {
  return sla.check(history, { deadline }, {}).figures.faults as readonly EffectFigures[];
}

function bitten({ events }: History): number {
  const bit = new Set<Json>();
  for (const event of events) {
    if (!isNemesis(event)) continue;
    const { fault, evidence } = event.value as { fault?: number; evidence?: { outcome?: string } };
    if (fault !== undefined && evidence?.outcome === 'bit') bit.add(fault);
  }
  return bit.size;
}
