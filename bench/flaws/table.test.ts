import { describe, expect, it } from 'vitest';
import { registries } from '../../harness/cli/registries.ts';
import { keptOf, readMeasured, readReadme } from './measured.ts';
import { withTable } from './table.ts';

const measured = readMeasured();
const simulated = registries.systems.filter(({ world, flaws }) => world === undefined && flaws.length > 0);

describe('the table of planted flaws', () => {
  it('is what was measured', () => {
    expect(withTable(readReadme(), measured)).toBe(readReadme());
  });

  it('has every system', () => {
    expect(Object.keys(measured)).toEqual(simulated.map(({ name }) => name).sort());
  });

  it.each(simulated.map((system) => [system.name, system] as const))(
    'has every flaw of %s and no other, caught from five starts as it declares',
    (name, { flaws }) => {
      const { flaws: rows, starts, seeds } = measured[name]!;
      expect(Object.keys(rows)).toEqual(flaws.map((flaw) => flaw.name));
      expect(starts.length).toBeGreaterThanOrEqual(5);
      expect(seeds).toBeLessThanOrEqual(200);
      for (const { name: flaw, caughtBy } of flaws) {
        const row = rows[flaw]!;
        expect(row.seedsNeeded).toHaveLength(starts.length);
        expect(row.seedsNeeded.filter((needed) => needed === null || needed > seeds)).toEqual([]);
        expect(caughtBy.map(({ checker, anomaly }) => `${checker}: ${anomaly}`)).toContain(row.caughtBy);
      }
    },
  );
});

describe('what is kept of a measurement', () => {
  const caught = { system: 's', flaw: 'f', seedsNeeded: [3, null], median: 3, signature: 'a: b' };

  it('is seeds, signs and sizes', () => {
    const row = { caughtBy: 'a: b', seedsNeeded: [3, null], faults: 1, operations: 2 };
    expect(keptOf([{ ...caught, faults: 1, operations: 2 }])).toEqual({ f: row });
  });

  it('is nothing where a run was cut off', () => {
    expect(keptOf([{ ...caught, cut: 'seed 3, run again: hang' }])).toBeUndefined();
  });

  it('is a table with the median and the worst, and the commits', () => {
    const row = { caughtBy: 'a: b', seedsNeeded: [3, 1, null], faults: 1, operations: 2 };
    const of = (commit: string) => ({ commit, starts: [1, 2, 3], seeds: 200, flaws: { f: row } });
    const marks = ['<!-- flaws: begin (npm run soak -- --only flaws --record) -->', '<!-- flaws: end -->'];
    expect(
      withTable(marks.join('\n'), { s: of('c1'), t: of('c2') })
        .split('\n')
        .slice(3, -1),
    ).toEqual([
      '| s | `f` | a: b | 3 | never | 2 | 1 |',
      '| t | `f` | a: b | 3 | never | 2 | 1 |',
      '',
      'Measured at commit `c1`: s; commit `c2`: t.',
    ]);
  });
});
