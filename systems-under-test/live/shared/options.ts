import { MILLISECOND, type Nanos } from '../../../harness/contract/index.ts';

/** Schema of a duration with this default. */
export const duration = (value: Nanos, description: string) =>
  ({ type: 'integer', minimum: MILLISECOND, default: value, $comment: 'duration', description }) as const;
