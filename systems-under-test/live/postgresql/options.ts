import { type Json, MILLISECOND, type Nanos, SECOND } from '../../../harness/contract/index.ts';
import { duration } from '../../shared/options.ts';

export type PostgresqlOptions = {
  /** One server, or a primary with a standby that replicates by streaming and takes over when the primary is silent. */
  readonly replication: 'none' | 'asynchronous' | 'synchronous';
  readonly isolation: 'read-committed' | 'repeatable-read' | 'serializable';
  /** The model by which transactions are judged; that of the documentation for the level of isolation if empty. */
  readonly judgedBy: string;
  /** `synchronous_commit`: `off` acknowledges a commit before it is synced; the documentation says what that may lose. */
  readonly synchronousCommit: 'on' | 'off';
  /** The standby takes over when the primary has not answered for so long. */
  readonly failoverAfter: Nanos;
  readonly requestTimeout: Nanos;
};

export const optionsSchema: { readonly [keyword: string]: Json } = {
  type: 'object',
  additionalProperties: false,
  properties: {
    replication: { enum: ['none', 'asynchronous', 'synchronous'], default: 'none' },
    isolation: { enum: ['read-committed', 'repeatable-read', 'serializable'], default: 'serializable' },
    judgedBy: {
      type: 'string',
      default: '',
      description: 'a model such as serializable, to see what a weaker level of isolation permits',
    },
    synchronousCommit: {
      enum: ['on', 'off'],
      default: 'on',
      description: 'off: a commit is acknowledged before it is synced',
    },
    failoverAfter: duration(2 * SECOND, 'the standby takes over when the primary is silent for so long'),
    requestTimeout: duration(800 * MILLISECOND, 'how long a client waits for a reply'),
  },
};

/** What the documentation of each level promises, in the terms of the literature: chapter "Transaction Isolation". */
const PROMISED = {
  'read-committed': 'read-committed',
  'repeatable-read': 'snapshot-isolation',
  serializable: 'serializable',
} as const;

export function modelOf({ isolation, judgedBy }: PostgresqlOptions): string {
  return judgedBy === '' ? PROMISED[isolation] : judgedBy;
}
