import { Piscina } from 'piscina';
import { type History, HistoryError, type HistoryErrorCode, type Json } from '../../histories/index.ts';
import type { Verdict } from '../checker.ts';
import { UncheckableHistory } from '../linearizable/pairing.ts';
import { SelectionError } from '../options.ts';
import { verdictOf } from '../shared/verdicts.ts';
import type { Answer, Job, Mistake } from './thread.ts';

export interface WorkerBounds {
  /** Real time, reading included. */
  readonly seconds?: number;
  readonly memoryMegabytes?: number;
  /** Elementary steps, as in `Budget`. */
  readonly steps?: number;
  /** Told every now and then how much of the work is done. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Ends the check; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal;
}

const MEGABYTE = 1024 * 1024;
/** Real milliseconds between two looks at the thread. */
const LOOK_EVERY = 25;
/** The checker is asked to stop when its time is over, and stopped that much later. */
const GRACE_MILLISECONDS = 500;
/** V8 aborts the whole process when one large allocation meets its own limit, so that limit is kept out of reach of ours. */
const HEAP_HEADROOM_MEGABYTES = 4096;
/** What a thread and the code in it take. */
const OVERHEAD_MEGABYTES = 96;

const realNow = performance.now.bind(performance);

/**
 * Judges a history by a checker of this library in a thread of its own: the caller goes on meanwhile, and bounds hold whatever the checker does. A
 * bound that is reached gives `unknown` and its name: never a hang. The checker is asked to stop when `seconds` are over, and its thread is ended half a second
 * later. Memory is what the process grows by meanwhile, since nobody can ask for that of a single busy thread.
 *
 * @param subject the name of a file of any format that `readAnyHistory` knows, or a history
 * @throws HistoryError, SelectionError, UncheckableHistory as `readAnyHistory` and `check` do
 */
export async function checkInWorker(
  subject: string | History,
  checker: string,
  options?: Json,
  bounds: WorkerBounds = {},
): Promise<Verdict> {
  const { seconds, memoryMegabytes, steps, onProgress, signal } = bounds;
  signal?.throwIfAborted();
  const progress = new Float64Array(new SharedArrayBuffer(16));
  const job: Job = {
    subject,
    checker,
    options,
    budget: {
      ...(steps !== undefined && { steps }),
      ...(seconds !== undefined && { seconds }),
      ...(memoryMegabytes !== undefined && { memoryBytes: memoryMegabytes * MEGABYTE }),
    },
    progress,
  };
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const pool = new Piscina<Job, Answer>({
    filename: new URL(`./thread.${extension}`, import.meta.url).href,
    minThreads: 1,
    maxThreads: 1,
    ...(memoryMegabytes !== undefined && {
      resourceLimits: { maxOldGenerationSizeMb: memoryMegabytes + HEAP_HEADROOM_MEGABYTES },
    }),
  });
  const ending = new AbortController();
  const began = realNow();
  const bytesMax = process.memoryUsage.rss() + ((memoryMegabytes ?? 0) + OVERHEAD_MEGABYTES) * MEGABYTE;
  let reached: string | undefined;
  let told = -1;
  const end = (bound?: string): void => {
    reached ??= bound;
    ending.abort();
  };
  const look = setInterval(() => {
    const [done = 0, total = 0] = progress;
    if (total > 0 && done !== told) {
      told = done;
      onProgress?.(done, total);
    }
    if (memoryMegabytes !== undefined && process.memoryUsage.rss() > bytesMax) end(`${memoryMegabytes} MB`);
    if (seconds !== undefined && realNow() - began > seconds * 1000 + GRACE_MILLISECONDS) end(`${seconds} s`);
  }, LOOK_EVERY);
  const interrupt = (): void => end();
  signal?.addEventListener('abort', interrupt);
  try {
    const answer = await pool.run(job, { signal: ending.signal });
    if ('mistake' in answer) throw errorOf(answer.mistake);
    return answer.verdict;
  } catch (error) {
    signal?.throwIfAborted();
    if ((error as { code?: string }).code === 'ERR_WORKER_OUT_OF_MEMORY') reached ??= `${memoryMegabytes} MB`;
    if (reached === undefined) throw error;
    const reason = `the bound of ${reached} was reached, and the check was ended`;
    return verdictOf(checker, { anomalies: [], reason }, {});
  } finally {
    clearInterval(look);
    signal?.removeEventListener('abort', interrupt);
    await pool.destroy();
  }
}

function errorOf({ name, code, message, place, stack }: Mistake): Error {
  switch (name) {
    case 'HistoryError':
      return new HistoryError(code as HistoryErrorCode, message, place);
    case 'SelectionError':
      return new SelectionError(code as SelectionError['code'], message);
    case 'UncheckableHistory':
      return new UncheckableHistory(message);
  }
  const error = new Error(message);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}
