import type { Nanos } from '../../harness/contract/index.ts';

/** Bugs that can be planted, each a plausible mistake. */
export const TRAINING_FLAWS = ['written-in-place', 'mixed-steps', 'state-not-compared'] as const;
export type TrainingFlaw = (typeof TRAINING_FLAWS)[number];

export interface TrainingOptions {
  /** Workers that the job needs. Whoever is ready beyond that is a spare. */
  readonly workers: number;
  /** 32-bit words of the model's state; a multiple of `workers`. */
  readonly words: number;
  readonly stepTime: Nanos;
  /** Steps from one checkpoint to the next. */
  readonly every: number;
  /** How long all workers stand still for a checkpoint. */
  readonly checkpointTime: Nanos;
  /** From the news of a failure until the workers load the last checkpoint. */
  readonly restartTime: Nanos;
  readonly flaw?: TrainingFlaw;
}
