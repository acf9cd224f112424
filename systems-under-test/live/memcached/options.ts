import { type Json, MILLISECOND, type Nanos, SECOND } from '../../../harness/contract/index.ts';
import { duration } from '../../shared/options.ts';

export type MemcachedOptions = {
  /** After a write to the store, the entry is dropped (`aside`), or replaced by what was written (`write-through`). */
  readonly mode: 'aside' | 'write-through';
  /** Seconds until an entry expires; 0: never. */
  readonly ttl: number;
  /** What its users take for granted of reads while entries never expire. */
  readonly fresh: Nanos;
  readonly cacheTimeout: Nanos;
  readonly requestTimeout: Nanos;
};

export const optionsSchema: { readonly [keyword: string]: Json } = {
  type: 'object',
  additionalProperties: false,
  properties: {
    mode: {
      enum: ['aside', 'write-through'],
      default: 'aside',
      description: 'after a write to the store, the entry is dropped, or replaced by what was written',
    },
    ttl: { type: 'integer', minimum: 0, maximum: 3600, default: 0, description: 'seconds; 0: never expires' },
    fresh: duration(SECOND, 'how old a value may be, where entries never expire'),
    cacheTimeout: duration(100 * MILLISECOND, 'how long a client waits for the cache before it goes without'),
    requestTimeout: duration(800 * MILLISECOND, 'how long a client waits for the store'),
  },
};

/** Memcached counts time in whole seconds of its own: an entry lives up to one longer than asked for. */
const GRANULARITY = SECOND;

/** How old what is read may be: an entry lives so long, and was read from the store up to two time-outs before it was filled in. */
export function stalenessOf({ ttl, fresh, cacheTimeout, requestTimeout }: MemcachedOptions): Nanos {
  return ttl === 0 ? fresh : ttl * SECOND + GRANULARITY + cacheTimeout + requestTimeout;
}
