import fc from 'fast-check';
import type { Nemesis } from '../harness/contract/index.ts';
import { halves } from './grudges.ts';
import { NO_PARAMETERS } from './parameters.ts';
import { sideOf, sides, smallerSide, twoSides } from './partition-nemesis.ts';

/**
 * The network falls into two sides that hear nothing of each other: the hosts of the target, clients among them, and everyone else.
 * May break: every packet from one side to the other, connections included.
 * Must survive: packets within a side; all state. At most one side may go on deciding.
 */
export const partitionHalves: Nemesis<Record<string, never>> = {
  name: 'partition-halves',
  summary: 'two sides hear nothing of each other: the targeted hosts and everyone else',
  levers: ['partition'],
  targets: ['hosts', 'racks'],
  parameters: NO_PARAMETERS,
  momentary: false,
  lasting: false,
  applicable: twoSides,
  arbitrary: (surroundings) => fc.record({ target: sides(surroundings), parameters: fc.constant({}) }),
  hits: (fault, topology) => smallerSide(sideOf(fault, topology), topology),
  apply: (fault, scene) => scene.levers.block(halves(sideOf(fault, scene.topology), scene.everyone)),
};
