import * as library from '../../checkers/index.ts';
import { type Checker, type Judgement, judge } from '../../checkers/index.ts';
import type { Json, Plan, System } from '../../harness/contract/index.ts';
import { runPlan } from '../../harness/controller/index.ts';
import { planGenerator } from '../../harness/plan/index.ts';
import { createSimulator } from '../../harness/simulator/index.ts';
import { workloads } from '../../harness/workload/index.ts';
import type { History, HistoryEvent } from '../../histories/index.ts';
import { nemeses } from '../../nemeses/index.ts';

const CHECKERS = Object.values(library).filter(
  (item): item is Checker<never> => typeof item === 'object' && 'check' in item && 'summary' in item,
);

export interface TrialRequest {
  readonly flaw?: string;
  /** Fault kinds; all that the system tolerates if absent. */
  readonly faults?: readonly string[];
  /** The defaults if absent, never a variant. */
  readonly options?: Json;
  /** Instead of the system's own. */
  readonly workload?: { readonly name: string; readonly options?: Json };
  /** Length of the fault phase in nanoseconds. */
  readonly time?: number;
  /** Instead of the generated one. */
  readonly schedule?: Plan['schedule'];
  readonly clients?: number;
  readonly rate?: number;
}

export interface Trial {
  readonly judgement: Judgement;
  readonly events: readonly HistoryEvent[];
  /** For checkers that the system does not name, or other options of them. */
  readonly history: History;
}

/** One run of the plan of a seed in the simulator, judged by the system's own checkers. */
export async function trial(system: System, seed: number, request: TrialRequest = {}): Promise<Trial> {
  const { flaw, schedule, ...rest } = request;
  const generated = planGenerator({
    system,
    nemeses,
    workloads,
    flaws: flaw === undefined ? [] : [flaw],
    options: {},
    ...rest,
  })(seed);
  const plan = schedule === undefined ? generated : { ...generated, schedule };
  const { header, events, ending } = await runPlan({
    plan,
    system,
    workload: workloads.find(({ name }) => name === plan.workload.name)!,
    nemeses,
    world: ({ topology, world, limits }, observe) =>
      createSimulator({ seed, topology, settings: world, limits, observe }),
  });
  const footer = { events: events.length, content: '', ...ending };
  const history = { header, events, footer };
  return { judgement: judge(history, plan.checkers, CHECKERS, {}), events, history };
}

/** `checker/anomaly` for each checker that is not content; `checker: reason` where it does not know. */
export function complaints({ judgement }: Trial): string[] {
  return judgement.verdicts
    .filter(({ validity }) => validity !== 'valid')
    .map(({ checker, anomalies, reason }) =>
      anomalies[0] ? `${checker}/${anomalies[0].name}` : `${checker}: ${reason}`,
    );
}

/** The first seed, counted from 1, that catches a flaw in one of the ways it declares, and what the same plan says without it. */
export async function caught(
  system: System,
  flaw: string,
  request: TrialRequest,
  seedsMost: number,
): Promise<{ readonly by: string; readonly without: string[] } | undefined> {
  const { caughtBy: expected, options, workload } = system.flaws.find(({ name }) => name === flaw)!;
  const asked = { ...(options !== undefined && { options }), ...(workload && { workload }), ...request };
  for (let seed = 1; seed <= seedsMost; seed++) {
    const found = complaints(await trial(system, seed, { ...asked, flaw }));
    const by = found.find((each) =>
      expected.some(({ checker, anomaly }) => each === `${checker}/${anomaly}`),
    );
    if (by !== undefined) return { by, without: complaints(await trial(system, seed, asked)) };
  }
  return undefined;
}
