import fc, { type Arbitrary } from 'fast-check';
import type { Lever, Nemesis, PacketRule, Pairs } from '../harness/contract/index.ts';
import * as aims from './aims.ts';
import { nothing } from './compose.ts';
import { between, othersThan } from './grudges.ts';
import { aimedAt, hitHosts } from './hosts.ts';
import type { Parameters } from './parameters.ts';

/** What the file of a fault of packets has to say. */
export interface PacketFault<P extends Parameters> {
  readonly name: string;
  readonly summary: string;
  readonly lever: Lever;
  readonly parameters: Nemesis['parameters'];
  readonly values: Arbitrary<P>;
  /** What happens to packets, on all pairs of a targeted host and another. */
  rule(parameters: P): Omit<PacketRule, 'pairs'>;
}

/** Both directions between each targeted host and every other host, each pair once. */
export function around(targeted: readonly string[], everyone: readonly string[]): Pairs {
  const others = othersThan(targeted, everyone);
  return targeted.flatMap((host, nth) => between([host], [...targeted.slice(nth + 1), ...others]));
}

/** A nemesis that impairs the packets from and to each host that it aims at. */
export function packetNemesis<P extends Parameters>(fault: PacketFault<P>): Nemesis<P> {
  return {
    name: fault.name,
    summary: fault.summary,
    levers: [fault.lever],
    targets: ['hosts', 'role', 'racks', 'datacenters'],
    parameters: fault.parameters,
    momentary: false,
    lasting: false,
    applicable: aims.someHost,
    arbitrary: (surroundings) => fc.record({ target: aims.hosts(surroundings), parameters: fault.values }),
    hits: hitHosts,
    apply(scheduled, scene) {
      const hosts = aimedAt(scheduled, scene);
      if (hosts.length === 0) return nothing('no host to aim at');
      const rule = fault.rule(scheduled.parameters);
      return scene.levers.impair({ pairs: around(hosts, scene.everyone), ...rule });
    },
  };
}
