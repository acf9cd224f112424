import type { System, Tolerance } from '../contract/index.ts';

/** A system that does nothing, for tests of plans. Its servers are the option `nodes`. */
export const fiveServers: System<{ readonly nodes: number }> = {
  name: 'example',
  summary: 'does nothing',
  options: {
    type: 'object',
    properties: { nodes: { type: 'integer', minimum: 1, maximum: 99, default: 5 } },
    additionalProperties: false,
  },
  roles: ({ nodes }) => ({ server: nodes }),
  start() {},
  client: () => ({ invoke: async () => ({ type: 'fail', error: 'example' }) }),
  claims: () => ({ consistency: 'linearizable', durability: true, recoveryWithin: 5_000_000_000 }),
  tolerance: () => [],
  flaws: [{ name: 'forgets', summary: 'forgets', caughtBy: [] }],
  workload: () => ({ name: 'registers', options: { keys: 4 } }),
  checkers: () => [{ name: 'linearizable' }],
};

export function withTolerance(tolerance: Tolerance): System<{ readonly nodes: number }> {
  return { ...fiveServers, tolerance: () => tolerance };
}
