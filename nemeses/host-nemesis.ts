import fc, { type Arbitrary } from 'fast-check';
import type { Applied, Lever, Levers, Nanos, Nemesis } from '../harness/contract/index.ts';
import * as aims from './aims.ts';
import { nothing, together } from './compose.ts';
import { aimedAt, hitHosts } from './hosts.ts';
import type { Parameters } from './parameters.ts';

/** What the file of a fault that breaks hosts one by one has to say. */
export interface HostFault<P extends Parameters> {
  readonly name: string;
  readonly summary: string;
  readonly lever: Lever | readonly Lever[];
  readonly parameters: Nemesis['parameters'];
  readonly lengths?: readonly [Nanos, Nanos];
  readonly momentary?: boolean;
  readonly lasting?: boolean;
  readonly revealedBy?: readonly string[];
  readonly weight?: number;
  /** Values of the parameters, shrinking towards the milder. */
  readonly values: Arbitrary<P>;
  /** Breaks one host, for this `length`; until somebody heals it, if that is not known. */
  act(levers: Levers, host: string, parameters: P, length: Nanos | undefined): Applied;
}

/** A nemesis that pulls one lever at each host that it aims at: by name, by rack, by data centre or whoever leads. */
export function hostNemesis<P extends Parameters>(fault: HostFault<P>): Nemesis<P> {
  return {
    name: fault.name,
    summary: fault.summary,
    levers: [fault.lever].flat(),
    targets: ['hosts', 'role', 'racks', 'datacenters'],
    parameters: fault.parameters,
    momentary: fault.momentary ?? false,
    lasting: fault.lasting ?? false,
    ...(fault.revealedBy ? { revealedBy: fault.revealedBy } : {}),
    ...(fault.weight ? { weight: fault.weight } : {}),
    ...(fault.lengths ? { lengths: fault.lengths } : {}),
    applicable: aims.someHost,
    arbitrary: (surroundings) => fc.record({ target: aims.hosts(surroundings), parameters: fault.values }),
    hits: hitHosts,
    apply(scheduled, scene) {
      const hosts = aimedAt(scheduled, scene);
      if (hosts.length === 0) return nothing('no host to aim at');
      const { parameters } = scheduled;
      return together(hosts.map((host) => fault.act(scene.levers, host, parameters, scheduled.for)));
    },
  };
}

/** For faults without parameters. */
export const none: Arbitrary<Record<string, never>> = fc.constant({});
