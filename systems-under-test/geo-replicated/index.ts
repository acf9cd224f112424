import { type Claims, SECOND, type System } from '../../harness/contract/index.ts';
import { makeClient } from './client.ts';
import { flaws } from './flaws.ts';
import { type GeoReplicatedOptions, optionsSchema } from './options.ts';
import { Site } from './site.ts';
import { tolerance } from './tolerance.ts';
import { topology } from './topology.ts';

const SYNCHRONOUS: Claims = { consistency: 'linearizable', durability: true, recoveryWithin: 10 * SECOND };
/** What the site that led had not sent yet is lost with it; copies agree nevertheless. */
const ASYNCHRONOUS: Claims = {
  consistency: 'eventual',
  durability: false,
  recoveryWithin: 10 * SECOND,
  convergesWithin: SECOND,
};

/** Several data centres, one of which leads; the others have copies, before or after a write is acknowledged. */
export const geoReplicated: System<GeoReplicatedOptions> = {
  name: 'geo-replicated',
  summary: 'data centres joined by cables, one of which leads; synchronous or asynchronous copies, failover',
  options: optionsSchema,
  variants: [{ sites: 5, checkpointBytes: 1024 }],
  roles: ({ sites }) => ({ server: sites }),
  topology,
  start: (host, _role, setting) => new Site(host, setting).run(),
  client: makeClient,
  claims: ({ mode }) => (mode === 'synchronous' ? SYNCHRONOUS : ASYNCHRONOUS),
  tolerance: () => tolerance,
  flaws,
  operations: ['read', 'write', 'cas'],
  workload: () => ({ name: 'register', options: { keys: 5 } }),
  checkers: ({ mode }) => [
    ...(mode === 'synchronous'
      ? [{ name: 'linearizable' }, { name: 'durability' }]
      : [{ name: 'convergence' }]),
    { name: 'corruption' },
    { name: 'assertions' },
    { name: 'agreement' },
    { name: 'availability' },
    // In a run with few operations no cas may meet the value that it expects.
    { name: 'stats', options: { ignore: ['cas'] } },
  ],
  leaderNote: 'leader',
};
