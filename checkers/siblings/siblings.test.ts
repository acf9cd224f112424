import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparisons } from '../testing/comparisons.ts';
import { run } from '../testing/run.ts';
import { type SiblingsOptions, siblings } from './index.ts';
import { siblingsHistories } from './testing/arbitrary.ts';
import { isExplainedByPuts } from './testing/brute-force.ts';

const check = (text: string, options: SiblingsOptions = {}) => siblings.check(run(text), options, {});
const names = (text: string, options: SiblingsOptions = {}) =>
  check(text, options).anomalies.map(({ name }) => name);

/** Two writers who had seen nothing of each other, and one who has seen both. */
const CONCURRENT = '0 put x=[1,[]] 0..9 \n 1 put x=[2,[]] 5..15';
const MERGED = `${CONCURRENT} \n 0 get x=[1,2] 20..25 \n 0 put x=[3,[1,2]] 30..35`;

describe('siblings', () => {
  it('are kept until a writer has seen them', () => {
    expect(check(`${MERGED} \n 0 get x=[3] 50..55 @final \n 1 get x=[3] 50..55 @final`)).toEqual({
      checker: 'siblings',
      validity: 'valid',
      anomalies: [],
      figures: {
        operations: 6,
        keys: 1,
        puts: 3,
        acknowledged: 3,
        gets: 3,
        withSiblings: 1,
        finalGets: 2,
        keysReadAtEnd: 1,
      },
    });
  });

  it('are lost if one replaces the other that its writer had not seen', () => {
    expect(check(`${CONCURRENT} \n 0 get x=[2] 50..55 @final`).anomalies).toEqual([
      {
        name: 'lost',
        key: 'x',
        explanation:
          '1 was put of x and acknowledged (process 0: put x = [1,[]] (0.000 s - 0.009 s)), and nobody who had seen it put another value. But in the end process 0: get x = [2] (0.050 s - 0.055 s) shows neither it nor a value that supersedes it: it is lost.',
        operations: [0, 2, 4, 5],
        data: { value: 1 },
      },
    ]);
  });

  it('are lost with what had replaced them', () => {
    const [anomaly] = check(`${MERGED} \n 0 get x=[1] 50..55 @final`).anomalies;
    expect(anomaly).toMatchObject({ name: 'lost' });
    expect(names(`${MERGED} \n 0 get x=[1] 50..55 @final`)).toEqual(['lost', 'lost']);
  });

  it.each([
    [
      'an indeterminate put replaces what it had seen',
      '0 put x=[1,[]] 0..9 \n 1 get x=[1] 10..12 \n 1 put x=[2,[1]] 15..20 info timeout \n 0 get x=[2] 50..55 @final',
    ],
    [
      'it takes effect between two final gets',
      '0 put x=[1,[]] 0..9 \n 1 get x=[1] 10..12 \n 1 put x=[2,[1]] 15..20 info timeout \n 0 get x=[1] 50..55 @final \n 0 get x=[2] 60..65 @final',
    ],
    [
      'a get before the end misses what was acknowledged',
      '0 put x=[1,[]] 0..9 \n 1 get x=[] 20..25 \n 1 get x=[1] 50..55 @final',
    ],
    [
      'a value is replaced through another one',
      '0 put x=[1,[]] 0..5 \n 0 get x=[1] 6..7 \n 0 put x=[2,[1]] 8..9 \n 1 get x=[2] 10..12 \n 1 put x=[3,[2]] 15..20 \n 0 get x=[3] 50..55 @final',
    ],
  ])('are as they should: %s', (_, text) => {
    expect(check(text)).toMatchObject({ validity: 'valid' });
  });

  it.each([
    ['phantom', '0 put x=[1,[]] 0..9 \n 0 get x=[1,7] 50..55 @final'],
    ['phantom', '0 put x=[1,[]] 0..9 \n 1 put x=[7,[]] 0..9 fail down \n 0 get x=[1,7] 50..55 @final'],
    ['phantom', '0 get x=[1] 0..9 \n 0 put x=[1,[]] 10..19 \n 0 get x=[1] 50..55 @final'],
    ['duplicate', '0 put x=[1,[]] 0..9 \n 0 get x=[1,1] 50..55 @final'],
    ['superseded-sibling', `${MERGED} \n 0 get x=[1,3] 40..45 \n 0 get x=[3] 50..55 @final`],
    ['diverged', `${CONCURRENT} \n 0 get x=[1] 50..55 @final \n 1 get x=[1,2] 60..65 @final`],
    [
      'diverged',
      '0 put x=[1,[]] 0..9 \n 1 put x=[2,[]] 0..9 info timeout \n 0 get x=[1,2] 50..55 @final \n 1 get x=[1] 60..65 @final',
    ],
  ])('show %s', (name, text) => {
    expect(names(text)).toContain(name);
  });

  it('show what was acknowledged before, where quorums meet', () => {
    const text = '0 put x=[1,[]] 0..9 \n 1 get x=[] 20..25 \n 1 get x=[1] 50..55 @final';
    expect(names(text)).toEqual([]);
    expect(check(text, { recent: true }).anomalies).toMatchObject([
      { name: 'stale', operations: [0, 1, 2, 3] },
    ]);
  });

  it('may be lost, or not agree, where that is not promised', () => {
    const { events } = run(`${CONCURRENT} \n 0 get x=[2] 50..55 @final`);
    const header = { sixways: 1, world: 'simulator' } as const;
    const claims = { consistency: 'eventual', durability: false, recoveryWithin: 1 };
    expect(siblings.check({ header: { ...header, claims }, events }, {}, {}).validity).toBe('valid');
    expect(siblings.check({ header: { ...header, claims }, events }, { unclaimed: true }, {}).validity).toBe(
      'invalid',
    );
    const apart = run(`${CONCURRENT} \n 0 get x=[1] 50..55 @final \n 1 get x=[1,2] 60..65 @final`);
    const beyond = { header: { ...header, plan: { beyond: true } }, events: apart.events };
    expect(siblings.check(beyond, {}, {}).validity).toBe('valid');
  });

  it('are unknown where there is nothing to judge', () => {
    expect(check('0 get x=[] 0..1 @final').reason).toBe('no put was acknowledged');
    expect(check('0 put x=[1,[]] 0..9 \n 1 put x=[1,[]] 0..9 \n 0 get x=[1] 20..21 @final').reason).toBe(
      'every key has a value that was put twice',
    );
    expect(check('0 put x=[1,[]] 0..9 \n 0 get x=[1] 20..21').validity).toBe('unknown');
  });

  it('agree with trying all sets of puts', () => {
    const seen = { valid: 0, invalid: 0, unknown: 0 };
    fc.assert(
      fc.property(siblingsHistories, (history) => {
        const { validity } = siblings.check(history, {}, {});
        seen[validity]++;
        if ((validity !== 'invalid') !== isExplainedByPuts(history)) expect(validity).toBe('the opposite');
      }),
      { numRuns: comparisons('siblings') },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(3000);
  });
});
