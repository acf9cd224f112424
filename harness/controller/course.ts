import {
  type Generator,
  type Nanos,
  type ObservationSink,
  type Plan,
  type RunEnd,
  SECOND,
  type Setting,
  type World,
} from '../contract/index.ts';
import { concat, cycle, filter, onThreads, retry, synchronize } from '../workload/index.ts';
import { Clients } from './clients.ts';
import { copyInShort } from './copies.ts';
import { Faults } from './faults.ts';
import { servers } from './hosts.ts';
import { Leadership } from './leadership.ts';
import { intervalPurpose, Pacer } from './pacer.ts';
import { type Cast, settingOf } from './prepare.ts';
import type { Recorder } from './recorder.ts';
import { Recovery, Served } from './recovery.ts';
import { Traffic } from './traffic.ts';

/** Final reads are tried this many times each. */
const FINAL_ATTEMPTS = 3;

/** No final read is begun after this many time-outs of an operation. */
const FINAL_TIMEOUTS = 10;

/** A run as it goes from phase to phase. Each method that begins a phase records it. */
export class Course {
  private readonly cast: Cast;
  private readonly plan: Plan;
  private readonly world: World;
  private readonly recorder: Recorder;
  private readonly setting: Setting;
  private readonly leadership: Leadership;
  private readonly clients: Clients;
  private readonly traffic: Traffic;
  private readonly faults: Faults;
  private readonly served = new Served();
  private ended = false;
  private failure: { readonly error: unknown } | undefined;

  constructor(cast: Cast, world: World, recorder: Recorder) {
    const { plan, system, workload, nemeses } = cast;
    this.cast = cast;
    this.plan = plan;
    this.world = world;
    this.recorder = recorder;
    this.setting = settingOf(cast);
    this.leadership = new Leadership(system.leaderNote);
    const guard = (action: () => void): void => this.guard(action);
    const { clients, timeout, options } = plan.workload;
    this.clients = new Clients({
      world,
      system,
      setting: this.setting,
      hosts: (this.setting.hosts.client ?? []).slice(0, clients),
      timeout,
      recorder,
      completed: (outcome) => this.traffic.complete(outcome),
      guard,
    });
    this.traffic = new Traffic(world, this.clients, clients, workload.main(options), guard);
    this.faults = new Faults({ world, plan, nemeses, recorder, leader: () => this.leadership.leader, guard });
  }

  /** A host said something. */
  heard({ type, host, kind, data }: Parameters<ObservationSink>[0]): void {
    this.leadership.heard({ type, host, kind, data });
    this.recorder.observation({ type, host, kind, data });
  }

  /** @throws the first thing that went wrong in the harness. */
  async run(): Promise<RunEnd> {
    const { world } = this;
    world.at(world.now(), () => this.guard(() => this.setUp()));
    let end: RunEnd | undefined;
    try {
      end = await world.run();
    } catch (error) {
      this.failure ??= { error };
    }
    this.recorder.close();
    this.guard(() => {});
    if (this.failure !== undefined) throw this.failure.error;
    return end!;
  }

  private setUp(): void {
    const { plan, cast, world, setting } = this;
    for (const { name, role } of servers(plan.topology)) {
      if (role === 'spare') continue;
      world.boot(name, (host) => cast.system.start(host, role, setting));
    }
    this.clients.boot();
    if (world.ready === undefined) this.warmUp();
    else
      world.ready().then(
        () => this.guard(() => this.warmUp()),
        (error) =>
          this.guard(() => {
            throw error;
          }),
      );
  }

  private warmUp(): void {
    const { plan, world } = this;
    const { warmUp, faults } = plan.phases;
    const start = world.now();
    this.recorder.phase('warm-up', { clients: plan.workload.clients, rate: plan.workload.rate });
    world.at(start + warmUp, () => this.guard(() => this.beginFaults()));
    world.at(start + warmUp + faults, () => this.guard(() => this.heal()));
    this.work(start);
  }

  private work(start: number): void {
    const { clients, rate, only, options } = this.plan.workload;
    const draws = (thread: number) => this.world.random(intervalPurpose(thread));
    const listed =
      only && new Map(only.map(([client, nth, notBefore = 0]) => [`${client}/${nth}`, notBefore]));
    const notBefore = (client: number, nth: number) => start + (listed?.get(`${client}/${nth}`) ?? 0);
    this.traffic.enter({
      ...(this.cast.workload.ownPace?.(options) !== true && {
        pacer: new Pacer(start, rate, clients, draws, ...(listed ? [notBefore] : [])),
      }),
      ...(listed && { leftOut: ([client, nth]) => !listed.has(`${client}/${nth}`) }),
      marks: (id) => ({ id }),
      started: (request) => this.served.used(request),
      completed: (outcome) => this.served.completed(outcome),
    });
  }

  private beginFaults(): void {
    this.recorder.phase('faults', { scheduled: this.plan.schedule.length });
    this.faults.begin();
  }

