import { SECOND, type Tolerance } from 'sixways';
import { hosted } from 'sixways/hosted';
import { redis } from 'sixways/redis';

interface Options {
  readonly points: number;
  /** Each server counts by itself while it cannot reach Redis. */
  readonly insurance: boolean;
}

const FILE = 'rate-limiter-flexible/lib/RateLimiterRedis.js';

const network = (faults: readonly string[]): Tolerance =>
  faults.map((fault) => ({ fault, atOnce: 'all' }) as const);
const one = (faults: readonly string[], roles: readonly string[]): Tolerance =>
  faults.map((fault) => ({ fault, roles, atOnce: 1, budget: 'servers' }) as const);

/** Servers that count what each customer asks with the package rate-limiter-flexible, in Redis. */
export default hosted<Options>({
  name: 'rate-limiter',
  summary: 'answers that are counted over several servers (rate-limiter-flexible 11.4.0, express, ioredis)',
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      points: { type: 'integer', minimum: 1, default: 1_000_000 },
      insurance: { type: 'boolean', default: false },
    },
  },
  programs: {
    api: {
      entry: './app/server.js',
      replicas: 2,
      env: ({ options }) => ({
        REDIS_HOST: 'redis',
        POINTS: options.points,
        INSURANCE: options.insurance ? 'on' : 'off',
      }),
    },
    redis: redis({ settings: { appendonly: 'yes', appendfsync: 'always' } }),
  },
  client: './client.js',
  operations: ['generate'],
  workload: { name: 'unique-ids', options: { keys: 2 } },
  claims: { recoveryWithin: 10 * SECOND },
  tolerance: [
    ...network(['packet-loss', 'packet-delay', 'packet-duplicate', 'packet-reorder']),
    ...network(['partition-halves', 'partition-one', 'partition-one-way', 'switch-down']),
    ...one(['kill', 'restart', 'crash', 'power-loss', 'pause-process'], ['api', 'redis']),
    // A program that starts meanwhile takes all of its start at that pace.
    { fault: 'slow-host', roles: ['api', 'redis'], atOnce: 1, budget: 'servers', parameters: { factor: 50 } },
    ...one(['freeze-machine'], ['api', 'redis']),
  ],
  flaws: [
    {
      name: 'reads-then-writes',
      summary: 'the count is read, and written one higher, instead of being incremented where it is',
      caughtBy: [{ checker: 'unique-ids', anomaly: 'duplicate-id' }],
      edits: [
        {
          file: FILE,
          find: `        return this.client.rlflxIncr(
          [rlKey]`,
          replace: `        const count = Number(await this.client.get(rlKey)) + points;
        await this.client.set(rlKey, count, 'EX', secDuration);
        return [count, msDuration];
        return this.client.rlflxIncr(
          [rlKey]`,
        },
      ],
    },
    {
      name: 'begins-again',
      summary: 'the first count of a window is written without looking whether there is one',
      caughtBy: [{ checker: 'unique-ids', anomaly: 'duplicate-id' }],
      edits: [{ file: FILE, find: `'EX', ARGV[2], 'NX')`, replace: `'EX', ARGV[2])` }],
    },
  ],
});
