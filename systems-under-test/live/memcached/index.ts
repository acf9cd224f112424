import { SECOND, type System } from '../../../harness/contract/index.ts';
import { replicated } from '../shared/tolerance.ts';
import { CachedClient } from './client.ts';
import { type MemcachedOptions, optionsSchema, stalenessOf } from './options.ts';
import { startCache, startStore } from './server.ts';

/** A memcached in front of a PostgreSQL: real servers. */
export const memcached: System<MemcachedOptions> = {
  name: 'memcached',
  summary: 'memcached in front of PostgreSQL, aside or write-through, as real processes (live world)',
  world: 'live',
  options: optionsSchema,
  roles: () => ({ cache: 1, store: 1 }),
  start: (host, role) => (role === 'cache' ? startCache(host) : startStore(host)),
  client: (host, setting) => new CachedClient(host, setting),
  // Memcached promises nothing of the kind: that an entry which is dropped with each write is fresh is what its users take for granted.
  claims: (options) => ({
    consistency: 'eventual',
    durability: true,
    recoveryWithin: 20 * SECOND,
    stalenessWithin: stalenessOf(options),
  }),
  tolerance: () => replicated(['cache']),
  flaws: [],
  operations: ['read', 'write'],
  workload: () => ({ name: 'register', options: { keys: 10, readShare: 4, writeShare: 1, casShare: 0 } }),
  checkers: () => [
    { name: 'staleness' },
    { name: 'corruption' },
    { name: 'assertions' },
    { name: 'availability' },
    { name: 'stats' },
  ],
};
