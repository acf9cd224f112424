import fc from 'fast-check';
import type { Nemesis, Surroundings, Topology } from '../harness/contract/index.ts';
import { NO_PARAMETERS } from './parameters.ts';
import { bearable } from './reachability.ts';
import { switchDown } from './switch-down.ts';

function clusterSwitches({ name, clusterSwitches }: Topology['datacenters'][number]): string[] {
  return Array.from({ length: clusterSwitches }, (_, nth) => `${name}/cluster-${nth + 1}`);
}

/** For each data centre whose rows may be parted, its cluster switches. */
function bearableSets(surroundings: Surroundings): string[][] {
  const { topology } = surroundings;
  return topology.datacenters
    .map(clusterSwitches)
    .filter((names) => names.length > 0 && bearable(topology, { switches: names, cables: [] }, surroundings));
}

/**
 * All redundant cluster switches of a data centre fail together, as in an upgrade that went wrong. Each row of racks can still
 * talk among itself and with nobody else: a partition that nobody asked for.
 * May break: every packet from row to row, and from data centre to data centre.
 * Must survive: packets within a row; all state.
 */
export const clusterSwitchesDown: Nemesis<Record<string, never>> = {
  name: 'cluster-switches-down',
  summary: 'all cluster switches of a data centre fail; its rows of racks are parted',
  levers: ['switch'],
  targets: ['switches'],
  parameters: NO_PARAMETERS,
  momentary: false,
  lasting: false,
  applicable: (surroundings) => bearableSets(surroundings).length > 0,
  arbitrary: (surroundings) =>
    fc.record({
      target: fc.constantFrom(...bearableSets(surroundings)).map((names) => ({ switches: names })),
      parameters: fc.constant({}),
    }),
  hits: switchDown.hits,
  apply: switchDown.apply,
};
