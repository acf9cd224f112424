import { fileURLToPath } from 'node:url';
import type { WorkerAnswer, WorkerJob } from '../campaign/index.ts';
import type { LiveJob, LiveMessage } from './live-run.ts';
import { registries } from './registries.ts';
import { answerOf, runTask } from './run-task.ts';
import { loadSystem } from './system/load-system.ts';

const LIVE_RUN = fileURLToPath(new URL('./live-run.js', import.meta.url));

/** What each worker thread does with a task. */
export default function work(job: WorkerJob): Promise<WorkerAnswer> {
  const { task } = job;
  return answerOf(task, async () => {
    const system = await loadSystem(task.system, registries.systems);
    if (system.world === 'live') return runLive(job);
    return runTask(task, system, { entered: (stage) => Atomics.store(job.stage, 0, stage) });
  });
}

/** The run happens in a process of its own, in an enclosure; this thread only waits for it. */
async function runLive({ task, stage }: WorkerJob): Promise<WorkerAnswer> {
  // Loaded when it is needed: runs in the simulator shall start fast.
  const { enclosed } = await import('../live/index.ts');
  let answer: WorkerAnswer | undefined;
  await enclosed<LiveMessage>({
    entry: LIVE_RUN,
    job: { task } satisfies LiveJob,
    heard(message) {
      if ('stage' in message) Atomics.store(stage, 0, message.stage);
      else answer = message.answer;
    },
  });
  if (answer === undefined) throw new Error('the live run ended without an answer');
  return answer;
}
