import fc from 'fast-check';
import type { Nemesis, Topology } from '../harness/contract/index.ts';
import { bridge, othersThan } from './grudges.ts';
import { serverHosts } from './hosts.ts';
import { count, parametersSchema } from './parameters.ts';
import { sideOf, sides, smallerSide, twoSides } from './partition-nemesis.ts';

type Bridge = { readonly bridge: number };

/** The server that reaches both sides: one of those that are not on the targeted side. */
function over(side: readonly string[], topology: Topology, nth: number): string | undefined {
  const others = othersThan(side, serverHosts(topology));
  return others[nth % Math.max(1, others.length)];
}

/**
 * Two sides that hear nothing of each other, the targeted hosts and everyone else, but for one server of the others that
 * reaches both.
 * May break: every packet from one side to the other, except by way of the bridge.
 * Must survive: packets within a side and with the bridge; all state.
 */
export const partitionBridge: Nemesis<Bridge> = {
  name: 'partition-bridge',
  summary: 'two sides hear nothing of each other, but one server reaches both',
  levers: ['partition'],
  targets: ['hosts', 'racks'],
  parameters: parametersSchema({
    bridge: count('which of the servers that are not targeted is the bridge, counted round', 0, 10_000, 0),
  }),
  momentary: false,
  lasting: false,
  applicable: (surroundings) => twoSides(surroundings) && serverHosts(surroundings.topology).length > 2,
  arbitrary: (surroundings) =>
    fc.record({
      target: sides(surroundings),
      parameters: fc.record({ bridge: fc.nat({ max: serverHosts(surroundings.topology).length - 1 }) }),
    }),
  hits: (fault, topology) => {
    const side = sideOf(fault, topology);
    const nth = typeof fault.parameters.bridge === 'number' ? fault.parameters.bridge : 0;
    const reaching = over(side, topology, nth);
    return smallerSide(side, topology, reaching);
  },
  apply(fault, scene) {
    const side = sideOf(fault, scene.topology);
    const reaching = over(side, scene.topology, fault.parameters.bridge);
    return scene.levers.block(reaching === undefined ? [] : bridge(reaching, side, scene.everyone));
  },
};
