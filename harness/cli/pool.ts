import { availableParallelism } from 'node:os';
import { RunPool } from '../campaign/index.ts';
import { onInterrupt } from './interruption.ts';

const WORKER = new URL('./worker.js', import.meta.url);

/** Workers for this command. Ctrl-C ends them, and with them the runs; the command then reports what it has. */
export async function withPool<T>(
  flags: { readonly threads?: number; readonly memory?: number },
  use: (pool: RunPool) => Promise<T>,
): Promise<T> {
  const pool = new RunPool({
    worker: WORKER,
    threads: flags.threads ?? availableParallelism(),
    memoryMegabytes: flags.memory ?? 1024,
  });
  const forget = onInterrupt(() => void pool.stop());
  try {
    return await use(pool);
  } finally {
    forget();
    await pool.close();
  }
}
