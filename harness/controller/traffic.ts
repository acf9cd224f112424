import type { Generator, Nanos, Request, World } from '../contract/index.ts';
import { mix, randomFrom } from '../simulator/index.ts';
import { type Draws, Progress } from '../workload/index.ts';
import type { Clients, Marks, Outcome } from './clients.ts';
import type { Pacer } from './pacer.ts';

/** What is going on at present. */
export interface Stage {
  /** Without one, every idle thread is asked for at once, and the generator waits as it likes. */
  readonly pacer?: Pacer;
  /** True for an operation that is not to be made: it counts as emitted, and as failed at once. Needs a pacer, or a generator that waits. */
  leftOut?(id: readonly [client: number, nth: number]): boolean;
  /** How its operations are marked. */
  marks(id: readonly [client: number, nth: number]): Marks;
  started?(request: Request): void;
  completed?(outcome: Outcome): void;
  /** Called once, when the generator has no more and nothing is open. */
  exhausted?(): void;
}

/** Asks the generator and gives its operations to the clients, whenever something has changed. */
export class Traffic {
  private readonly world: World;
  private readonly clients: Clients;
  private readonly progress: Progress;
  private readonly guard: (action: () => void) => void;
  private stage: Stage | undefined;
  private paused: ((outcome: Outcome) => void) | undefined;
  private wakeAt: Nanos = Number.POSITIVE_INFINITY;

  constructor(
    world: World,
    clients: Clients,
    threads: number,
    main: Generator,
    guard: (action: () => void) => void,
  ) {
    this.world = world;
    this.clients = clients;
    this.guard = guard;
    this.progress = new Progress(main, threads, keyedDraws(world.random('workload').uint32()));
  }

  /** Goes on in another way, with the generator that `change` makes of the present one. */
  enter(stage: Stage, change?: (present: Generator) => Generator): void {
    this.stage = stage;
    if (change !== undefined) this.progress.replace(change(this.progress.current));
    this.pump();
  }

  /** Starts nothing more. Open operations still complete, and `completed` is then called. */
  pause(completed?: (outcome: Outcome) => void): void {
    this.stage = undefined;
    this.paused = completed;
  }

  /** An operation is complete. */
  complete(outcome: Outcome): void {
    const { thread, type, request, value } = outcome;
    this.progress.tell(type, thread, this.world.now(), request, this.clients.idle(), value);
    if (type === 'info') this.progress.retire(thread);
    const listener = this.stage === undefined ? this.paused : this.stage.completed;
    listener?.(outcome);
    this.pump();
  }

  private pump(): void {
    for (;;) {
      const { stage } = this;
      if (stage === undefined) return;
      const idle = this.clients.idle();
      const end = this.step(stage, idle);
      if (end === 'started') continue;
      if (end === 'exhausted' && idle.length === this.progress.processes.length) {
        this.stage = undefined;
        stage.exhausted?.();
      }
      return;
    }
  }

  /** Starts one operation if there is one. */
  private step(stage: Stage, idle: readonly number[]): 'started' | 'exhausted' | 'later' {
    const now = this.world.now();
    const { pacer } = stage;
    if (idle.length === 0) return 'later';
    if (pacer === undefined) return this.ask(stage, now, idle, idle);
    for (const thread of pacer.dueAmong(idle, now)) {
      const answer = this.ask(stage, now, idle, [thread]);
      if (answer !== 'later') return answer;
    }
    let next = Number.POSITIVE_INFINITY;
    for (const thread of idle) if (pacer.dueAt(thread) > now) next = Math.min(next, pacer.dueAt(thread));
    this.wake(next);
    return 'later';
  }

  private ask(
    stage: Stage,
    now: Nanos,
    idle: readonly number[],
    free: readonly number[],
  ): 'started' | 'exhausted' | 'later' {
    const step = this.progress.ask(now, idle, free);
    if (step === undefined) return 'exhausted';
    if ('wait' in step) {
      this.wake(step.wait);
      return 'later';
    }
    const { start, thread, nth } = step;
    const id = [thread, nth] as const;
    stage.pacer?.advance(thread);
    if (stage.leftOut?.(id)) this.progress.leaveOut(thread, now, start, idle);
    else {
      stage.started?.(start);
      this.clients.invoke(thread, start, stage.marks(id));
      this.progress.tell('invoke', thread, now, start, this.clients.idle());
    }
    return 'started';
  }

  private wake(time: Nanos): void {
    if (time >= this.wakeAt) return;
    this.wakeAt = time;
    this.world.at(time, () =>
      this.guard(() => {
        if (this.wakeAt === time) this.wakeAt = Number.POSITIVE_INFINITY;
        this.pump();
      }),
    );
  }
}

const ALL_THREADS = -1;

/** Streams by key: as good as made for nothing, where seeding a generator for each operation would be the dearest part of it. */
function keyedDraws(seed: number): Draws {
  return (thread = ALL_THREADS, nth) => {
    let drawn = 0;
    return randomFrom(() => mix(seed, thread, nth, drawn++) / 2 ** 32);
  };
}
