import fc from 'fast-check';
import type { Nemesis } from '../harness/contract/index.ts';
import * as aims from './aims.ts';
import { nothing } from './compose.ts';
import { oneWay } from './grudges.ts';
import { aimedAt, hitHosts } from './hosts.ts';
import { choice, parametersSchema } from './parameters.ts';
import { twoSides } from './partition-nemesis.ts';

type OneWay = { readonly direction: 'out' | 'in' };

/**
 * Packets pass in one direction only: the targeted hosts are no longer heard by the others (`out`), or no longer hear them (`in`).
 * May break: every packet in that direction, acknowledgements of the other direction with them.
 * Must survive: packets in the other direction and among either side; all state. A leader that only speaks must step down.
 */
export const partitionOneWay: Nemesis<OneWay> = {
  name: 'partition-one-way',
  summary: 'packets from these hosts to the others, or from the others to these, are dropped',
  levers: ['partition'],
  targets: ['hosts', 'role', 'racks'],
  parameters: parametersSchema({
    direction: choice('which packets are dropped, as the targeted hosts see it', ['out', 'in'], 'out'),
  }),
  momentary: false,
  lasting: false,
  applicable: twoSides,
  arbitrary: (surroundings) =>
    fc.record({
      target: aims.hosts(surroundings),
      parameters: fc.record({ direction: fc.constantFrom('out' as const, 'in' as const) }),
    }),
  hits: hitHosts,
  apply(fault, scene) {
    const hosts = aimedAt(fault, scene);
    if (hosts.length === 0) return nothing('no host to aim at');
    return scene.levers.block(oneWay(hosts, scene.everyone, fault.parameters.direction));
  },
};
