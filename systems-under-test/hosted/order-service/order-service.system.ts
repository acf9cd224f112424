import { SECOND } from 'sixways';
import { hosted } from 'sixways/hosted';
import { redis } from 'sixways/redis';

export default hosted<{ readonly fencing: boolean }>({
  name: 'order-service',
  summary: 'orders that are charged once each, under a lock with a lease (express, ioredis)',
  options: {
    type: 'object',
    additionalProperties: false,
    properties: { fencing: { type: 'boolean', default: false } },
  },
  programs: {
    api: {
      entry: './app/server.js',
      replicas: 2,
      env: ({ options }) => ({
        REDIS_HOST: 'redis',
        PAYMENTS_URL: 'http://payments:4000',
        FENCING: options.fencing ? 'on' : 'off',
      }),
    },
    payments: { entry: './app/payments.js', env: { LEDGER: '/data/ledger.jsonl' } },
    redis: redis({ settings: { appendonly: 'yes', appendfsync: 'always' } }),
  },
  client: './client.js',
  operations: ['add', 'read'],
  workload: { name: 'set', options: { attempts: 3, addShare: 19 } },
  checkers: [{ name: 'assertions' }, { name: 'availability' }],
  claims: { consistency: 'none', durability: true, recoveryWithin: 10 * SECOND },
  tolerance: [
    // What a lock with a lease is asked about first.
    { fault: 'pause-process', roles: ['api'], atOnce: 1, budget: 'servers', weight: 4 },
    ...['kill', 'crash', 'restart'].map((fault) => ({
      fault,
      roles: ['api'],
      atOnce: 1,
      budget: 'servers',
    })),
    { fault: 'restart', roles: ['payments'], atOnce: 1 },
    { fault: 'crash', roles: ['payments'], atOnce: 1 },
    ...['packet-loss', 'packet-delay', 'packet-duplicate', 'packet-reorder'].map((fault) => ({
      fault,
      atOnce: 'all' as const,
    })),
    ...['partition-halves', 'partition-one', 'switch-down'].map((fault) => ({
      fault,
      atOnce: 'all' as const,
    })),
  ],
});
