import { renameSync, rmSync } from 'node:fs';
import {
  type Checker,
  judge,
  mergeValidity,
  timed,
  type Verdict,
  verdictAsJson,
} from '../../checkers/index.ts';
import {
  type History,
  type HistoryEvent,
  HistoryRecorder,
  HistoryWriter,
  isNemesis,
  isOperation,
  type Json,
  logsAround,
} from '../../histories/index.ts';
import type { Evidence, Lever, Nemesis, Plan, System, Workload, World } from '../contract/index.ts';
import { type Origin, RunError, type RunResult, runPlan, type WorldFactory } from '../controller/index.ts';
import { generatePlan } from '../plan/index.ts';
import { createSimulator, type Simulator, type TraceOptions, type Traffic } from '../simulator/index.ts';
import { invokedOperations, proofOf } from './proofs.ts';
import {
  type FaultOutcome,
  type Generation,
  partName,
  REAL_SECONDS,
  type RunSummary,
  type RunTask,
  type Signature,
} from './task.ts';
import { historyTracer } from './trace-events.ts';
import { TrafficMeter } from './traffic-meter.ts';
import { Stage, type StageNumber } from './watch.ts';

/** Everything that is known by name. Handed in by the command line, which alone knows the registries. */
export interface Registries {
  readonly systems: readonly System[];
  readonly nemeses: readonly Nemesis[];
  readonly workloads: readonly Workload[];
  readonly checkers: readonly Checker[];
}

/** Checkers that judge every run, whatever the system names: evidence that faults bit, its assertions, its recovery. */
const ALWAYS = ['evidence', 'assertions', 'availability', 'stats'] as const;

/** Lines of the servers' logs that a report shows of each failure. */
const LOG_LINES = 10;

const realNow = performance.now.bind(performance);

/** A run that has ended, for whoever takes its measure. */
export interface MeasuredRun {
  readonly plan: Plan;
  readonly history: History;
  /** Why it did not reach its end, if it did not. */
  readonly ended?: string;
  /** What hosts sent to each other in the fault phase. */
  readonly traffic: Traffic;
}

/** Who looks on. */
export interface RunWatching {
  /** Takes the measure of a run whose task wants figures. */
  readonly measure?: (run: MeasuredRun) => Json;
  readonly trace?: TraceOptions;
  /** Makes the world, instead of the simulator. */
  readonly world?: WorldFactory;
  /** Levers of that world: kinds of faults that nobody asked for by name are left out where one is lacking. */
  readonly supported?: ReadonlySet<Lever>;
  /** Told when the next stage begins. */
  readonly entered?: (stage: StageNumber) => void;
}

/**
 * Carries out one task: plan, run, history, judgement. Runs in a worker.
 * @throws PlanError, RunError, AmbientAccess, HistoryError, SelectionError for the user's mistakes.
 */
export async function executeRun(
  task: RunTask,
  system: System,
  registries: Registries,
  origin: Origin,
  { trace, entered, measure, world: makeWorld, supported }: RunWatching = {},
): Promise<RunSummary> {
  const started = realNow();
  const plan = task.plan ?? planOf(task.generation ?? {}, task.seed ?? 0, system, registries, supported);
  const workload = registries.workloads.find(({ name }) => name === plan.workload.name);
  if (workload === undefined) {
    const known = registries.workloads.map(({ name }) => name).join(', ');
    throw new RunError('workload', `plan: expected a workload of ${known}, got ${plan.workload.name}`);
  }
  const file = task.history === undefined || !task.keepOnlyFailures ? task.history : partName(task.history);
  let writer: HistoryWriter | HistoryRecorder | undefined;
  let simulator: Simulator | undefined;
  if (makeWorld !== undefined && task.want?.figures)
    throw new RunError(
      'system',
      `plan: expected a system of the simulator, whose traffic can be measured, got ${system.name}`,
    );
  const meter = task.want?.figures ? new TrafficMeter(() => simulator!.traffic) : undefined;
  let world: World | undefined;
  try {
    entered?.(Stage.running);
    const result = await runPlan({
      plan,
      system,
      workload,
      nemeses: registries.nemeses,
      origin,
      world: async (of, observe) => {
        if (makeWorld !== undefined) {
          world = await makeWorld(of, observe);
          return world;
        }
        simulator = createSimulator({
          seed: of.seed,
          topology: of.topology,
          settings: of.world,
          limits: of.limits,
          observe,
          ...(trace && { trace }),
        });
        world = simulator;
        return simulator;
      },
      ...(meter && { sink: () => meter }),
      ...((file !== undefined || task.want?.content) && {
        sink: (header) => {
          const sink = file === undefined ? new HistoryRecorder(header) : new HistoryWriter(file, header);
          writer = sink;
          if (trace === undefined) return sink;
          const tell = historyTracer(plan, trace);
          return {
            append(event) {
              tell(event);
              sink.append(event);
            },
          };
        },
      }),
    });
    entered?.(Stage.judging);
    const paced = simulator !== undefined && workload.ownPace?.(plan.workload.options) !== true;
    const verdicts = task.check === false ? [] : judgeRun(result, task, registries);
    const validity = mergeValidity([
      ...verdicts.map((verdict) => verdict.validity),
      ...(result.ending.ended === undefined ? [] : (['unknown'] as const)),
    ]);
    const figures =
      meter &&
      measure?.({
        plan,
        history: { header: result.header, events: result.events },
        traffic: meter.duringFaults,
        ...(result.ending.ended !== undefined && { ended: result.ending.ended }),
      });
    const footer = writer?.finish({
      ...result.ending,
      verdict: { validity, verdicts: verdicts.map(verdictAsJson) },
    });
    const kept = task.history !== undefined && !(task.keepOnlyFailures === true && validity === 'valid');
    if (file !== undefined && file !== task.history) {
      if (kept) renameSync(file, task.history!);
      else rmSync(file, { force: true });
    }
    return {
      seed: plan.seed,
      validity,
      reasons: reasonsOf(verdicts, result),
      signatures: signaturesOf(verdicts),
      verdicts,
      faults: faultOutcomes(plan, result.events),
      operations: countOf('invoke', result.events),
      succeeded: countOf('ok', result.events),
      events: result.end.events,
      simulated: world?.now() ?? 0,
      realMilliseconds: realNow() - started,
      ...(result.end.digest !== undefined && { digest: result.end.digest }),
      ...(result.ending.ended !== undefined && { ended: result.ending.ended }),
      ...(kept && { history: task.history }),
      ...(task.want?.plan && { plan }),
      ...(task.want?.operations && {
        invoked: invokedOperations(plan, result.events, paced),
        proofs: signaturesOf(verdicts).map((signature) => proofOf(signature, verdicts, result.events)),
      }),
      ...(figures !== undefined && { figures }),
      ...(result.end.harness && { harness: result.end.harness, logs: logsOf(verdicts, result.events) }),
      ...(task.want?.content && footer && { content: footer.content }),
      ...(task.want?.checkpoints && simulator && { checkpoints: simulator.kernel.digest.checkpoints }),
    };
  } catch (error) {
    if (file !== undefined && file !== task.history) rmSync(file, { force: true });
    throw error;
  } finally {
    writer?.close();
  }
}

