import type { HostSpec, Nanos, Topology } from '../../harness/contract/index.ts';
import { createSimulator } from '../../harness/simulator/index.ts';
import { Coordinator } from '../../systems-under-test/training-job/coordinator.ts';
import { initialState, train } from '../../systems-under-test/training-job/model.ts';
import type { TrainingOptions } from '../../systems-under-test/training-job/options.ts';
import { digest } from '../../systems-under-test/training-job/state.ts';
import { CheckpointStore } from '../../systems-under-test/training-job/store.ts';
import { Worker } from '../../systems-under-test/training-job/worker.ts';
import { LIMITS, SETTINGS } from '../events.ts';

/** What goes wrong: times are means of exponential ones. */
export interface Hardship {
  /** Between two failures of workers of the job. */
  readonly failures?: Nanos;
  /** Until a failed machine reports for duty again. */
  readonly repair: Nanos;
  /** Between two bits that flip in the memory of some worker of the job, none of which corrects errors. */
  readonly flips?: Nanos;
  /** Between two power failures of the checkpoint store, in which unsynced writes are torn. */
  readonly storePower?: Nanos;
}

export interface TrainingResult {
  /** The step of the last checkpoint. */
  readonly step: number;
  /** Share of the time that went into steps that count. */
  readonly goodput: number;
  readonly failures: number;
  readonly flips: number;
  readonly flipsFound: number;
  /** Steps that were computed again. */
  readonly redone: number;
  /** Checkpoints whose state is not what so many steps give. */
  readonly wrong: number;
  /** Assertions of the job that failed. */
  readonly violations: readonly string[];
  readonly events: number;
}

const SPARES = 2;
const STORE = 'store';
const COORDINATOR = 'coordinator';

function topologyOf(names: readonly string[]): Topology {
  const hosts: HostSpec[] = [
    { name: COORDINATOR, role: 'coordinator' },
    { name: STORE, role: 'store' },
    ...names.map((name) => ({ name, role: 'worker', ecc: 'off' as const })),
  ];
  return {
    datacenters: [{ name: 'dc1', clusterSwitches: 1, racks: [{ name: 'r1', row: 'row-1', hosts }] }],
    cables: [],
  };
}

/** A job for so long under these hardships, in the simulator. The same seed gives failures at the same times, whatever the options. */
export async function simulateTraining(
  options: TrainingOptions,
  hardship: Hardship,
  time: Nanos,
  seed: number,
): Promise<TrainingResult> {
  const names = Array.from({ length: options.workers + SPARES }, (_, nth) => `w${nth + 1}`);
  let active: readonly string[] = [];
  const counts = { failures: 0, flips: 0, flipsFound: 0, steps: 0, wrong: 0 };
  const violations: string[] = [];
  let last = { step: 0, state: initialState(options.words) };
  const judge = (step: number, found: number): void => {
    const from = step >= last.step ? last : { step: 0, state: initialState(options.words) };
    last = { step, state: train(from.state, from.step, step, options.workers) };
    if (digest(last.state) !== found) counts.wrong++;
  };
  const world = createSimulator({
    seed,
    topology: topologyOf(names),
    settings: { ...SETTINGS, slowShare: 0 },
    limits: LIMITS,
    observe: ({ type, kind, data }) => {
      if (type === 'always' || type === 'uncaught') violations.push(kind);
      else if (kind === 'generation') active = (data as { ranks: string[] }).ranks;
      else if (kind === 'step') counts.steps++;
      else if (kind === 'flip-found') counts.flipsFound++;
      else if (kind === 'checkpoint') {
        const { step, digest: found } = data as { step: number; digest: number };
        judge(step, found);
      }
    },
  });
  world.boot(STORE, (host) => new CheckpointStore(host, options).start());
  world.boot(COORDINATOR, (host) => new Coordinator(host, options, STORE).start());
  for (const name of names) world.boot(name, (host) => new Worker(host, options, STORE).start(COORDINATOR));

  const again = (purpose: string, mean: Nanos | undefined, act: (draw: number) => void): void => {
    if (mean === undefined) return;
    const random = world.random(purpose);
    const next = (): void =>
      world.at(world.now() + random.exponential(mean), () => {
        act(random.fraction());
        next();
      });
    next();
  };
  const someone = (draw: number): string => active[Math.floor(draw * active.length)]!;
  again('failures', hardship.failures, (draw) => {
    const fault = world.levers.kill(someone(draw));
    counts.failures++;
    world.at(world.now() + hardship.repair, () => fault.heal());
  });
  again('flips', hardship.flips, (draw) => {
    world.levers.flipMemory(someone(draw), 1);
    counts.flips++;
  });
  again('store power', hardship.storePower, () => {
    const fault = world.levers.power(STORE, 'tear');
    world.at(world.now() + 1e9, () => fault.heal());
  });

  world.at(time, () => world.stop());
  const { events } = await world.run();
  const { failures, flips, flipsFound, steps, wrong } = counts;
  return {
    step: last.step,
    goodput: (last.step * options.stepTime) / time,
    failures,
    flips,
    flipsFound,
    redone: steps - last.step,
    wrong,
    violations,
    events,
  };
}
