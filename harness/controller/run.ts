import type { Ending, HistoryEvent, HistoryHeader, HistorySink } from '../../histories/index.ts';
import type { ObservationSink, Plan, RunEnd, World } from '../contract/index.ts';
import { Course } from './course.ts';
import { headerOf, type Origin } from './header.ts';
import { type Cast, refuseImpossible } from './prepare.ts';
import { Recorder } from './recorder.ts';

/** Makes the world of one run. What its hosts say goes to `observe`. */
export type WorldFactory = (plan: Plan, observe: ObservationSink) => World | Promise<World>;

export interface RunOptions extends Cast {
  readonly world: WorldFactory;
  /** Opens the place where the history goes; kept in memory alone if absent. The caller finishes and closes it. */
  readonly sink?: (header: HistoryHeader) => Pick<HistorySink, 'append'>;
  readonly origin?: Origin;
}

export interface RunResult {
  readonly header: HistoryHeader;
  readonly events: readonly HistoryEvent[];
  /** What the footer shall say, but for the verdict: digest, and `hang` or `interrupted` if the run did not reach its end. */
  readonly ending: Ending;
  readonly end: RunEnd;
}

/**
 * One run: set up, warm up, workload with faults, heal all, recovery, final reads. Judging it is a separate thing.
 * @throws RunError when the plan cannot be carried out or a nemesis fails; whatever the world, the workload or the sink throws.
 */
export async function runPlan(options: RunOptions): Promise<RunResult> {
  let observe: ObservationSink = () => {};
  const world = await options.world(options.plan, (observation) => observe(observation));
  refuseImpossible(options, world);
  const header = headerOf(options, world.kind, options.origin ?? {});
  const recorder = new Recorder(() => world.now(), options.sink?.(header));
  const course = new Course(options, world, recorder);
  observe = (observation) => course.heard(observation);
  const end = await course.run();
  return { header, events: recorder.events, ending: endingOf(end), end };
}

function endingOf({ why, digest, harness }: RunEnd): Ending {
  const ended = why === 'stopped' ? undefined : why === 'interrupted' ? 'interrupted' : 'hang';
  return {
    ...(digest !== undefined && { digest }),
    ...(ended !== undefined && { ended }),
    ...(harness && { harness }),
  };
}
