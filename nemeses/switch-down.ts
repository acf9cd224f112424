import fc from 'fast-check';
import type { Nemesis, Surroundings } from '../harness/contract/index.ts';
import { nothing, together } from './compose.ts';
import { NO_PARAMETERS } from './parameters.ts';
import { bearable, cutOffServers, switches } from './reachability.ts';

/** Switches whose failure alone is within what may be hit; gateways matter only where there are cables. */
function bearableSwitches(surroundings: Surroundings): string[] {
  const { topology } = surroundings;
  return switches(topology).filter(
    (name) =>
      (topology.cables.length > 0 || !name.endsWith('/gateway')) &&
      bearable(topology, { switches: [name], cables: [] }, surroundings),
  );
}

/**
 * The named switches fail: of racks, of clusters, or gateways. Packets take another way where one is left.
 * May break: packets under way in them; whatever has no other way. A rack's switch cuts off each of its hosts, even from each other.
 * Must survive: everything with another way; all state. One cluster switch of several is hardly noticed.
 */
export const switchDown: Nemesis<Record<string, never>> = {
  name: 'switch-down',
  summary: 'switches fail; packets take another way where one is left',
  levers: ['switch'],
  targets: ['switches'],
  parameters: NO_PARAMETERS,
  momentary: false,
  lasting: false,
  applicable: (surroundings) => bearableSwitches(surroundings).length > 0,
  arbitrary: (surroundings) => {
    const single = bearableSwitches(surroundings);
    const several = fc.shuffledSubarray(single, { minLength: 1, maxLength: Math.min(4, single.length) });
    return fc.record({
      target: fc.oneof(
        fc.constantFrom(...single).map((name) => ({ switches: [name] })),
        several.map((names) => ({ switches: names })),
      ),
      parameters: fc.constant({}),
    });
  },
  hits: ({ target }, topology) =>
    'switches' in target ? cutOffServers(topology, { switches: target.switches, cables: [] }) : [],
  apply({ target }, { levers }) {
    if (!('switches' in target) || target.switches.length === 0) return nothing('no switch to aim at');
    return together(target.switches.map((name) => levers.switchDown(name)));
  },
};