  private heal(): void {
    this.traffic.pause();
    this.recorder.phase('heal');
    this.faults.healAll(() => {
      // The clock of the recovery begins when a client can ask: one that still waits for an answer cannot.
      if (this.clients.idle().length > 0) this.recover();
      else this.traffic.pause(() => this.recover());
    });
  }

  private recover(): void {
    const { plan, world, cast } = this;
    const { recoveryWithin, convergesWithin = 0 } = cast.system.claims(plan.system.options);
    const silence = plan.phases.settle ?? convergesWithin;
    const bound = plan.phases.recovery ?? recoveryWithin;
    const { clients, rate, only } = plan.workload;
    const recovery = new Recovery(world.now(), this.served, this.living(), {
      demand: plan.phases.demand,
      // Where the operations are listed, more of them prove nothing.
      proving: only === undefined,
    });
    this.recorder.phase('recovery', { bound, keys: recovery.unserved.unserved.length });
    let over = false;
    let servedAt: Nanos | undefined;
    const finish = (recovered: boolean): void => {
      if (over) return;
      over = true;
      const figures = {
        recovered,
        after: (servedAt ?? world.now()) - recovery.began,
        bound,
        ...recovery.unserved,
      };
      if (silence === 0) {
        this.readFinally(figures);
        return;
      }
      this.traffic.pause();
      world.at(world.now() + silence, () => this.guard(() => this.readFinally(figures)));
    };
    world.at(recovery.began + bound, () => this.guard(() => finish(recovery.over())));
    const draws = (thread: number) => world.random(`recovery/interval/${thread}`);
    this.traffic.enter(
      {
        // Where the operations are listed few are wanted: a system that does not recover is asked until the bound.
        pacer: new Pacer(world.now(), recovery.rate(only === undefined ? rate : 0, bound), clients, draws),
        marks: () => ({}),
        started: (request) => this.served.used(request),
        completed: (outcome) => {
          recovery.completed(outcome);
          if (recovery.served) servedAt ??= world.now();
          if (recovery.complete) finish(true);
        },
      },
      // A workload that has come to its end leaves its final reads to ask with.
      (ordinary) =>
        this.byTheLiving(
          concat(recovery.asking(ordinary), cycle(cast.workload.final(plan.workload.options))),
        ),
    );
  }

  private readFinally(figures: Parameters<Recorder['phase']>[1]): void {
    const { plan, world, cast, served } = this;
    this.recorder.phase('final', figures);
    // Keys that nobody used have nothing to tell.
    const reads = filter(
      ({ key }) => key === undefined || served.keys.has(key),
      cast.workload.final(plan.workload.options),
    );
    this.traffic.enter({ marks: () => ({ phase: 'final' }), exhausted: () => this.end() }, () =>
      this.byTheLiving(synchronize(retry(FINAL_ATTEMPTS, reads))),
    );
    world.at(world.now() + FINAL_TIMEOUTS * plan.workload.timeout, () =>
      this.guard(() => {
        const endIfIdle = (): void => {
          if (this.clients.idle().length === plan.workload.clients) this.end();
        };
        this.traffic.pause(endIfIdle);
        endIfIdle();
      }),
    );
  }

  /** Hosts of the clients that have not burnt down. */
  private living(): ReadonlyMap<number, string> {
    const gone = this.faults.gone();
    return new Map([...this.clients.hosts().entries()].filter(([, host]) => !gone.has(host)));
  }

  /** Who burnt down asks nothing, and nothing can be concluded of that. */
  private byTheLiving(generator: Generator): Generator {
    const living = this.living();
    return onThreads((thread) => living.has(thread), generator);
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    this.lookAtCopies(() => {
      this.faults.recordEvidence();
      this.recorder.phase('end');
      this.recorder.close();
      this.world.stop();
    });
  }

  /** Has every server look at its copies; one that does not come to it within a second has none. */
  private lookAtCopies(done: () => void): void {
    const { world, plan, recorder } = this;
    let open = 1;
    let over = false;
    const finish = (): void => {
      if (!over) done();
      over = true;
    };
    const one = (): void => {
      if (--open === 0) world.at(world.now(), () => this.guard(finish));
    };
    for (const { name: host } of servers(plan.topology)) {
      const asked = world.look?.(host, (copies) => {
        if (over) return;
        for (const copy of copies)
          recorder.observation({ type: 'note', host, kind: 'copy', data: copyInShort(copy) });
        one();
      });
      if (asked) open++;
    }
    if (open === 1) {
      finish();
      return;
    }
    world.at(world.now() + SECOND, () => this.guard(finish));
    one();
  }

  /** Every action of the harness goes through here: the first one that throws ends the run, and the sink gets what was recorded. */
  private guard(action: () => void): void {
    try {
      action();
      this.recorder.flush();
    } catch (error) {
      this.failure ??= { error };
      this.world.stop();
    }
  }
}
