import { type Json, MILLISECOND, type Nanos, SECOND } from '../../harness/contract/index.ts';
import { checkpointBytes, duration } from '../shared/options.ts';

/** A cache server, by its position among the hosts of that role, joins or leaves so long after the start of the store. */
export type Change = { readonly at: Nanos; readonly add?: number; readonly remove?: number };

export type CacheAsideOptions = {
  readonly router: 'modulo' | 'consistent-hash' | 'rendezvous';
  /** Points of each cache server on the ring of the consistent-hash router. */
  readonly virtualNodes: number;
  /** Cache servers in use at the beginning. */
  readonly caches: number;
  readonly changes: readonly Change[];
  readonly ttl: Nanos;
  /** Entries that a cache server holds at most. */
  readonly capacity: number;
  readonly slotBytes: number;
  readonly leases: boolean;
  /** How long a cache server waits for the fill that it gave a lease for. */
  readonly leaseTime: Nanos;
  readonly cacheTimeout: Nanos;
  /** CPU time of the store for each command. */
  readonly storeWork: Nanos;
  readonly requestTimeout: Nanos;
  /** Clients ask the store for the members again when what they know is this old. */
  readonly membersAge: Nanos;
  readonly checkpointBytes: number;
};

const server = { type: 'integer', minimum: 0, maximum: 99 } as const;
const at = { type: 'integer', minimum: 0, $comment: 'duration' } as const;

export const optionsSchema: { readonly [keyword: string]: Json } = {
  type: 'object',
  additionalProperties: false,
  properties: {
    router: { enum: ['modulo', 'consistent-hash', 'rendezvous'], default: 'consistent-hash' },
    virtualNodes: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
    caches: { type: 'integer', minimum: 1, maximum: 100, default: 3 },
    changes: {
      type: 'array',
      description: 'cache servers that join or leave, by number from 0, in the order of time',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['at'],
        properties: { at, add: server, remove: server },
      },
      default: [
        { at: 3 * SECOND, add: 3 },
        { at: 6 * SECOND, remove: 0 },
      ],
    },
    ttl: duration(2 * SECOND, 'a cached value is used for so long after it may have been current'),
    capacity: { type: 'integer', minimum: 1, default: 64, description: 'entries of one cache server' },
    slotBytes: {
      type: 'integer',
      minimum: 16,
      default: 128,
      description: 'room in memory for one encoded value',
    },
    leases: {
      type: 'boolean',
      default: false,
      description:
        'a miss gives a lease, and only its holder may fill, unless the key was invalidated meanwhile',
    },
    leaseTime: duration(100 * MILLISECOND, 'how long a lease keeps others from filling'),
    cacheTimeout: duration(50 * MILLISECOND, 'after this a client does without the cache'),
    storeWork: {
      type: 'integer',
      minimum: 0,
      default: 0,
      $comment: 'duration',
      description: 'CPU time of the store for each command',
    },
    requestTimeout: duration(800 * MILLISECOND, 'how long a client waits for the store'),
    membersAge: duration(500 * MILLISECOND, 'after this a client asks again who the cache servers are'),
    checkpointBytes: checkpointBytes(8192, 'length of the store’s log for a checkpoint'),
  },
};

type Membership = Pick<CacheAsideOptions, 'caches' | 'changes'>;

/** Hosts of role `cache` that these options need. */
export function cacheHosts({ caches, changes }: Membership): number {
  return Math.max(caches, ...changes.map(({ add }) => (add ?? 0) + 1));
}

/** Numbers of the cache servers in use after so many of the changes, ascending. */
export function membersAfter({ caches, changes }: Membership, applied: number): readonly number[] {
  const members = new Set(Array.from({ length: caches }, (_, number) => number));
  for (const { add, remove } of changes.slice(0, applied)) {
    if (add !== undefined) members.add(add);
    if (remove !== undefined) members.delete(remove);
  }
  return [...members].sort((a, b) => a - b);
}
