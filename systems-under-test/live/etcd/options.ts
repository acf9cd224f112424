import { type Json, MILLISECOND, type Nanos } from '../../../harness/contract/index.ts';
import { duration } from '../../shared/options.ts';

export type EtcdOptions = {
  readonly servers: number;
  /** Serializable reads: answered by any member from what it has, at once. */
  readonly serializable: boolean;
  readonly heartbeat: Nanos;
  readonly election: Nanos;
  readonly requestTimeout: Nanos;
};

export const optionsSchema: { readonly [keyword: string]: Json } = {
  type: 'object',
  additionalProperties: false,
  properties: {
    servers: { type: 'integer', minimum: 1, maximum: 9, default: 3, description: 'members' },
    serializable: {
      type: 'boolean',
      default: false,
      description: 'reads are answered by any member from what it has, instead of through a quorum',
    },
    heartbeat: duration(100 * MILLISECOND, "etcd's heartbeat-interval"),
    election: duration(1000 * MILLISECOND, "etcd's election-timeout"),
    requestTimeout: duration(800 * MILLISECOND, 'how long a client waits for a reply'),
  },
};
