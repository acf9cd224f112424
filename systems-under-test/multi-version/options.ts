import { type Json, MILLISECOND, type Nanos } from '../../harness/contract/index.ts';

/** What is promised, weakest first. */
export const ISOLATIONS = [
  'read-uncommitted',
  'read-committed',
  'snapshot-isolation',
  'serializable',
  'strict-serializable',
] as const;
export type Isolation = (typeof ISOLATIONS)[number];

export type MultiVersionOptions = {
  readonly isolation: Isolation;
  /** Mean pause of the application between two statements of a transaction: the longer, the more transactions overlap. */
  readonly think: Nanos;
  /** How old the snapshot of a read-only transaction is where it may be old. */
  readonly lag: Nanos;
  /** How long a transaction may take, at the client and at the server. */
  readonly timeout: Nanos;
};

const duration = { type: 'integer', $comment: 'duration' } as const;

export const optionsSchema: { readonly [keyword: string]: Json } = {
  type: 'object',
  additionalProperties: false,
  properties: {
    isolation: {
      enum: [...ISOLATIONS],
      default: 'strict-serializable',
      description: 'what is promised to transactions',
    },
    think: {
      ...duration,
      minimum: 0,
      default: 20 * MILLISECOND,
      description: 'mean pause of the application between two statements of a transaction',
    },
    lag: {
      ...duration,
      minimum: 0,
      default: 100 * MILLISECOND,
      description: 'age of the snapshot that read-only transactions see at level serializable',
    },
    timeout: {
      ...duration,
      minimum: MILLISECOND,
      default: 800 * MILLISECOND,
      description: 'how long a transaction may take before it is given up',
    },
  },
};
