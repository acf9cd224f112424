import { SECOND, type System } from '../../../harness/contract/index.ts';
import { rows } from '../../shared/tolerance-rows.ts';
import { replicated, STORAGE } from '../shared/tolerance.ts';
import { RedisClient } from './client.ts';
import { optionsSchema, type RedisOptions } from './options.ts';
import { startServer } from './server.ts';

/** Redis with Sentinel: real servers. */
export const redis: System<RedisOptions> = {
  name: 'redis',
  summary: 'Redis: a primary, replicas and Sentinels, as real processes (live world)',
  world: 'live',
  options: optionsSchema,
  roles: ({ servers }) => ({ server: servers }),
  start: (host, _role, setting) => startServer(host, setting),
  client: (host, setting) => new RedisClient(host, setting),
  // What its users take for granted. Its documentation promises less: see the README.
  claims: ({ servers }) => ({
    consistency: 'linearizable',
    durability: true,
    recoveryWithin: 30 * SECOND,
    // Sentinel turns a primary that comes back into a replica when it has been in touch for 8 s.
    ...(servers > 1 && { convergesWithin: 12 * SECOND }),
  }),
  tolerance: () => [...replicated(['server']), ...rows(STORAGE, { roles: ['server'], atOnce: 'all' })],
  flaws: [],
  operations: ['read', 'add', 'write', 'cas'],
  workload: () => ({ name: 'set' }),
  checkers: (_options, workload) => [
    ...(workload === 'set' ? [] : [{ name: 'durability' }, { name: 'linearizable' }, { name: 'corruption' }]),
    { name: 'assertions' },
    { name: 'availability' },
    { name: 'stats' },
  ],
  leaderNote: 'leader',
};
