import { MILLISECOND, type Nanos } from '../../harness/contract/index.ts';

/** Schema of a duration in nanoseconds with this default; users may write `30ms`. */
export const duration = (value: Nanos, description: string, minimum: Nanos = MILLISECOND) =>
  ({ type: 'integer', minimum, default: value, $comment: 'duration', description }) as const;

/** Schema of a whole number with this default. */
export const count = (value: number, minimum: number, maximum: number, description: string) =>
  ({ type: 'integer', minimum, maximum, default: value, description }) as const;

/** Schema of the length, in bytes, that a log may have before the state is written down as a whole. */
export const checkpointBytes = (
  value = 8192,
  description = 'length of the log at which a checkpoint is taken',
) => ({ type: 'integer', minimum: 256, default: value, description }) as const;
