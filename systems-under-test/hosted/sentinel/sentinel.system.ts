import { hosted } from 'sixways/hosted';
import { redis } from 'sixways/redis';

/** Users with an unmodified ioredis, and a primary with two replicas and sentinels: the simulated twin of the live system `redis`. */
export default hosted({
  name: 'sentinel',
  summary: 'a look-alike of Redis: a primary, replicas and sentinels; users with ioredis',
  programs: {
    redis: redis({
      replicas: 3,
      settings: { appendonly: 'yes', appendfsync: 'always' },
      sentinel: { downAfter: 1000, failoverTimeout: 5000 },
    }),
  },
  client: './client.ts',
  operations: ['read', 'add', 'write', 'cas'],
  workload: { name: 'set' },
  // What users of Redis take for granted; its documentation promises less.
  claims: { consistency: 'linearizable', durability: true },
});
