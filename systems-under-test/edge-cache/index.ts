import { SECOND, type System } from '../../harness/contract/index.ts';
import { makeClient } from './client.ts';
import { startEdge } from './edge.ts';
import { flaws } from './flaws.ts';
import { type EdgeCacheOptions, oldest, optionsSchema } from './options.ts';
import { startOrigin } from './origin.ts';
import { tolerance } from './tolerance.ts';
import { topologyOf } from './topology.ts';

/** Edges near the users, before an origin far away. */
export const edgeCache: System<EdgeCacheOptions> = {
  name: 'edge-cache',
  summary: 'a content delivery network: edges near the users with time to live, purge and stale serving',
  options: optionsSchema,
  roles: ({ edges }) => ({ origin: 1, edge: edges }),
  topology: topologyOf,
  start: (host, role, setting) => (role === 'origin' ? startOrigin(host, setting) : startEdge(host, setting)),
  client: makeClient,
  claims: (options) => ({
    consistency: 'eventual',
    durability: true,
    recoveryWithin: 10 * SECOND,
    stalenessWithin: oldest(options),
  }),
  tolerance: () => tolerance,
  flaws,
  operations: ['read', 'write', 'cas'],
  workload: () => ({ name: 'register', options: { keys: 10, readShare: 8, writeShare: 1, casShare: 1 } }),
  checkers: () => [
    { name: 'staleness' },
    { name: 'corruption' },
    { name: 'durability' },
    { name: 'assertions' },
    { name: 'availability' },
    // A cache that keeps nothing is none, whatever happens to it.
    { name: 'cache-hit-rate', options: { floor: 0.05 } },
    { name: 'stats' },
  ],
};
