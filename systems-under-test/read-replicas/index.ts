import { type Claims, type Json, SECOND, type System } from '../../harness/contract/index.ts';
import { makeClient } from './client.ts';
import { flaws } from './flaws.ts';
import { Follower } from './follower.ts';
import { optionsSchema, type ReadReplicasOptions, type Session } from './options.ts';
import { tolerance } from './tolerance.ts';
import { Writer } from './writer.ts';

/** What the reads of one client promise each other; each replica shows a beginning of the writer's history. */
const CONSISTENCY: { readonly [session in Session]: string } = {
  none: 'eventual',
  sticky: 'monotonic-reads',
  tokens: 'sequential',
};

const SESSION_CHECKERS: {
  readonly [session in Session]: readonly { readonly name: string; readonly options?: Json }[];
} = {
  none: [],
  sticky: [{ name: 'session-guarantees', options: { guarantees: ['monotonic-reads'] } }],
  tokens: [{ name: 'session-guarantees' }, { name: 'sequential' }],
};

/** One server that writes, and read replicas that follow its log. */
export const readReplicas: System<ReadReplicasOptions> = {
  name: 'read-replicas',
  summary: 'one writer and read replicas that follow its log; sessions: none, sticky, tokens',
  options: optionsSchema,
  variants: [{ session: 'sticky' }, { recordsKept: 3, checkpointBytes: 1024 }],
  roles: ({ replicas }) => ({ writer: 1, replica: replicas }),
  start: (host, role, setting) =>
    role === 'writer' ? new Writer(host, setting).run() : new Follower(host, setting).run(),
  client: makeClient,
  claims: ({ session, maxLag }): Claims => ({
    consistency: CONSISTENCY[session],
    durability: true,
    recoveryWithin: 10 * SECOND,
    convergesWithin: SECOND,
    ...(maxLag > 0 && { stalenessWithin: maxLag }),
  }),
  tolerance: () => tolerance,
  flaws,
  operations: ['read', 'write', 'cas'],
  workload: () => ({ name: 'register', options: { keys: 5, readShare: 3 } }),
  checkers: ({ session }) => [
    ...SESSION_CHECKERS[session],
    { name: 'staleness' },
    { name: 'convergence' },
    { name: 'durability' },
    { name: 'corruption' },
    { name: 'assertions' },
    { name: 'agreement' },
    { name: 'availability' },
    { name: 'stats' },
  ],
};
