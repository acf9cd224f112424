import type { System, Tolerance, Workload } from '../contract/index.ts';

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
  operations: ['read', 'write'],
  workload: () => ({ name: 'registers', options: { keys: 4 } }),
  checkers: () => [{ name: 'linearizable' }],
};

export function withTolerance(tolerance: Tolerance): System<{ readonly nodes: number }> {
  return { ...fiveServers, tolerance: () => tolerance };
}

/** A workload that does nothing and needs these operations. */
export function workloadNamed(name: string, ...operations: readonly string[]): Workload {
  const nothing = { next: () => undefined, update: () => nothing };
  return {
    name,
    summary: 'does nothing',
    options: { type: 'object' },
    operations,
    main: () => nothing,
    final: () => nothing,
    checkers: () => [],
  };
}
