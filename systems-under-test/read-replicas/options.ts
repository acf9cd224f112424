import { type Json, MILLISECOND, type Nanos } from '../../harness/contract/index.ts';
import { checkpointBytes, duration } from '../shared/options.ts';

export type Session = 'none' | 'sticky' | 'tokens';

export type ReadReplicasOptions = {
  readonly session: Session;
  readonly replicas: number;
  /** A replica that may lag by more refuses reads; 0: it never does. */
  readonly maxLag: Nanos;
  /** How long a replica waits for the position that a token asks for. */
  readonly tokenWait: Nanos;
  /** How long the writer keeps the question of a replica that has everything. */
  readonly feedWait: Nanos;
  readonly feedTimeout: Nanos;
  readonly replicaTimeout: Nanos;
  readonly requestTimeout: Nanos;
  readonly recordsKept: number;
  readonly checkpointBytes: number;
};

export const optionsSchema: { readonly [keyword: string]: Json } = {
  type: 'object',
  additionalProperties: false,
  properties: {
    session: {
      enum: ['none', 'sticky', 'tokens'],
      default: 'tokens',
      description:
        'reads go to any replica; to one and the same; to any that has what the client last wrote and saw',
    },
    replicas: { type: 'integer', minimum: 1, maximum: 20, default: 3 },
    maxLag: {
      type: 'integer',
      minimum: 0,
      default: 500 * MILLISECOND,
      $comment: 'duration',
      description: 'a replica that may lag by more refuses reads; 0: it never does',
    },
    tokenWait: duration(100 * MILLISECOND, 'how long a replica waits for what a token asks for'),
    feedWait: duration(
      50 * MILLISECOND,
      'how long the writer keeps the question of a replica that has everything',
    ),
    feedTimeout: duration(200 * MILLISECOND, 'after this a replica asks the writer again'),
    replicaTimeout: duration(200 * MILLISECOND, 'after this a client asks another server'),
    requestTimeout: duration(800 * MILLISECOND, 'how long a client tries'),
    recordsKept: {
      type: 'integer',
      minimum: 1,
      default: 20,
      description: 'records that the writer keeps for replicas that lag; others get the whole state',
    },
    checkpointBytes: checkpointBytes(),
  },
};
