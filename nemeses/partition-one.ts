import fc, { type Arbitrary } from 'fast-check';
import type { Nemesis, Scene, Surroundings, Target } from '../harness/contract/index.ts';
import { onlyOneHost } from './aims.ts';
import { nothing } from './compose.ts';
import { halves } from './grudges.ts';
import { aimedAt, clientHosts, hitHosts } from './hosts.ts';
import { count, parametersSchema } from './parameters.ts';
import { twoSides } from './partition-nemesis.ts';

export type Company = { readonly clients: number };

export const companySchema = parametersSchema({
  clients: count('how many clients, drawn when it happens, are cut off together with the host', 0, 10_000, 0),
});

/** None, or up to half of the clients. */
export function company({ topology }: Surroundings): Arbitrary<Company> {
  const half = Math.ceil(clientHosts(topology).length / 2);
  return fc.record({ clients: fc.oneof(fc.constant(0), fc.nat({ max: half })) });
}

/** The targeted hosts with so many clients on one side, everyone else on the other. */
export function sideWithCompany(hosts: readonly string[], { clients }: Company, scene: Scene): string[] {
  const apart = (scene.hosts.client ?? []).filter((client) => !hosts.includes(client));
  return [...hosts, ...scene.random.shuffle(apart).slice(0, clients)];
}

/**
 * One host hears nobody and is heard by nobody, but for the clients that are cut off together with it.
 * May break: every packet between it and the others; what it believes about them goes stale.
 * Must survive: packets among the others; all state. It must not go on deciding alone.
 */
export const partitionOne: Nemesis<Company> = {
  name: 'partition-one',
  summary: 'one host is cut off from everyone, perhaps with a few clients',
  levers: ['partition'],
  targets: ['hosts', 'role'],
  parameters: companySchema,
  momentary: false,
  lasting: false,
  applicable: twoSides,
  arbitrary: (surroundings) =>
    fc.record({
      target: onlyOneHost(surroundings) as Arbitrary<Target>,
      parameters: company(surroundings),
    }),
  hits: hitHosts,
  apply(fault, scene) {
    const hosts = aimedAt(fault, scene);
    if (hosts.length === 0) return nothing('no host to aim at');
    return scene.levers.block(halves(sideWithCompany(hosts, fault.parameters, scene), scene.everyone));
  },
};
