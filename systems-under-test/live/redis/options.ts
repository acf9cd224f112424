import { type Json, MILLISECOND, type Nanos, SECOND } from '../../../harness/contract/index.ts';
import { duration } from '../../shared/options.ts';

export type RedisOptions = {
  readonly servers: number;
  /** Replicas that must have acknowledged a write (`WAIT`) before the client takes it for done. 0: no `WAIT`. */
  readonly wait: number;
  /** `min-replicas-to-write`: a primary with fewer replicas in touch refuses writes. */
  readonly minReplicas: number;
  /** `appendfsync`: when the file of commands is synced; with `always` before the reply. */
  readonly appendfsync: 'always' | 'everysec' | 'no';
  /** `down-after-milliseconds`: a Sentinel takes a server for dead that has been silent for so long. */
  readonly downAfter: Nanos;
  readonly failoverTimeout: Nanos;
  readonly requestTimeout: Nanos;
};

const count = (value: number, description: string, minimum = 0) =>
  ({ type: 'integer', minimum, maximum: 9, default: value, description }) as const;

export const optionsSchema: { readonly [keyword: string]: Json } = {
  type: 'object',
  additionalProperties: false,
  properties: {
    servers: count(3, 'hosts, each with a Redis server and a Sentinel', 1),
    wait: count(0, 'replicas that must acknowledge a write, by WAIT; 0: none'),
    minReplicas: count(0, 'min-replicas-to-write: a primary with fewer replicas in touch refuses writes'),
    appendfsync: {
      enum: ['always', 'everysec', 'no'],
      default: 'everysec',
      description: 'when the file of commands is synced: before each reply, once a second, or by the kernel',
    },
    downAfter: duration(SECOND, 'how long a server is silent before a Sentinel takes it for dead'),
    failoverTimeout: duration(4 * SECOND, "Sentinel's failover-timeout"),
    requestTimeout: duration(500 * MILLISECOND, 'how long a client waits for a reply'),
  },
};