/** The plan of a seed. @throws PlanError */
export function planOf(
  { realSeconds, memoryMegabytes, ...generation }: Generation,
  seed: number,
  system: System,
  registries: Pick<Registries, 'nemeses' | 'workloads'>,
  supported?: ReadonlySet<Lever>,
): Plan {
  return generatePlan({
    ...generation,
    seed,
    system,
    ...(supported && { supported }),
    nemeses: registries.nemeses,
    workloads: registries.workloads,
    limits: {
      realSeconds: realSeconds ?? REAL_SECONDS[system.world ?? 'simulator'],
      ...(memoryMegabytes && { memoryMegabytes }),
    },
  });
}

function judgeRun(result: RunResult, task: RunTask, registries: Registries): readonly Verdict[] {
  const history: History = { header: result.header, events: result.events };
  const chosen = task.checkers ?? result.header.checkers ?? [];
  const selections = [
    ...chosen,
    ...ALWAYS.filter((name) => !chosen.some((selection) => selection.name === name)).map((name) => ({
      name,
    })),
  ];
  const bounds = task.check === false ? {} : task.check;
  return judge(history, selections, registries.checkers, () => timed(bounds, realNow)).verdicts;
}

function reasonsOf(verdicts: readonly Verdict[], result: RunResult): string[] {
  const reasons = verdicts
    .filter(({ validity }) => validity === 'unknown')
    .map(({ checker, reason }) => `${checker}: ${reason ?? 'no reason given'}`);
  if (result.ending.ended !== undefined)
    reasons.unshift(`${result.ending.ended}: the run ended by its limit on ${result.end.why}`);
  return reasons;
}

/** The failures of a judgement, each once, the first checker's first anomaly first. */
export function signaturesOf(verdicts: readonly Verdict[]): Signature[] {
  const seen = new Set<string>();
  const signatures: Signature[] = [];
  for (const { checker, validity, anomalies } of verdicts) {
    if (validity !== 'invalid') continue;
    for (const { name } of anomalies) {
      if (seen.has(`${checker}/${name}`)) continue;
      seen.add(`${checker}/${name}`);
      signatures.push({ checker, anomaly: name });
    }
  }
  return signatures;
}

function faultOutcomes(plan: Plan, events: readonly HistoryEvent[]): FaultOutcome[] {
  const outcomes = plan.schedule.map(({ fault }): { fault: string; outcome: Evidence['outcome'] } => ({
    fault,
    outcome: 'no-effect',
  }));
  for (const event of events) {
    if (!isNemesis(event)) continue;
    const { fault, evidence } = event.value as { fault?: number; evidence?: Evidence };
    const entry = fault === undefined ? undefined : outcomes[fault];
    if (entry !== undefined && evidence !== undefined) entry.outcome = evidence.outcome;
  }
  return outcomes;
}

/** What servers printed around the first anomaly of each kind. */
function logsOf(verdicts: readonly Verdict[], events: readonly HistoryEvent[]): RunSummary['logs'] {
  return signaturesOf(verdicts).flatMap(({ checker, anomaly }) => {
    const anomalies = verdicts.find((verdict) => verdict.checker === checker)?.anomalies ?? [];
    const proof = anomalies.find(({ name }) => name === anomaly)?.operations ?? [];
    const lines = logsAround(events, proof, LOG_LINES);
    return lines.length > 0 ? [{ checker, anomaly, lines }] : [];
  });
}

function countOf(type: 'invoke' | 'ok', events: readonly HistoryEvent[]): number {
  return events.filter((event) => isOperation(event) && event.type === type).length;
}
