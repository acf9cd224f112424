import fc from 'fast-check';
import type { Nemesis } from '../harness/contract/index.ts';
import { leader, leaderMayBeHit } from './aims.ts';
import { nothing } from './compose.ts';
import { halves } from './grudges.ts';
import { aimedAt, hitHosts, serverHosts } from './hosts.ts';
import { type Company, company, companySchema, sideWithCompany } from './partition-one.ts';

/**
 * Whoever leads at the moment is cut off from everyone, but for some clients that go on believing it.
 * May break: every packet between the leader and the others.
 * Must survive: packets among the others, who may choose another leader; all state. The old one must not go on deciding,
 * nor answer reads from what it remembers.
 */
export const partitionPrimary: Nemesis<Company> = {
  name: 'partition-primary',
  summary: 'whoever leads at the moment is cut off from everyone, perhaps with a few clients',
  levers: ['partition'],
  targets: ['role', 'hosts'],
  parameters: companySchema,
  momentary: false,
  lasting: false,
  applicable: (surroundings) => leaderMayBeHit(surroundings) && serverHosts(surroundings.topology).length > 1,
  arbitrary: (surroundings) => fc.record({ target: leader(surroundings), parameters: company(surroundings) }),
  hits: hitHosts,
  apply(fault, scene) {
    const hosts = aimedAt(fault, scene);
    if (hosts.length === 0) return nothing('no host to aim at');
    return scene.levers.block(halves(sideWithCompany(hosts, fault.parameters, scene), scene.everyone));
  },
};
