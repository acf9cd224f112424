import type { Random } from '../../harness/contract/index.ts';
import { type FleetOptions, rackOf } from './options.ts';

type Shape = Pick<FleetOptions, 'machines' | 'racks' | 'copies' | 'placement' | 'scatterWidth'>;

/**
 * Sets of machines such that copies of a group lie within one of them: random permutations of the machines, cut into pieces of
 * `copies`; each permutation gives a machine `copies - 1` neighbours (Cidon et al., "Copysets: Reducing the Frequency of Data Loss in Cloud
 * Storage", USENIX ATC 2013, section 4). Few sets: few combinations of failures lose data, and each loses more of it.
 */
export function copysets({ machines, copies, scatterWidth }: Shape, random: Random): number[][] {
  const sets: number[][] = [];
  const permutations = Math.ceil(scatterWidth / (copies - 1));
  const everyone = Array.from({ length: machines }, (_, machine) => machine);
  for (let nth = 0; nth < permutations; nth++) {
    const order = random.shuffle(everyone);
    for (let at = 0; at + copies <= machines; at += copies) sets.push(order.slice(at, at + copies));
  }
  return sets;
}

/** Chooses machines for copies, by chance, under the rule of the placement. */
export class Placement {
  private readonly shape: Shape;
  private readonly random: Random;
  private readonly setsOf: number[][][] = [];

  constructor(shape: Shape, random: Random) {
    this.shape = shape;
    this.random = random;
    if (shape.placement !== 'copysets') return;
    for (let machine = 0; machine < shape.machines; machine++) this.setsOf.push([]);
    for (const set of copysets(shape, random)) for (const machine of set) this.setsOf[machine]!.push(set);
  }

  /** One more machine beside these, among those that are up; undefined if there is none. */
  next(taken: readonly number[], isUp: (machine: number) => boolean): number | undefined {
    const { machines, placement } = this.shape;
    const allowed = (machine: number) =>
      isUp(machine) && !taken.includes(machine) && this.fits(machine, taken);
    if (placement === 'copysets' && taken.length > 0) {
      const sets = this.setsOf[taken[0]!]!.filter((set) => taken.every((machine) => set.includes(machine)));
      const members = sets.flat().filter((machine) => isUp(machine) && !taken.includes(machine));
      if (members.length > 0) return this.random.pick(members);
    }
    for (let tries = 0; tries < 100; tries++) {
      const machine = this.random.integer(0, machines - 1);
      if (allowed(machine)) return machine;
    }
    const rest = Array.from({ length: machines }, (_, machine) => machine).filter(allowed);
    return rest.length === 0 ? undefined : this.random.pick(rest);
  }

  private fits(machine: number, taken: readonly number[]): boolean {
    if (this.shape.placement !== 'racks') return true;
    const rack = rackOf(machine, this.shape);
    return taken.every((other) => rackOf(other, this.shape) !== rack);
  }
}
