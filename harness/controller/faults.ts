import type {
  Applied,
  Json,
  Nanos,
  Nemesis,
  Plan,
  Scene,
  ScheduledFault,
  Target,
  World,
} from '../contract/index.ts';
import { afterwards } from './afterwards.ts';
import { hostsAt, hostsByRole, servers } from './hosts.ts';
import type { Recorder } from './recorder.ts';
import { RunError } from './run-error.ts';

interface Fault {
  readonly scheduled: ScheduledFault;
  readonly nemesis: Nemesis;
  readonly position: number;
  targets: readonly string[];
  applied?: Applied;
  healed: boolean;
}

export interface FaultsOptions {
  readonly world: World;
  readonly plan: Plan;
  /** One for each fault of the schedule, by name. */
  readonly nemeses: readonly Nemesis[];
  readonly recorder: Recorder;
  /** The host that leads now. */
  leader(): string | undefined;
  /** Runs an action of the harness, ending the run with what it throws. */
  guard(action: () => void): void;
}

/** Applies the schedule and heals it; everything is recorded. */
export class Faults {
  private readonly options: FaultsOptions;
  private readonly faults: readonly Fault[];
  private over = false;

  constructor(options: FaultsOptions) {
    this.options = options;
    this.faults = options.plan.schedule.map((scheduled, position) => ({
      scheduled,
      nemesis: options.nemeses.find(({ name }) => name === scheduled.fault)!,
      position,
      targets: [],
      healed: false,
    }));
  }

  /** Puts the schedule into the world's future; the fault phase begins now. */
  begin(): void {
    const { world, guard } = this.options;
    const start = world.now();
    for (const fault of this.faults) {
      world.at(start + fault.scheduled.at, () => guard(() => this.apply(fault, start)));
    }
  }

  /** Ends the fault phase: nothing more is applied, everything in force is healed, in the order of the schedule. */
  healAll(done: () => void): void {
    this.over = true;
    const inForce = this.faults.filter(({ applied, healed }) => applied !== undefined && !healed);
    let left = inForce.length;
    if (left === 0) done();
    for (const fault of inForce) {
      this.heal(fault, () => {
        if (--left === 0) done();
      });
    }
  }

  /** Hosts that never come back. */
  gone(): ReadonlySet<string> {
    const hit = this.faults
      .filter(({ applied, nemesis }) => applied !== undefined && nemesis.forGood === true)
      .flatMap(({ targets }) => targets);
    return new Set(hostsAt(this.options.plan.topology, hit));
  }

  /** Records what each applied fault has done in all: damage may show long after healing. */
  recordEvidence(): void {
    for (const fault of this.faults) {
      if (fault.applied !== undefined) this.record(fault, 'evidence', { evidence: this.evidenceOf(fault) });
    }
  }

  private apply(fault: Fault, start: Nanos): void {
    if (this.over) return;
    const { world, plan, guard } = this.options;
    const { scheduled, nemesis } = fault;
    const scene = this.scene(scheduled);
    fault.targets = targetsOf(scheduled.target, scene);
    const applying = this.attempt(fault, 'applied', () => nemesis.apply(scheduled, scene));
    // The world stands still meanwhile, or is a real one: then the fault is recorded when it is in force.
    this.whenDone(fault, 'applied', applying, (applied) => {
      fault.applied = applied;
      this.record(fault, 'apply', { parameters: scheduled.parameters });
      if (this.over) this.heal(fault, () => {});
      const end = scheduled.for === undefined || nemesis.momentary ? Infinity : scheduled.at + scheduled.for;
      if (!this.over && end < plan.phases.faults)
        world.at(start + end, () => guard(() => this.heal(fault, () => {})));
    });
  }

  private heal(fault: Fault, done: () => void): void {
    const { applied } = fault;
    if (applied === undefined || fault.healed) {
      done();
      return;
    }
    fault.healed = true;
    const healing = this.attempt(fault, 'healed', () => applied.heal());
    this.whenDone(fault, 'healed', healing, () => {
      this.record(fault, 'heal', { evidence: this.evidenceOf(fault) });
      done();
    });
  }

  private evidenceOf(fault: Fault): Json {
    const { outcome, figures } = this.attempt(fault, 'asked for its evidence', () =>
      fault.applied!.evidence(),
    );
    return { outcome, figures };
  }

  private record(fault: Fault, action: string, more: { readonly [name: string]: Json }): void {
    const { position, targets, scheduled } = fault;
    this.options.recorder.nemesis(scheduled.fault, { fault: position, action, targets, ...more });
  }

  private scene(scheduled: ScheduledFault): Scene {
    const { world, plan, leader } = this.options;
    const { topology } = plan;
    const hosts = hostsByRole(topology);
    return {
      levers: world.levers,
      topology,
      hosts,
      everyone: topology.datacenters.flatMap(({ racks }) =>
        racks.flatMap((rack) => rack.hosts.map(({ name }) => name)),
      ),
      leader,
      // By what the fault is, not by its position: leaving out another one moves no draw.
      random: world.random(`fault/${scheduled.fault}/${scheduled.at}/${JSON.stringify(scheduled.target)}`),
    };
  }

  private attempt<T>(fault: Fault, what: string, action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw this.failure(fault, what, error);
    }
  }

  private whenDone<T>(fault: Fault, what: string, value: T | Promise<T>, then: (value: T) => void): void {
    const { guard } = this.options;
    afterwards(
      value,
      (result) => guard(() => then(result)),
      (error) =>
        guard(() => {
          throw this.failure(fault, what, error);
        }),
    );
  }

  private failure({ scheduled, position }: Fault, what: string, error: unknown): RunError {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const message = `fault ${position} (${scheduled.fault}) could not be ${what}: ${reason}`;
    return new RunError('nemesis', message, { cause: error });
  }
}

/** Names of what a fault is aimed at, at this moment. */
function targetsOf(target: Target, scene: Scene): readonly string[] {
  if ('hosts' in target) return target.hosts;
  if ('switches' in target) return target.switches;
  if ('cables' in target) return target.cables;
  if ('racks' in target) return target.racks;
  if ('datacenters' in target) return target.datacenters;
  if ('none' in target) return [];
  const all = servers(scene.topology);
  const name = scene.leader() ?? all[target.index % Math.max(1, all.length)]?.name;
  return name === undefined ? [] : [name];
}
