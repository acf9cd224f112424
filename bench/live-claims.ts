import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../harness/contract/index.ts';

const SECOND = 1e9;

interface Fault {
  readonly at: number;
  readonly for: number;
  readonly fault: string;
  /** The leader if absent. */
  readonly target?: Json;
  readonly parameters?: { readonly [name: string]: Json };
}

/** A statement about a real server, the plan that shows it, and what the verdict must be. */
export interface LiveClaim {
  readonly claim: string;
  /** Commands that must be installed. */
  readonly needs: readonly string[];
  readonly plan: Json;
  /** Description of a server that is not among ours, instead of the system that the plan names. */
  readonly server?: string;
  /** Nothing wrong is found, or what is found is exactly of these kinds (`checker: anomaly`). */
  readonly finds: readonly string[];
}

interface Run {
  readonly options?: Json;
  readonly workload?: { readonly name: string; readonly options?: Json };
  readonly clients?: number;
  readonly rate?: number;
  readonly seconds: number;
  /** Each must bite. */
  readonly faults?: readonly Fault[];
}

const LEADER = { role: 'leader', index: 0 };

function planOf(
  system: string,
  { options = {}, workload, clients = 5, rate = 60, seconds, faults = [] }: Run,
): Json {
  return {
    sixways: 1,
    seed: 1,
    system: { name: system, options, flaws: [] },
    workload: {
      ...(workload?.name !== undefined && { name: workload.name }),
      ...(workload?.options !== undefined && { options: workload.options }),
      clients,
      rate,
    },
    phases: { warmUp: SECOND, faults: seconds * SECOND },
    schedule: faults.map(({ at, for: length, fault, target = LEADER, parameters = {} }) => ({
      at: at * SECOND,
      for: length * SECOND,
      fault,
      target,
      parameters,
      mustBite: true,
    })),
  };
}

const NETWORK = ['ip', 'nft'] as const;
/** The leader is cut off, with some clients that go on believing it. */
const cut = (length: number, clients = 2): Fault => ({
  at: 1,
  for: length,
  fault: 'partition-primary',
  parameters: { clients },
});
/** The cache is cut off from the store and from those who write past it, with some clients that go on reading it. */
const cacheCut: Fault = {
  at: 0.5,
  for: 4,
  fault: 'partition-one',
  target: { hosts: ['cache1'] },
  parameters: { clients: 2 },
};
/** The power fails between two syncs of once a second, and what was not synced is lost. */
const powerCut: Fault = { at: 2.6, for: 1, fault: 'lost-writes' };
/** Short transactions on few keys: conflicts are what is looked for. */
const contended = (name: string) => ({ name, options: { keys: 3, opsMin: 2, opsMax: 4 } });

