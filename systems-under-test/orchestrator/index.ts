import type { System } from '../../harness/contract/index.ts';
import { Agent } from './agent.ts';
import { OrchestratorClient } from './client.ts';
import { startController } from './controller.ts';
import { flaws } from './flaws.ts';
import { type OrchestratorOptions, optionsSchema } from './options.ts';
import { startResource } from './resource.ts';
import { claims, toleranceOf } from './tolerance.ts';

/** A fleet shared among services: a replicated control plane places one instance of each, with leases and fencing tokens. */
export const orchestrator: System<OrchestratorOptions> = {
  name: 'orchestrator',
  summary:
    'a control plane that runs one instance of each service on a fleet, with leases and fencing tokens',
  options: optionsSchema,
  roles: ({ controllers, agents, resources }) => ({
    controller: controllers,
    agent: agents,
    resource: resources,
  }),
  start(host, role, setting) {
    if (role === 'controller') return startController(host, setting);
    if (role === 'resource') return startResource(host, setting);
    new Agent(host, setting).start();
  },
  client: (host, setting) => new OrchestratorClient(host, setting),
  claims: () => claims,
  tolerance: toleranceOf,
  flaws,
  operations: ['read', 'write', 'cas'],
  workload: () => ({ name: 'register', options: { keys: 5 } }),
  checkers: () => [
    { name: 'linearizable' },
    { name: 'assertions' },
    { name: 'agreement' },
    { name: 'durability' },
    { name: 'corruption' },
    { name: 'availability' },
    // In a run with few operations no cas may meet the value that it expects.
    { name: 'stats', options: { ignore: ['cas'] } },
  ],
  leaderNote: 'leader',
};
