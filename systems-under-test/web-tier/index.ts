import { type Json, MILLISECOND, SECOND, type System } from '../../harness/contract/index.ts';
import { DurableStore } from '../shared/durable-store.ts';
import { serve } from '../shared/serve.ts';
import { plainTable } from '../shared/value-table.ts';
import { startAutoscaler } from './autoscaler.ts';
import { startBalancer } from './balancer.ts';
import { makeClient } from './client.ts';
import { flaws } from './flaws.ts';
import { startFrontEnd } from './front-end.ts';
import { frontHosts, optionsSchema, scales, type WebTierOptions } from './options.ts';
import { tolerance } from './tolerance.ts';

/** Operations that do not change registers. */
const harmless = ['visit'];

/** Stateless front ends behind load balancers, before a small store. */
export const webTier: System<WebTierOptions> = {
  name: 'web-tier',
  summary: 'stateless front ends behind load balancers, with admission control, autoscaler and retry budgets',
  options: optionsSchema,
  roles: (options) => ({
    balancer: options.balancers,
    front: frontHosts(options),
    store: 1,
    ...(scales(options) && { autoscaler: 1 }),
  }),
  async start(host, role, setting) {
    if (role === 'balancer') return startBalancer(host, setting);
    if (role === 'front') return startFrontEnd(host, setting);
    if (role === 'autoscaler') return startAutoscaler(host, setting);
    const store = new DurableStore(host, plainTable(), { checkpointBytes: setting.options.checkpointBytes });
    serve(host, (command) => store.execute(command));
    await store.open();
  },
  client: makeClient,
  claims: () => ({ consistency: 'linearizable', durability: true, recoveryWithin: 10 * SECOND }),
  tolerance,
  flaws,
  operations: ['visit', 'read', 'write', 'cas'],
  workload: () => ({ name: 'requests' }),
  checkers: ({ patience }): { readonly name: string; readonly options?: Json }[] => [
    { name: 'linearizable', options: { harmless } },
    { name: 'durability', options: { harmless } },
    { name: 'corruption', options: { harmless } },
    { name: 'assertions' },
    { name: 'availability' },
    {
      name: 'sla',
      options: {
        deadline: patience,
        scopes: [
          {
            name: 'before the faults',
            stage: 'before',
            availability: 0.8,
            latency: [{ percentile: 50, within: 200 * MILLISECOND }],
          },
        ],
      },
    },
    { name: 'goodput', options: { deadline: patience } },
    { name: 'load-balance', options: { prefix: 'front' } },
    { name: 'stats' },
  ],
};
