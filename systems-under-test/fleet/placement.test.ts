import { describe, expect, it } from 'vitest';
import { createRandom } from '../../harness/simulator/random.ts';
import { rackOf } from './options.ts';
import { copysets, Placement } from './placement.ts';

const shape = { machines: 999, racks: 37, copies: 3, scatterWidth: 10 };

function placed(placement: 'random' | 'racks' | 'copysets', groups: number): number[][] {
  const chooser = new Placement({ ...shape, placement }, createRandom(`placement/${placement}`));
  return Array.from({ length: groups }, () => {
    const machines: number[] = [];
    while (machines.length < shape.copies) machines.push(chooser.next(machines, () => true)!);
    return machines;
  });
}

/** In how many of 100 power failures that one machine in a hundred does not survive some group has lost all its copies. */
function losses(groups: readonly (readonly number[])[]): number {
  const random = createRandom('power failures');
  const everyone = Array.from({ length: shape.machines }, (_, machine) => machine);
  let count = 0;
  for (let nth = 0; nth < 100; nth++) {
    const dead = new Set(random.shuffle(everyone).slice(0, 10));
    if (groups.some((machines) => machines.every((machine) => dead.has(machine)))) count++;
  }
  return count;
}

describe('placement', () => {
  it('by racks takes each rack once', () => {
    for (const machines of placed('racks', 500))
      expect(new Set(machines.map((machine) => rackOf(machine, shape))).size).toBe(3);
  });

  it('by copysets keeps to the sets, of which each machine is in five', () => {
    const sets = copysets({ ...shape, placement: 'copysets' }, createRandom('sets'));
    expect(sets).toHaveLength((5 * 999) / 3);
    expect(new Set(placed('copysets', 20_000).map((machines) => [...machines].sort().join())).size).toBe(
      1665,
    );
  });

  it('by copysets makes a loss rare where random placement makes it certain', () => {
    // Each set or group dies in a power failure with the chance (10/999)³, a millionth: of 1,665 sets 0.2 %, of 100,000 groups 7 %.
    expect(losses(placed('copysets', 100_000))).toBeLessThan(3);
    expect(losses(placed('random', 100_000))).toBeGreaterThan(3);
  });
});
