import { type Json, MILLISECOND, type Nanos } from '../../harness/contract/index.ts';

export type ChainOptions = {
  readonly reads: 'tail' | 'any';
  readonly servers: number;
  /** How many copies a chain needs to serve. */
  readonly resiliency: number;
  readonly pingInterval: Nanos;
  readonly deadAfter: Nanos;
  readonly leaseTime: Nanos;
  readonly forwardTimeout: Nanos;
  readonly readTimeout: Nanos;
  readonly writeTimeout: Nanos;
  readonly checkpointBytes: number;
};

const duration = (value: Nanos, description: string) =>
  ({ type: 'integer', minimum: MILLISECOND, default: value, $comment: 'duration', description }) as const;

export const optionsSchema: { readonly [keyword: string]: Json } = {
  type: 'object',
  additionalProperties: false,
  properties: {
    reads: {
      enum: ['tail', 'any'],
      default: 'tail',
      description: 'who answers reads: the tail alone, or every server (CRAQ)',
    },
    servers: { type: 'integer', minimum: 1, maximum: 9, default: 3 },
    resiliency: {
      type: 'integer',
      minimum: 1,
      maximum: 9,
      default: 2,
      description: 'servers that a chain must have to serve; silence never makes it shorter than that',
    },
    pingInterval: duration(
      30 * MILLISECOND,
      'how often a server reports to the master, and asks after its successor',
    ),
    deadAfter: duration(120 * MILLISECOND, 'a server silent for so long is taken for dead'),
    leaseTime: duration(100 * MILLISECOND, 'how long a server may answer reads after the master heard of it'),
    forwardTimeout: duration(60 * MILLISECOND, 'how long a server waits for the answer of another'),
    readTimeout: duration(800 * MILLISECOND, 'how long a client tries a read'),
    writeTimeout: duration(
      300 * MILLISECOND,
      'how long it tries a write or cas: after a change of head the reply never comes',
    ),
    checkpointBytes: {
      type: 'integer',
      minimum: 256,
      default: 8192,
      description: 'log length at which a checkpoint is taken',
    },
  },
};
