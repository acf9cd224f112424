import { Piscina } from 'piscina';
import type { RunSummary, RunTask } from './task.ts';

/** What a worker answers: errors keep their code, which threads would lose. */
export type WorkerAnswer =
  | { readonly summary: RunSummary }
  | {
      readonly mistake: {
        readonly name: string;
        readonly code?: string;
        readonly message: string;
        readonly stack?: string;
      };
    };

/** A user's mistake, or a defect, that a worker met. */
export class WorkerMistake extends Error {
  readonly code: string | undefined;
  readonly original: string;
  readonly remoteStack: string | undefined;
  constructor(mistake: {
    readonly name: string;
    readonly code?: string;
    readonly message: string;
    readonly stack?: string;
  }) {
    super(mistake.message);
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
  readonly memoryMegabytes: number;
}

/** Seconds beyond the run's own limit after which a worker that does not return to its event loop is ended. */
const GRACE_SECONDS = 5;

/**
 * Worker threads for runs. A run that loops for ever or fills its memory ends its worker, not the campaign: it becomes the verdict
 * `unknown: hang` or `unknown: memory`.
 */
export class RunPool {
  private readonly pool: Piscina<RunTask, WorkerAnswer>;
  readonly threads: number;
  private readonly stopping = new AbortController();

  constructor(options: PoolOptions) {
    this.threads = options.threads;
    this.pool = new Piscina({
      filename: options.worker.href,
      minThreads: 1,
      maxThreads: options.threads,
      concurrentTasksPerWorker: 1,
      resourceLimits: { maxOldGenerationSizeMb: options.memoryMegabytes },
    });
  }

  /** @throws WorkerMistake for what the worker refused. */
  async run(task: RunTask): Promise<RunSummary> {
    const seconds = task.plan?.limits.realSeconds ?? task.generation?.realSeconds ?? 60;
    const watchdog = new AbortController();
    const abort = (): void => watchdog.abort();
    this.stopping.signal.addEventListener('abort', abort);
    let timer: NodeJS.Timeout | undefined;
    try {
      const running = this.pool.run(task, { signal: watchdog.signal });
      timer = setTimeout(abort, (seconds + GRACE_SECONDS) * 1000);
      const answer = await running;
      if ('mistake' in answer) throw new WorkerMistake(answer.mistake);
      return answer.summary;
    } catch (error) {
      if (error instanceof WorkerMistake) throw error;
      if (this.stopping.signal.aborted) return lost(task, 'interrupted', 'the campaign was interrupted');
      const { code, name } = error as { code?: string; name?: string };
      if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
        return lost(task, 'memory', `the run filled the memory of its worker`);
      }
      if (name === 'AbortError') {
        return lost(task, 'hang', `the run did not end within ${seconds} s of real time`);
      }
      throw error;
    } finally {
      clearTimeout(timer);
      this.stopping.signal.removeEventListener('abort', abort);
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
function lost(task: RunTask, ended: string, why: string): RunSummary {
  return {
    seed: task.plan?.seed ?? task.seed ?? 0,
    validity: 'unknown',
    reasons: [`${ended}: ${why}`],
    signatures: [],
    verdicts: [],
    faults: [],
    operations: 0,
    events: 0,
    simulated: 0,
    realMilliseconds: 0,
    ended,
    ...(task.history !== undefined && { history: task.history }),
    ...(task.plan !== undefined && { plan: task.plan }),
  };
}
