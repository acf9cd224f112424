import { describe, expect, it } from 'vitest';
import { type ScheduledFault, SECOND } from '../../harness/contract/index.ts';
import { randomOf } from '../../harness/simulator/index.ts';
import { blows } from './blows.ts';

const drawn = (fault: string, length?: number, factor = 1): ScheduledFault => ({
  fault,
  at: 0,
  ...(length !== undefined && { for: length }),
  target: { role: 'leader', index: 0 },
  parameters: { of: fault, factor },
});
const TEN = 10 * SECOND;
const of = (seed: number) =>
  blows(
    {
      own: [drawn('flip')],
      sharing: [drawn('destroyed'), drawn('slow', SECOND, 5), drawn('slow', 3 * SECOND, 9)],
      restarts: [drawn('kill', SECOND)],
    },
    ['a', 'b', 'c'],
    TEN,
    randomOf(seed, 'test'),
  );
const seeds = Array.from({ length: 50 }, (_, seed) => seed);
const hit = (faults: readonly ScheduledFault[], kind: (fault: string) => boolean): string[] => [
  ...new Set(faults.flatMap(({ fault, target }) => (kind(fault) && 'hosts' in target ? target.hosts : []))),
];

describe('blows', () => {
  it.each(seeds)('hit each host in turn, the last by the own kind alone, seed %i', (seed) => {
    const faults = of(seed);
    expect(hit(faults, (fault) => fault !== 'kill').sort()).toEqual(['a', 'b', 'c']);
    expect(hit(faults, (fault) => fault === 'flip')).toContain('c');
    expect(hit(faults, (fault) => fault === 'destroyed' || fault === 'slow')).not.toContain('c');
  });

  it.each(seeds)('stay within the time, in order, and as hard as they were drawn, seed %i', (seed) => {
    const faults = of(seed);
    expect(faults.map(({ at }) => at)).toEqual(faults.map(({ at }) => at).sort((a, b) => a - b));
    for (const { fault, at, for: length = 0, parameters } of faults) {
      expect(at + length).toBeLessThanOrEqual(TEN);
      expect(parameters).toEqual({ of: fault, factor: fault === 'slow' ? 9 : 1 });
    }
  });

  it('are the same for the same seed', () => {
    expect(of(7)).toEqual(of(7));
  });
});
