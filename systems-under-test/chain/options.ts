import { type Json, MILLISECOND, type Nanos } from '../../harness/contract/index.ts';
import { checkpointBytes, count, duration } from '../shared/options.ts';

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

export const optionsSchema: { readonly [keyword: string]: Json } = {
  type: 'object',
  additionalProperties: false,
  properties: {
    reads: {
      enum: ['tail', 'any'],
      default: 'tail',
      description: 'who answers reads: the tail alone, or every server (CRAQ)',
    },
    servers: count(3, 1, 9, 'servers that may be in the chain'),
    resiliency: count(
      2,
      1,
      9,
      'servers that a chain must have to serve; silence never makes it shorter than that',
    ),
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
    checkpointBytes: checkpointBytes(),
  },
};
