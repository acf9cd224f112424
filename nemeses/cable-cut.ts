import fc from 'fast-check';
import type { Nemesis, Surroundings } from '../harness/contract/index.ts';
import { nothing, together } from './compose.ts';
import { NO_PARAMETERS } from './parameters.ts';
import { bearable, cutOffServers } from './reachability.ts';

function bearableCables(surroundings: Surroundings): string[] {
  const { topology } = surroundings;
  return topology.cables
    .map(({ name }) => name)
    .filter((name) => bearable(topology, { switches: [], cables: [name] }, surroundings));
}

/**
 * Cables between data centres are cut, by a digger or an anchor. Packets take a detour over other data centres where there is one.
 * May break: packets under way in them; latency by the detour; without one, every packet between the parts.
 * Must survive: packets inside each data centre; all state.
 */
export const cableCut: Nemesis<Record<string, never>> = {
  name: 'cable-cut',
  summary: 'cables between data centres are cut; packets take a detour where there is one',
  levers: ['cable'],
  targets: ['cables'],
  parameters: NO_PARAMETERS,
  momentary: false,
  lasting: false,
  applicable: (surroundings) => bearableCables(surroundings).length > 0,
  arbitrary: (surroundings) =>
    fc.record({
      target: fc
        .shuffledSubarray(bearableCables(surroundings), { minLength: 1 })
        .map((names) => ({ cables: names })),
      parameters: fc.constant({}),
    }),
  hits: ({ target }, topology) =>
    'cables' in target ? cutOffServers(topology, { switches: [], cables: target.cables }) : [],
  apply({ target }, { levers }) {
    if (!('cables' in target) || target.cables.length === 0) return nothing('no cable to aim at');
    return together(target.cables.map((name) => levers.cableDown(name)));
  },
};
