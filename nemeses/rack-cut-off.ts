import fc from 'fast-check';
import type { Nemesis, Surroundings } from '../harness/contract/index.ts';
import { halves } from './grudges.ts';
import { clientHosts, hostsInRacks } from './hosts.ts';
import { NO_PARAMETERS } from './parameters.ts';
import { sideOf, smallerSide } from './partition-nemesis.ts';

/** Racks with a server, whose loss is within what may be hit. */
export function bearableRacks({ topology, candidates, most }: Surroundings): string[] {
  const clients = new Set(clientHosts(topology));
  return topology.datacenters
    .flatMap(({ racks }) => racks)
    .map(({ name }) => name)
    .filter((rack) => {
      const servers = hostsInRacks(topology, [rack]).filter((host) => !clients.has(host));
      return (
        servers.length > 0 && servers.length <= most && servers.every((host) => candidates.includes(host))
      );
    });
}

/**
 * Every link that leaves the targeted racks is cut: up to the cluster and along the row. Their own switches go on.
 * May break: every packet between these racks and all others.
 * Must survive: packets among the hosts of these racks, clients included, and among the others; all state.
 */
export const rackCutOff: Nemesis<Record<string, never>> = {
  name: 'rack-cut-off',
  summary: 'racks lose every link to the rest; inside them everything works',
  levers: ['partition'],
  targets: ['racks'],
  parameters: NO_PARAMETERS,
  momentary: false,
  lasting: false,
  applicable: (surroundings) => bearableRacks(surroundings).length > 0,
  arbitrary: (surroundings) => {
    const racks = bearableRacks(surroundings);
    return fc.record({
      target: fc
        .shuffledSubarray(racks, { minLength: 1, maxLength: Math.max(1, Math.floor(racks.length / 2)) })
        .map((names) => ({ racks: names })),
      parameters: fc.constant({}),
    });
  },
  hits: (fault, topology) => smallerSide(sideOf(fault, topology), topology),
  apply: (fault, scene) => scene.levers.block(halves(sideOf(fault, scene.topology), scene.everyone)),
};
