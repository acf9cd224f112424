import { type Json, MILLISECOND, SECOND, type System } from '../../harness/contract/index.ts';
import { makeClient } from './client.ts';
import { flaws } from './flaws.ts';
import { type InferenceRouterOptions, optionsSchema } from './options.ts';
import { startRouter } from './router.ts';
import { tolerance } from './tolerance.ts';
import { startWorker } from './worker.ts';

/** Workers of a language model with prefix caches, and a router that knows who has which prefix. */
export const inferenceRouter: System<InferenceRouterOptions> = {
  name: 'inference-router',
  summary: 'workers of a language model with prefix caches, behind a router by longest prefix and load',
  options: optionsSchema,
  roles: ({ workers }) => ({ router: 1, worker: workers }),
  start: (host, role, setting) =>
    role === 'router' ? startRouter(host, setting) : startWorker(host, setting),
  client: makeClient,
  claims: () => ({ consistency: 'a pure function', durability: false, recoveryWithin: 10 * SECOND }),
  tolerance: () => tolerance,
  flaws,
  operations: ['generate'],
  workload: () => ({ name: 'prompts' }),
  checkers: ({ requestTimeout }): { readonly name: string; readonly options?: Json }[] => [
    { name: 'assertions' },
    { name: 'availability' },
    {
      name: 'sla',
      options: {
        deadline: requestTimeout,
        scopes: [
          {
            name: 'before the faults',
            stage: 'before',
            availability: 0.9,
            latency: [{ percentile: 50, within: 300 * MILLISECOND }],
          },
        ],
      },
    },
    { name: 'token-stream' },
    { name: 'load-balance', options: { prefix: 'worker' } },
    { name: 'stats' },
  ],
};
