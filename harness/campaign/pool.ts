import { existsSync, renameSync, rmSync } from 'node:fs';
import { Piscina } from 'piscina';
import { partName, type RunSummary, type RunTask } from './task.ts';
import { Turns } from './turns.ts';
import { type Cut, Watch } from './watch.ts';

/** What a worker is given. */
export interface WorkerJob {
  readonly task: RunTask;
  /** Where the worker says how far it is: see `Stage`. */
  readonly stage: Int32Array;
}

/** An error as data: threads would lose its code. */
export interface Mistake {
  readonly name: string;
  readonly code?: string;
  readonly message: string;
  readonly stack?: string;
}

/** What a worker answers. */
export type WorkerAnswer = { readonly summary: RunSummary } | { readonly mistake: Mistake };

/** A user's mistake, or a defect, that a worker met. */
export class WorkerMistake extends Error {
  readonly code: string | undefined;
  readonly original: string;
  readonly remoteStack: string | undefined;
  constructor(mistake: Mistake, seed?: number) {
    // What a run did has a seed; what it was asked to do is wrong for all of them.
    const ofRun = mistake.name === 'AmbientAccess' || mistake.name === 'RunError';
    super(ofRun && seed !== undefined ? `seed ${seed}: ${mistake.message}` : mistake.message);
    this.name = 'WorkerMistake';
    this.original = mistake.name;
    this.code = mistake.code;
    this.remoteStack = mistake.stack;
  }
}

export interface PoolOptions {
  /** The module of the worker. */
  readonly worker: URL;
  readonly threads: number;
  /** What one run may take. */
  readonly memoryMegabytes: number;
}

const MEGABYTE = 1024 * 1024;
/** V8 aborts the whole process when one large allocation meets its own limit, so that limit is kept out of reach of ours. */
const HEAP_HEADROOM_MEGABYTES = 4096;
/** Twice the default: most of what a run allocates lives for an event or two, and is then collected for nothing. */
const YOUNG_MEGABYTES = 96;
/** What sixways itself takes in each worker: code, history, checkers' results. */
const OVERHEAD_MEGABYTES = 128;

/**
 * Worker threads for runs. A run that loops for ever or fills its memory ends its worker, not the campaign: it becomes the verdict
 * `unknown: hang` or `unknown: memory`.
 */
export class RunPool {
  private readonly pool: Piscina<WorkerJob, WorkerAnswer>;
  readonly threads: number;
  private readonly bytesPerRun: number;
  private readonly stopping = new AbortController();
  /** A run waits here for its worker, so that its bounds count from its beginning. */
  private readonly turns: Turns;
  /** Runs that are tried again alone, one after the other. */
  private alone: Promise<unknown> = Promise.resolve();

  constructor(options: PoolOptions) {
    this.threads = options.threads;
    this.turns = new Turns(options.threads);
    this.bytesPerRun = (options.memoryMegabytes + OVERHEAD_MEGABYTES) * MEGABYTE;
    this.pool = new Piscina({
      filename: options.worker.href,
      minThreads: options.threads,
      maxThreads: options.threads,
      concurrentTasksPerWorker: 1,
      resourceLimits: {
        maxOldGenerationSizeMb: options.memoryMegabytes + HEAP_HEADROOM_MEGABYTES,
        maxYoungGenerationSizeMb: YOUNG_MEGABYTES,
      },
    });
  }

  /** True once `stop` was called. */
  get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  /** @throws WorkerMistake for what the worker refused. */
  async run(task: RunTask): Promise<RunSummary> {
    await this.alone;
    const summary = await this.attempt(task, this.threads);
    if (summary.ended !== 'memory' || this.threads === 1) return summary;
    // All runs under way were ended, since nobody knows whose memory it was. Alone it shows.
    const again = this.alone.then(() => this.attempt(task, 1));
    this.alone = again.catch(() => {});
    return again;
  }

  private async attempt(task: RunTask, atOnce: number): Promise<RunSummary> {
    await this.turns.take();
    try {
      return await this.watched(task, atOnce);
    } finally {
      this.turns.give();
    }
  }

  private async watched(task: RunTask, atOnce: number): Promise<RunSummary> {
    const ending = new AbortController();
    let cut: Cut | undefined;
    const end = (why: Cut): void => {
      cut ??= why;
      ending.abort();
    };
    const interrupt = (): void => end('interrupted');
    const watch = new Watch(task, process.memoryUsage.rss() + atOnce * this.bytesPerRun, end);
    this.stopping.signal.addEventListener('abort', interrupt);
    try {
      if (this.stopped) return lost(task, 'interrupted', watch.describe('interrupted'));
      const answer = await this.pool.run({ task, stage: watch.stage }, { signal: ending.signal });
      if ('mistake' in answer) throw new WorkerMistake(answer.mistake, task.seed ?? task.plan?.seed);
      return answer.summary;
    } catch (error) {
      if (error instanceof WorkerMistake) throw error;
      if ((error as { code?: string }).code === 'ERR_WORKER_OUT_OF_MEMORY') cut ??= 'memory';
      if (this.stopped) cut = 'interrupted';
      if (cut === undefined) throw error;
      return lost(task, cut, watch.describe(cut));
    } finally {
      watch.end();
      this.stopping.signal.removeEventListener('abort', interrupt);
    }
  }

  /** Ends all workers; runs under way become `unknown: interrupted`. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.pool.destroy();
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }
}

/** The summary of a run whose worker is gone. What it wrote of its history is on disk. */
function lost(task: RunTask, ended: Cut, why: string): RunSummary {
  const { history } = task;
  if (history !== undefined && task.keepOnlyFailures) keepPart(history, ended);
  return {
    seed: task.plan?.seed ?? task.seed ?? 0,
    validity: 'unknown',
    reasons: [`${ended}: ${why}`],
    signatures: [],
    verdicts: [],
    faults: [],
    operations: 0,
    succeeded: 0,
    events: 0,
    simulated: 0,
    realMilliseconds: 0,
    ended,
    ...(history !== undefined && existsSync(history) && { history }),
    ...(task.plan !== undefined && { plan: task.plan }),
  };
}

/** What a run that hung or filled its memory wrote is worth keeping; that of an interrupted one is not. */
function keepPart(history: string, ended: Cut): void {
  const part = partName(history);
  if (ended === 'interrupted') rmSync(part, { force: true });
  else if (existsSync(part)) renameSync(part, history);
}
