import { type Json, SECOND, type System } from '../../harness/contract/index.ts';
import { startCache } from './cache.ts';
import { makeClient } from './client.ts';
import { flaws } from './flaws.ts';
import { type CacheAsideOptions, cacheHosts, optionsSchema } from './options.ts';
import { startStore } from './store.ts';
import { tolerance } from './tolerance.ts';

export type { CacheAsideOptions } from './options.ts';

/** Cache servers before a store, kept fresh by the clients. */
export const cacheAside: System<CacheAsideOptions> = {
  name: 'cache-aside',
  summary:
    'cache servers before a durable store; modulo, consistent or rendezvous hashing; servers join and leave',
  options: optionsSchema,
  roles: (options) => ({ store: 1, cache: cacheHosts(options) }),
  start: (host, role, setting) => (role === 'store' ? startStore(host, setting) : startCache(host, setting)),
  client: makeClient,
  claims: ({ ttl }) => ({
    consistency: 'eventual',
    durability: true,
    recoveryWithin: 10 * SECOND,
    stalenessWithin: ttl,
  }),
  tolerance: () => tolerance,
  flaws,
  operations: ['read', 'write', 'cas'],
  workload: () => ({ name: 'register', options: { keys: 30, readShare: 8, writeShare: 1, casShare: 1 } }),
  checkers: ({ membersAge }): { readonly name: string; readonly options?: Json }[] => [
    { name: 'staleness' },
    { name: 'corruption' },
    { name: 'durability' },
    { name: 'assertions' },
    { name: 'availability' },
    // A cache that keeps nothing is none, whatever happens to it.
    { name: 'cache-hit-rate', options: { floor: 0.05 } },
    // After that, every client that is not cut off has asked who the members are.
    { name: 'key-movement', options: { placement: 'cache', settle: 2 * membersAge } },
    { name: 'load-balance', options: { work: 'cache' } },
    // In a run with few operations, one in ten of them a cas, none may meet the value that it expects.
    { name: 'stats', options: { ignore: ['cas'] } },
  ],
};
