import { type RunTask, realSecondsOf } from './task.ts';

/** Why a run was ended from outside. */
export type Cut = 'hang' | 'memory' | 'interrupted';

/** How far a worker is with its task: written by it, read by the watch. */
export const Stage = { loading: 0, running: 1, judging: 2 } as const;

export type StageNumber = (typeof Stage)[keyof typeof Stage];

/** Real milliseconds between two looks. */
const LOOK_EVERY = 50;
/** Seconds beyond the run's own limit, in which it should have noticed the limit itself. */
const GRACE_SECONDS = 1;
/** Seconds that loading the system and sixways itself may take, and how many times a run's limit its checkers may. */
const LOADING_SECONDS = 30;
const JUDGING_FACTOR = 10;

const realNow = performance.now.bind(performance);

/**
 * Watches one run from the main thread: its system code may never return, and fill the memory meanwhile. Memory is that of the whole
 * process: what a single thread holds cannot be asked for while it is busy.
 */
export class Watch {
  /** Shared with the worker. */
  readonly stage = new Int32Array(new SharedArrayBuffer(4));
  private readonly timer: NodeJS.Timeout;
  private seen: number = Stage.loading;
  private since = realNow();
  private readonly seconds: number;
  private readonly bytesMax: number;

  constructor(task: RunTask, bytesMax: number, cut: (why: Cut) => void) {
    this.seconds = realSecondsOf(task);
    this.bytesMax = bytesMax;
    this.timer = setInterval(() => {
      const why = this.look();
      if (why === undefined) return;
      this.end();
      cut(why);
    }, LOOK_EVERY);
  }

  end(): void {
    clearInterval(this.timer);
  }

  /** What it was doing, for people. */
  describe(why: Cut): string {
    const doing = ['loading the system', 'the run', 'judging the run'][this.seen]!;
    if (why === 'memory') return `${doing} filled the memory that one run may take`;
    if (why === 'interrupted') return 'the run was interrupted';
    return `${doing} did not end within ${this.allowed()} s of real time`;
  }

  private look(): Cut | undefined {
    const stage = Atomics.load(this.stage, 0);
    if (stage !== this.seen) {
      this.seen = stage;
      this.since = realNow();
    }
    if (process.memoryUsage.rss() > this.bytesMax) return 'memory';
    const grace = stage === Stage.running ? GRACE_SECONDS : 0;
    return realNow() - this.since > (this.allowed() + grace) * 1000 ? 'hang' : undefined;
  }

  private allowed(): number {
    if (this.seen === Stage.loading) return LOADING_SECONDS;
    return this.seen === Stage.running ? this.seconds : this.seconds * JUDGING_FACTOR;
  }
}
