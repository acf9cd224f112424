import type { Nanos } from '../../harness/contract/index.ts';
import type { TrainingOptions } from '../../systems-under-test/training-job/options.ts';

export const SECOND: Nanos = 1e9;

/** Some worker fails so often on average, and is away for so long. */
export const FAILURES: Nanos = 2000 * SECOND;
export const REPAIR: Nanos = 300 * SECOND;

/** With these failures Young's interval is 200 s: twenty steps. */
export const CHECKPOINTED: TrainingOptions = {
  workers: 2,
  words: 16,
  stepTime: 10 * SECOND,
  every: 20,
  checkpointTime: 10 * SECOND,
  restartTime: 10 * SECOND,
};
