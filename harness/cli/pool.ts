import { availableParallelism } from 'node:os';
import { type PoolOptions, RunPool } from '../campaign/index.ts';

const WORKER = new URL('./worker.js', import.meta.url);

/** Workers for this command. Ctrl-C ends them, and with them the runs; the command then reports what it has. */
export async function withPool<T>(
  flags: { readonly threads?: number; readonly memory?: number },
  use: (pool: RunPool) => Promise<T>,
): Promise<T> {
  const options: PoolOptions = {
    worker: WORKER,
    threads: flags.threads ?? availableParallelism(),
    memoryMegabytes: flags.memory ?? 1024,
  };
  const pool = new RunPool(options);
  const interrupt = (): void => {
    void pool.stop();
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    return await use(pool);
  } finally {
    process.removeListener('SIGINT', interrupt);
    process.removeListener('SIGTERM', interrupt);
    await pool.close();
  }
}
