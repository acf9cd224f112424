import type { Nanos, Nemesis, Plan, WorkloadPlan } from '../contract/index.ts';
import { minimise } from './minimise.ts';
import { endingAt, quieterWorlds, readable, simplerFaults } from './simpler.ts';
import { Speculation } from './speculate.ts';

/** By what a failure is known: a shrunk plan must fail with the same. */
export interface Signature {
  readonly checker: string;
  readonly anomaly: string;
}

/** An operation, and the time that it keeps without those before it, if it needs to be told. */
export type OperationId = NonNullable<WorkloadPlan['only']>[number];

/** How a plan failed. The more of it is told, the fewer runs are needed. */
export interface Failure extends Signature {
  /** Operations that the run invoked, in order. Without them operations are not shrunk. */
  readonly operations?: readonly OperationId[];
  /** Operations that the anomaly names. */
  readonly proof?: readonly OperationId[];
  /** When the last of these was complete, in nanoseconds after the beginning of the fault phase. */
  readonly until?: Nanos;
}

export interface ShrinkProgress {
  readonly stage: string;
  readonly runs: number;
  readonly faults: number;
  readonly operations: number | undefined;
}

export interface ShrinkOptions {
  /** Runs a plan; undefined if it does not fail. May run in a worker, several at a time. A rejection ends the shrinking. */
  test(plan: Plan): Promise<Failure | undefined>;
  /** The failure to keep; that of the first run if absent. */
  readonly signature?: Signature;
  /** Most runs; 400 if absent. */
  readonly budget?: number;
  /** Runs at the same time; 1 if absent. The result does not depend on it. */
  readonly concurrency?: number;
  /** To know which parameters are milder; without, smaller numbers are. */
  readonly nemeses?: readonly Nemesis[];
  /** False for plans that must not be tried, as one that exceeds a tolerance. */
  accept?(plan: Plan): boolean;
  onProgress?(progress: ShrinkProgress): void;
}

export interface Shrunk {
  readonly plan: Plan;
  readonly failure: Failure;
  /** Different plans that were run, those ahead of their turn not counted. */
  readonly runs: number;
  /** `minimal`: no candidate is left; `budget`: there may be a smaller one. */
  readonly ended: 'minimal' | 'budget';
}

const BUDGET = 400;
/** Rounds of all stages: a later one can make an earlier one possible. */
const ROUNDS_MAX = 5;

/**
 * Makes a failing plan smaller, whatever made it, as long as it fails with the same checker and anomaly: fewer faults; a shorter
 * fault phase; fewer operations; then each fault at fewer targets, milder, shorter; a quieter network; again while that helps.
 * Deterministic if `test` is.
 * @throws RangeError if the plan does not fail as it should to begin with.
 */
export async function shrinkPlan(plan: Plan, options: ShrinkOptions): Promise<Shrunk> {
  const shrinking = await Shrinking.begin(plan, options);
  for (let round = 0; round < ROUNDS_MAX && !shrinking.minimal; round++) {
    const before = shrinking.plan;
    shrinking.cutShort = false;
    await shrinking.schedule();
    await shrinking.phases();
    await shrinking.operations();
    await shrinking.faults();
    await shrinking.world();
    shrinking.minimal = shrinking.plan === before && !shrinking.cutShort;
  }
  return shrinking.result();
}

class Shrinking {
  plan: Plan;
  /** True once a whole round found nothing to remove. */
  minimal = false;
  /** True if a stage of this round ended for lack of runs. */
  cutShort = false;
  private failure: Failure;
  private readonly options: ShrinkOptions;
  private readonly runs: Speculation<Plan, Failure | undefined>;
  private readonly signature: Signature;
  private readonly budget: number;
  /** Runs of the present stage end here. */
  private cap: number;

  private constructor(
    plan: Plan,
    failure: Failure,
    options: ShrinkOptions,
    runs: Speculation<Plan, Failure | undefined>,
  ) {
    this.plan = plan;
    this.failure = failure;
    this.options = options;
    this.runs = runs;
    this.signature = options.signature ?? failure;
    this.budget = options.budget ?? BUDGET;
    this.cap = this.budget;
  }

  static async begin(plan: Plan, options: ShrinkOptions): Promise<Shrinking> {
    const runs = new Speculation(
      (candidate: Plan) => options.test(candidate),
      identity,
      Math.max(1, options.concurrency ?? 1),
    );
    const first = await runs.first(
      1,
      () => plan,
      () => true,
      1,
    );
    const failure = first?.result;
    const { signature } = options;
    if (!failure || (signature && !same(failure, signature))) {
      const expected = signature ? `${signature.checker}: ${signature.anomaly}` : 'any anomaly';
      const found = failure ? `${failure.checker}: ${failure.anomaly}` : 'none';
      throw new RangeError(`expected a plan that fails with ${expected} to be shrunk, found ${found}`);
    }
    return new Shrinking(plan, failure, options, runs);
  }

  result(): Shrunk {
    const ended = this.minimal ? 'minimal' : 'budget';
    return { plan: this.plan, failure: this.failure, runs: this.runs.runs, ended };
  }

  /** Fewer faults. */
  async schedule(): Promise<void> {
    await this.stage('faults', 0.5, () =>
      minimise(this.plan.schedule, (count, make) =>
        this.firstKept(count, (nth) => ({ ...this.plan, schedule: make(nth) })),
      ),
    );
  }

