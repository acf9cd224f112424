import type { Json, System } from '../../harness/contract/index.ts';
import { claims, isLinearizable, isRegular, tolerance } from './claims.ts';
import { QuorumClient } from './client.ts';
import { ATOMIC, flaws } from './flaws.ts';
import { optionsSchema, type QuorumOptions } from './options.ts';
import { startServer } from './server.ts';

export type { QuorumOptions } from './options.ts';

/** n copies of each key, of which a read asks r and a write changes w: Dynamo and its descendants. */
export const quorum: System<QuorumOptions> = {
  name: 'quorum',
  summary:
    'a ring of replicas with quorums N, R, W; siblings or last write wins; hinted hand-off, read repair, anti-entropy',
  options: optionsSchema,
  variants: [ATOMIC, { quorum: 'strict', checkpointBytes: 1024 }],
  roles: ({ servers }) => ({ server: servers }),
  start: (host, _role, setting) => startServer(host, setting),
  client: (host, setting) => new QuorumClient(host, setting),
  claims,
  tolerance,
  flaws,
  operations: ['read', 'write', 'get', 'put', 'add'],
  workload({ resolution }) {
    const [name, options]: readonly [string, Json] =
      resolution === 'version-vectors' ? ['siblings', { keys: 4 }] : ['register', { keys: 5, casShare: 0 }];
    return { name, options };
  },
  checkers: (options, workload) => [
    ...(workload === 'register' ? registerCheckers(options) : []),
    ...(workload === 'siblings' && isRegular(options)
      ? [{ name: 'siblings', options: { recent: true } }]
      : []),
    { name: 'assertions' },
    { name: 'agreement' },
    { name: 'availability' },
    { name: 'stats' },
  ],
};

function registerCheckers(options: QuorumOptions) {
  return [
    ...(isLinearizable(options) ? [{ name: 'linearizable' }] : []),
    { name: 'durability' },
    { name: 'corruption' },
    { name: 'staleness' },
    // With siblings a copy may agree with the others and show nothing to a reader of registers.
    ...(options.resolution === 'last-write-wins' ? [{ name: 'convergence' }] : []),
  ];
}
