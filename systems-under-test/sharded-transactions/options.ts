import { type Json, MILLISECOND, type Nanos } from '../../harness/contract/index.ts';

export type ShardedOptions = {
  /** Groups over which the keys are spread. */
  readonly shards: number;
  /** Servers of each group, and of the oracle. */
  readonly replicas: number;
  /** Versions of a key that are kept for snapshots. */
  readonly versions: number;
  /** Timestamps that the oracle reserves at once. */
  readonly range: number;
  /** How long a coordinator tries to bring a transaction to its decision. */
  readonly patience: Nanos;
};

const count = { type: 'integer', minimum: 1 } as const;

export const optionsSchema: { readonly [keyword: string]: Json } = {
  type: 'object',
  additionalProperties: false,
  properties: {
    shards: { ...count, maximum: 9, default: 2, description: 'groups over which the keys are spread' },
    replicas: { ...count, maximum: 9, default: 3, description: 'servers of each group, and of the oracle' },
    versions: {
      ...count,
      maximum: 10_000,
      default: 16,
      description: 'versions of a key that are kept for snapshots',
    },
    range: {
      ...count,
      maximum: 1_000_000,
      default: 100,
      description: 'timestamps that the oracle reserves at once',
    },
    patience: {
      type: 'integer',
      $comment: 'duration',
      minimum: MILLISECOND,
      default: 500 * MILLISECOND,
      description: 'how long a coordinator tries to bring a transaction to its decision',
    },
  },
};

/** The role of the timestamp oracle's servers. */
export const ORACLE = 'oracle';

/** Roles of the groups' servers: `shard-a`, `shard-b`, ... Each is the name of its group too. */
export function groupsOf({ shards }: ShardedOptions): string[] {
  return Array.from({ length: shards }, (_, nth) => `shard-${String.fromCharCode(97 + nth)}`);
}