  /** The phases end soon after the failure. */
  async phases(): Promise<void> {
    await this.stage('phases', 0.2, async () => {
      const { demand, ...phases } = this.plan.phases;
      if (demand !== undefined) await this.firstKept(1, () => ({ ...this.plan, phases }));
      const { until } = this.failure;
      const length = this.plan.phases.faults;
      const ends = [
        ...(until === undefined ? [] : [until]),
        length / 8,
        length / 4,
        length / 2,
        (length * 3) / 4,
      ]
        .map(readable)
        .filter((end) => end < length)
        .sort((a, b) => a - b);
      const plan = this.plan;
      await this.firstKept(ends.length, (nth) => endingAt(plan, ends[nth]!));
      if (this.plan.phases.warmUp === 0) return;
      const shorter = this.plan;
      await this.firstKept(1, () => ({ ...shorter, phases: { ...shorter.phases, warmUp: 0 } }));
    });
  }

  /** Fewer operations: at first those that the anomaly names, else all that were invoked, then fewer and fewer of them. */
  async operations(): Promise<void> {
    await this.stage('operations', 0.8, async () => {
      const { proof } = this.failure;
      const invoked = this.plan.workload.only ?? this.failure.operations;
      if (!invoked) return;
      const plan = this.plan;
      const lists = [...(proof && proof.length > 0 ? nearProof(invoked, proof) : []), invoked];
      const kept = await this.firstKept(lists.length, (nth) => withOnly(plan, lists[nth]!));
      if (kept === undefined) return;
      await minimise(lists[kept]!, (count, make) =>
        this.firstKept(count, (nth) => withOnly(this.plan, make(nth))),
      );
      const most = Math.max(0, ...(this.plan.workload.only ?? []).map(([client]) => client)) + 1;
      const last = this.plan;
      if (most < last.workload.clients)
        await this.firstKept(1, () => ({ ...last, workload: { ...last.workload, clients: most } }));
    });
  }

  /** Each fault simpler, the last first, as long as it goes. */
  async faults(): Promise<void> {
    await this.stage('milder', 0.8, async () => {
      for (let place = this.plan.schedule.length - 1; place >= 0; place--) {
        for (;;) {
          const { plan } = this;
          const fault = plan.schedule[place]!;
          const simpler = simplerFaults(
            fault,
            this.options.nemeses?.find(({ name }) => name === fault.fault),
          );
          const kept = await this.firstKept(simpler.length, (nth) => ({
            ...plan,
            schedule: plan.schedule.map((other, at) => (at === place ? simpler[nth]! : other)),
          }));
          if (kept === undefined) break;
        }
      }
    });
  }

  /** A quieter network. */
  async world(): Promise<void> {
    await this.stage('world', 1, async () => {
      for (;;) {
        const quieter = quieterWorlds(this.plan);
        if ((await this.firstKept(quieter.length, (nth) => quieter[nth]!)) === undefined) return;
      }
    });
  }

  /** A stage may use this share of the runs that are left. */
  private async stage(name: string, share: number, body: () => Promise<unknown>): Promise<void> {
    this.cap = this.runs.runs + Math.ceil((this.budget - this.runs.runs) * share);
    await body();
    this.options.onProgress?.({
      stage: name,
      runs: this.runs.runs,
      faults: this.plan.schedule.length,
      operations: (this.plan.workload.only ?? this.failure.operations)?.length,
    });
  }

  private async firstKept(count: number, make: (nth: number) => Plan): Promise<number | undefined> {
    const { accept } = this.options;
    const all = Array.from({ length: count }, (_, nth) => nth);
    const places = accept ? all.filter((nth) => accept(make(nth))) : all;
    const first = await this.runs.first(
      places.length,
      (nth) => make(places[nth]!),
      (failure) => failure !== undefined && same(failure, this.signature),
      this.cap,
    );
    if (!first?.result) {
      if (this.runs.runs >= this.cap) this.cutShort = true;
      return undefined;
    }
    // Taking the present plan again is no change.
    if (identity(first.candidate) === identity(this.plan)) return places[first.nth];
    this.plan = first.candidate;
    this.failure = first.result;
    return places[first.nth];
  }
}

/** What shrinking may change; topology and the like never differ between candidates. */
function identity({ schedule, phases, workload, world }: Plan): string {
  return JSON.stringify([schedule, phases, workload, world]);
}

function same(a: Signature, b: Signature): boolean {
  return a.checker === b.checker && a.anomaly === b.anomaly;
}

function withOnly(plan: Plan, only: NonNullable<WorkloadPlan['only']>): Plan {
  return { ...plan, workload: { ...plan.workload, only } };
}

/** What the anomaly names, and what was invoked before the last of it, ever more generously. */
function nearProof(
  invoked: readonly OperationId[],
  proof: readonly OperationId[],
): (readonly OperationId[])[] {
  const named = new Set(proof.map(([client, nth]) => `${client}/${nth}`));
  const places = invoked.flatMap(([client, nth], place) => (named.has(`${client}/${nth}`) ? [place] : []));
  if (places.length === 0) return [];
  const [first, last] = [places[0]!, places.at(-1)!];
  const margin = Math.max(4, last - first);
  return [
    places.map((place) => invoked[place]!),
    invoked.slice(first, last + 1),
    invoked.slice(Math.max(0, first - margin), last + 1),
    invoked.slice(0, last + 1),
  ].filter((list) => list.length < invoked.length);
}
