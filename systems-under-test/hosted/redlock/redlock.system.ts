import { MILLISECOND, SECOND, type Tolerance } from 'sixways';
import { hosted } from 'sixways/hosted';
import { redis } from 'sixways/redis';

interface Options {
  /** The servers have an append-only file, synced at each command; without, one that restarts is empty. */
  readonly durable: boolean;
  /** A lock counts as held until it is given back, however long its lease is over. */
  readonly beyondLease: boolean;
}

const SERVERS = 3;
/** What `client.js` asks for, less what the package allows for clocks: 1 % and 2 ms. Counted from the request. */
const LEASE = 988 * MILLISECOND;
const FILE = 'redlock/redlock.js';
const quorum = (comment: string, votes: string): string => `const quorum = ${votes};

		// the number of servers which have agreed to ${comment}`;

const network = (faults: readonly string[]): Tolerance =>
  faults.map((fault) => ({ fault, atOnce: 'all' }) as const);
const minority = (faults: readonly string[]): Tolerance =>
  faults.map((fault) => ({ fault, roles: ['redis'], atOnce: 'minority', budget: 'servers' }) as const);

/** Workers that lock with the package redlock, on three independent servers that speak Redis's protocol. */
export default hosted<Options>({
  name: 'redlock',
  summary: 'locks on three independent servers (redlock 4.2.0, ioredis)',
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      durable: { type: 'boolean', default: true },
      beyondLease: { type: 'boolean', default: false },
    },
  },
  programs: {
    redis: {
      replicas: SERVERS,
      start: (host, role, setting) =>
        redis({
          independent: true,
          settings: setting.options.durable ? { appendonly: 'yes', appendfsync: 'always' } : {},
        }).start(host, role, setting),
    },
  },
  client: {
    entry: './client.js',
    env: ({ hosts }) => ({ REDIS_SERVERS: (hosts.redis ?? []).join(',') }),
  },
  operations: ['acquire', 'release'],
  workload: { name: 'lock' },
  checkers: ({ beyondLease }) => [
    { name: 'fenced-lock', ...(!beyondLease && { options: { lease: LEASE } }) },
  ],
  claims: { recoveryWithin: 10 * SECOND },
  tolerance: [
    ...network(['packet-loss', 'packet-delay', 'packet-duplicate', 'packet-reorder']),
    ...network(['partition-halves', 'partition-one', 'partition-one-way', 'switch-down']),
    ...minority(['kill', 'restart', 'crash', 'power-loss', 'freeze-machine', 'pause-process', 'slow-host']),
    // Within the driftFactor: a hundredth of the lease.
    { fault: 'clock-drift', roles: ['redis'], atOnce: 'all', parameters: { ppm: 2000 } },
    { fault: 'pause-process', roles: ['client'], atOnce: 1 },
  ],
  flaws: [
    {
      name: 'one-vote',
      summary: 'one server that agrees is enough for a lock, instead of a majority',
      caughtBy: [{ checker: 'fenced-lock', anomaly: 'double-hold' }],
      edits: [
        {
          file: FILE,
          find: quorum('this lock', 'Math.floor(self.servers.length / 2) + 1').replaceAll(
            '\n\t\t',
            '\n\t\t\t',
          ),
          replace: quorum('this lock', '1').replaceAll('\n\t\t', '\n\t\t\t'),
        },
      ],
    },
    {
      name: 'refusals-count',
      summary: 'a server that refuses is counted as one that agrees',
      caughtBy: [{ checker: 'fenced-lock', anomaly: 'double-hold' }],
      edits: [
        {
          file: FILE,
          find: `if(response === resource.length || response === '' + resource.length) votes++;`,
          replace: 'if(!err) votes++;',
        },
      ],
    },
    {
      name: 'unlocks-all',
      summary: 'whoever gives up a lock deletes it on the servers, whosever it is',
      caughtBy: [{ checker: 'fenced-lock', anomaly: 'double-hold' }],
      edits: [
        {
          file: FILE,
          find: `-- Only remove entries for *this* lock value.
		if redis.call("get", key) == ARGV[1] then`,
          replace: `if redis.call("exists", key) == 1 then`,
        },
      ],
    },
  ],
});