export const liveClaims: readonly LiveClaim[] = [
  {
    claim: 'redis loses acknowledged writes when its primary is cut off',
    needs: [...NETWORK, 'redis-server'],
    plan: planOf('redis', { seconds: 7, faults: [cut(5)] }),
    finds: ['set-full: lost'],
  },
  {
    claim: 'etcd is linearizable under a partition, a kill and a pause of its leader, and when a switch dies',
    needs: [...NETWORK, 'etcd'],
    plan: planOf('etcd', {
      seconds: 14,
      faults: [
        cut(3),
        { at: 6, for: 1, fault: 'kill' },
        { at: 8.5, for: 2, fault: 'pause-process' },
        { at: 11.5, for: 1.5, fault: 'switch-down', target: { switches: ['r1/switch'] } },
      ],
    }),
    finds: [],
  },
  {
    claim: 'etcd is linearizable when packets of its leader are late, doubled, corrupted and out of order',
    needs: [...NETWORK, 'etcd', 'gcc'],
    plan: planOf('etcd', {
      seconds: 5,
      faults: [
        { at: 0.2, for: 1, fault: 'packet-delay', parameters: { delay: 40_000_000, jitter: 20_000_000 } },
        { at: 1.4, for: 1, fault: 'packet-duplicate' },
        { at: 2.6, for: 1, fault: 'wire-bit-flip' },
        { at: 3.8, for: 1, fault: 'packet-reorder' },
      ],
    }),
    finds: [],
  },
  {
    claim: 'etcd reads stale values when reads are serializable',
    needs: [...NETWORK, 'etcd'],
    plan: planOf('etcd', { options: { serializable: true }, seconds: 7, faults: [cut(5)] }),
    finds: ['linearizable: nonlinearizable'],
  },
  {
    claim: 'postgresql with asynchronous replication loses acknowledged writes in a failover',
    needs: [...NETWORK, 'initdb'],
    plan: planOf('postgresql', { options: { replication: 'asynchronous' }, seconds: 7, faults: [cut(5)] }),
    finds: ['set-full: lost'],
  },
  {
    claim: 'postgresql with synchronous replication does not',
    needs: [...NETWORK, 'initdb'],
    plan: planOf('postgresql', { options: { replication: 'synchronous' }, seconds: 7, faults: [cut(5)] }),
    finds: [],
  },
  {
    claim: 'postgresql at read committed loses updates',
    needs: [...NETWORK, 'initdb'],
    plan: planOf('postgresql', {
      options: { isolation: 'read-committed', judgedBy: 'cursor-stability' },
      workload: contended('rw-register'),
      rate: 200,
      seconds: 5,
    }),
    finds: ['rw-register: lost-update'],
  },
  {
    claim: 'postgresql at repeatable read permits write skew, and nothing that snapshot isolation forbids',
    needs: [...NETWORK, 'initdb'],
    plan: planOf('postgresql', {
      options: { isolation: 'repeatable-read', judgedBy: 'serializable' },
      workload: contended('list-append'),
      rate: 200,
      seconds: 5,
    }),
    finds: ['list-append: G2-item', 'list-append: G-nonadjacent'],
  },
  {
    claim: 'postgresql at serializable permits none',
    needs: [...NETWORK, 'initdb'],
    plan: planOf('postgresql', {
      options: { isolation: 'serializable' },
      workload: contended('list-append'),
      rate: 200,
      seconds: 5,
    }),
    finds: [],
  },
  {
    claim: 'a cache that is cut off with some of its readers serves stale values: invalidations are lost',
    needs: [...NETWORK, 'initdb', 'memcached'],
    plan: planOf('memcached', {
      // Whoever is cut off is soon back for another read, whoever is not for another write.
      options: { requestTimeout: 300_000_000, cacheTimeout: 100_000_000 },
      workload: { name: 'register', options: { keys: 5, readShare: 2, writeShare: 1, casShare: 0 } },
      seconds: 6,
      rate: 200,
      faults: [{ ...cacheCut, for: 5 }],
    }),
    finds: ['staleness: stale-read'],
  },
  {
    claim: 'entries that expire bound the staleness',
    needs: [...NETWORK, 'initdb', 'memcached'],
    plan: planOf('memcached', {
      options: { mode: 'write-through', ttl: 1 },
      seconds: 6,
      rate: 100,
      faults: [cacheCut],
    }),
    finds: [],
  },
  {
    claim: 'redis that syncs once a second loses what it acknowledged before a loss of power',
    needs: [...NETWORK, 'redis-server', 'gcc'],
    plan: planOf('redis', { options: { servers: 1 }, seconds: 5, faults: [powerCut] }),
    finds: ['set-full: lost'],
  },
  {
    claim: 'redis that syncs before each reply does not',
    needs: [...NETWORK, 'redis-server', 'gcc'],
    plan: planOf('redis', {
      options: { servers: 1, appendfsync: 'always' },
      seconds: 5,
      faults: [{ at: 0.2, for: 0.5, fault: 'disk-slow', parameters: { factor: 10 } }, powerCut],
    }),
    finds: [],
  },
  {
    claim: 'postgresql that acknowledges commits before they are synced loses some with the power',
    needs: [...NETWORK, 'initdb', 'gcc'],
    plan: planOf('postgresql', {
      options: { synchronousCommit: 'off' },
      workload: { name: 'set' },
      seconds: 5,
      faults: [powerCut],
    }),
    finds: ['set-full: lost'],
  },
  {
    claim: 'postgresql that syncs them first loses none, when syncs fail and when pages are torn',
    needs: [...NETWORK, 'initdb', 'gcc'],
    plan: planOf('postgresql', {
      workload: { name: 'set' },
      seconds: 7,
      faults: [
        { at: 1, for: 1, fault: 'sync-failure' },
        { ...powerCut, at: 4, fault: 'crash' },
      ],
    }),
    finds: [],
  },
  {
    claim: 'the server of the README that is not among ours serves stale values when its store is cut off',
    needs: [...NETWORK, 'nginx'],
    server: serverOfReadme(),
    plan: planOf('nginx', {
      workload: { name: 'register', options: { casShare: 0 } },
      seconds: 7,
      faults: [{ at: 0.5, for: 5.5, fault: 'partition-one', target: { hosts: ['n1'] } }],
    }),
    finds: ['staleness: stale-read'],
  },
];

/** The JSON of the section "Test your own server". */
function serverOfReadme(): string {
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
  const section = readme.slice(readme.indexOf('\n## Test your own server\n'));
  return /```json\n([\s\S]*?)```/.exec(section)![1]!;
}
