import fc from 'fast-check';
import type { Nemesis } from '../harness/contract/index.ts';
import { bridge } from './grudges.ts';
import { serverHosts } from './hosts.ts';
import { NO_PARAMETERS } from './parameters.ts';
import { sideOf, sides, smallerSide, twoSides } from './partition-nemesis.ts';

/**
 * Two sides that hear nothing of each other, and one host that reaches both: the first of the target. The other targeted
 * hosts are one side, everyone else the other.
 * May break: every packet from one side to the other, except by way of the bridge.
 * Must survive: packets within a side and with the bridge; all state.
 */
export const partitionBridge: Nemesis<Record<string, never>> = {
  name: 'partition-bridge',
  summary: 'two sides hear nothing of each other, but the first targeted host reaches both',
  levers: ['partition'],
  targets: ['hosts'],
  parameters: NO_PARAMETERS,
  momentary: false,
  lasting: false,
  applicable: (surroundings) => twoSides(surroundings) && serverHosts(surroundings.topology).length > 2,
  arbitrary: (surroundings) =>
    fc
      .record({
        side: sides(surroundings),
        over: fc.constantFrom(...serverHosts(surroundings.topology)),
      })
      .map(({ side, over }) => ({
        target: { hosts: [over, ...side.hosts.filter((host) => host !== over)] },
        parameters: {},
      })),
  hits: (fault, topology) => {
    const [over, ...side] = sideOf(fault, topology);
    return smallerSide(side, topology).filter((host) => host !== over);
  },
  apply(fault, scene) {
    const [over, ...side] = sideOf(fault, scene.topology);
    return scene.levers.block(over === undefined ? [] : bridge(over, side, scene.everyone));
  },
};
