import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { History, Json, Operation, Validity } from '../../histories/index.ts';
import type { Verdict } from '../checker.ts';
import { comparisons } from '../testing/comparisons.ts';
import { isLinearizableObject, withChanges } from '../testing/objects.ts';
import { run } from '../testing/run.ts';
import { set, setFull } from './index.ts';
import { FINAL, misreadSet, setHistories, tornSetHistories } from './testing/arbitrary.ts';
import { fatesByDefinition } from './testing/brute-force.ts';

const LEGAL = `
  0 add =1       0..1
  1 add =2       0..9
  2 add =3       1..2 info timeout
  3 add =4       1..2 info timeout
  0 add =5       2..3 fail refused
  0 read =[1]    4..6
  0 read =[1,2]  7..8
  1 read =[1,2,3] 10..20
  2 add =6       30..31
`;

describe('set-full: legal and illegal histories', () => {
  it('tells the fate of each element', () => {
    expect(setFull.check(run(LEGAL), {}, {})).toEqual({
      checker: 'set-full',
      validity: 'valid',
      anomalies: [],
      figures: {
        operations: 9,
        keys: 1,
        elements: 6,
        acknowledged: 3,
        reads: 3,
        stable: 3,
        lost: 0,
        neverRead: 1,
        unconfirmed: 1,
        failed: 1,
        stale: 0,
        recovered: 1,
        phantoms: 0,
        duplicates: 0,
        stableLatency: { p50: 0, p90: 0, p99: 0, p999: 0, max: 0 },
      },
    });
  });

  it('finds what is lost, with the last read that saw it and the first that lacks it for good', () => {
    const history = run(`
      0 add =1      0..1
      0 add =2      1..2
      0 add =3      2..3
      1 read =[1,2] 4..5
      1 read =[2]   6..7
      1 read =[2]   8..9
    `);
    const { validity, anomalies, figures } = setFull.check(history, {}, {});
    expect({ validity, anomalies, lost: figures.lost, stable: figures.stable }).toEqual({
      validity: 'invalid',
      anomalies: [
        {
          name: 'lost',
          explanation:
            '1 was added to the set (process 0: add = 1 (0.000 s - 0.001 s)), and process 1: read = [1,2] (0.004 s - 0.005 s) was the last read to see it. But process 1: read = [2] (0.008 s - 0.009 s), invoked after both, lacks it: it is lost. The same goes for 3.',
          operations: [0, 1, 6, 7, 10, 11],
          data: { elements: [1, 3], count: 2 },
        },
      ],
      lost: 2,
      stable: 1,
    });
  });

  it('knows an indeterminate add by a read that saw it, and only then', () => {
    const { anomalies } = setFull.check(
      run(`
        0 add =1    0..1 info timeout
        1 add =2    0..
        2 read =[1] 4..5
        2 read =[]  6..7
      `),
      {},
      {},
    );
    expect(anomalies).toEqual([
      {
        name: 'lost',
        explanation:
          'Somebody tried to add 1 to the set (process 0: add = 1 (indeterminate, "timeout") (0.000 s - 0.001 s)), and process 2: read = [1] (0.004 s - 0.005 s) was the last read to see it. But process 2: read = [] (0.006 s - 0.007 s), invoked after that, lacks it: it is lost.',
        operations: [0, 2, 3, 4, 5, 6],
        data: { elements: [1], count: 1 },
      },
    ]);
  });

  it('does not call lost what a concurrent read still saw', () => {
    const history = run('0 add =1 0..1\n1 read =[1] 2..9\n2 read =[] 3..4\n');
    expect(setFull.check(history, {}, {})).toMatchObject({
      validity: 'valid',
      figures: { stable: 1, stale: 1 },
    });
  });

  it('measures how long stale elements were missing, and reports them where it must be linearizable', () => {
    const history = run('0 add =1 0..1\n1 read =[] 3..5\n1 read =[1] 7..8');
    expect(setFull.check(history, {}, {})).toMatchObject({
      validity: 'valid',
      figures: { stale: 1, stableLatency: { max: 2e6 } },
    });
    expect(setFull.check(history, { linearizable: true }, {}).anomalies).toEqual([
      {
        name: 'stale-read',
        explanation:
          '1 was added to the set (process 0: add = 1 (0.000 s - 0.001 s)), and process 1: read = [1] (0.007 s - 0.008 s) was the first read to see it. But process 1: read = [] (0.003 s - 0.005 s), invoked after the add was acknowledged, lacks it: the read is stale.',
        operations: [0, 1, 2, 3, 4, 5],
        data: { elements: [1], count: 1 },
      },
    ]);
  });

  it('finds phantoms of three kinds, and duplicates', () => {
    const history = run(`
      0 add =1        0..1
      0 add =2        1..2 fail refused
      1 read =[1,9,2,3,1] 4..5
      1 read =[1,9]   6..7
      0 add =3        6..7
      1 read =[1,3]   8..9
    `);
    expect(setFull.check(history, {}, {}).anomalies).toEqual([
      {
        name: 'phantom',
        explanation:
          'process 1: read = [1,9,2,3,1] (0.004 s - 0.005 s) saw 9 in the set, but nobody ever tried to add it. 2 reads saw it in all.',
        operations: [4, 5],
        data: { element: 9 },
      },
      {
        name: 'duplicate',
        explanation:
          'process 1: read = [1,9,2,3,1] (0.004 s - 0.005 s) returned 1 2 times, but a set has an element once.',
        operations: [0, 1, 4, 5],
        data: { element: 1 },
      },
      {
        name: 'phantom',
        explanation:
          'process 1: read = [1,9,2,3,1] (0.004 s - 0.005 s) saw 2 in the set, but all who tried to add it certainly failed, such as process 0: add = 2 (failed, "refused") (0.001 s - 0.002 s).',
        operations: [2, 3, 4, 5],
        data: { element: 2 },
      },
      {
        name: 'phantom',
        explanation:
          'process 1: read = [1,9,2,3,1] (0.004 s - 0.005 s) saw 3 in the set, but nobody had tried to add it yet; the first to do so was process 0: add = 3 (0.006 s - 0.007 s).',
        operations: [4, 5, 7, 9],
        data: { element: 3 },
      },
    ]);
  });

  it('finds reads that contradict each other, though each element for itself is explained', () => {
    const torn = run('0 add =1 0..9\n1 add =2 0..9\n2 read =[1] 1..2\n3 read =[2] 1..2');
    expect(setFull.check(torn, { linearizable: true }, {}).anomalies).toEqual([
      {
        name: 'nonlinearizable',
        explanation:
          'process 3: read = [2] (0.001 s - 0.002 s) saw 2 in the set and not 1; process 2: read = [1] (0.001 s - 0.002 s) saw 1 and not 2. A set that only grows cannot have been both.',
        operations: [2, 3, 4, 5],
      },
    ]);
    const inverted = run('2 read =[2] 0..9\n0 add =1 1..2\n1 add =2 3..4\n3 read =[1,2] 10..11');
    expect(setFull.check(inverted, { linearizable: true }, {}).anomalies).toEqual([
      {
        name: 'nonlinearizable',
        explanation:
          'process 0: add = 1 (0.001 s - 0.002 s) added 1 and was over before process 1: add = 2 (0.003 s - 0.004 s) was invoked. But process 2: read = [2] (0.000 s - 0.009 s) saw 2 in the set and not 1.',
        operations: [0, 1, 2, 3, 4, 5],
      },
    ]);
  });

  it.each([
    ['no read', '0 add =1 0..1', 'no read succeeded'],
    ['no add', '0 read =[] 0..1', 'no add was acknowledged, and none was seen'],
    [
      'no later read',
      '1 read =[] 0..3\n0 add =1 0..1',
      'no read was invoked after an element had been acknowledged',
    ],
    [
      'none at all',
      '0 write =1 0..1',
      'no key can be judged, because of the operations write (understood are add, read; option "harmless" names others that change nothing)',
    ],
  ])('is unknown: %s', (_, text, reason) => {
    expect(setFull.check(run(text), {}, {})).toMatchObject({ validity: 'unknown', reason });
  });

  it('says nothing about time where the history claims nothing', () => {
    const history = run('0 add =1 0..1\n0 read =[] 2..3', { realtime: false });
    expect(setFull.check(history, {}, {})).toMatchObject({
      validity: 'unknown',
      reason: 'the order of this history claims nothing about real time, so nothing can be called lost',
    });
  });
});

describe('set: final reads', () => {
  it('takes the reads of the final phase, or else the last', () => {
    const text = '0 add =1 0..1\n0 read =[] 2..3\n0 read =[1] 4..5';
    expect(set.check(run(text), {}, {})).toMatchObject({
      validity: 'valid',
      figures: { reads: 1, stale: 0 },
    });
    expect(set.check(run(`${text} @final\n1 read =[] 6..7 @final`), {}, {})).toMatchObject({
      validity: 'invalid',
      figures: { reads: 2, lost: 1 },
    });
  });
});

function isLinearizableSet(history: History): boolean {
  return isLinearizableObject<readonly number[]>(history, [], (state, { f, value }, result) => {
    if (f === 'add') return [state.includes(value as number) ? state : [...state, value as number].sort()];
    const isSame =
      result === undefined || JSON.stringify([...(result as number[])].sort()) === JSON.stringify(state);
    return isSame ? [state] : [];
  });
}

/** The validity, if the verdict has the fates of the definition. */
function agrees({ figures, validity }: Verdict, expected: ReturnType<typeof fatesByDefinition>): Validity {
  for (const [name, count] of Object.entries(expected))
    if (figures[name] !== count) expect(figures).toMatchObject(expected);
  const { lost, phantoms, duplicates, stable } = expected;
  const wrong = lost + phantoms + duplicates > 0;
  expect(validity).toBe(wrong ? 'invalid' : stable > 0 ? 'valid' : 'unknown');
  return validity;
}

/** The same without a final phase. */
function unmarked({ header, events }: History): History {
  return {
    header,
    events: events.map((event) => {
      const { phase: _, ...rest } = event as Operation;
      return rest;
    }),
  };
}

describe('set-full against the definitions', () => {
  it('agrees on every fate, by all reads, by the final ones, and by the last', () => {
    const seen = { valid: 0, invalid: 0, unknown: 0 };
    fc.assert(
      fc.property(withChanges(setHistories(6, FINAL), 3, misreadSet), fc.boolean(), (history, marked) => {
        agrees(setFull.check(history, {}, {}), fatesByDefinition(history));
        const final = marked ? history : unmarked(history);
        seen[agrees(set.check(final, {}, {}), fatesByDefinition(final, true))]++;
      }),
      { numRuns: comparisons('set-full, set: fates') },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(2000);
  });

  it('is valid as linearizable if and only if some order explains all reads', () => {
    const seen = { valid: 0, invalid: 0 };
    const contradictions = { incomparable: 0, inverted: 0 };
    fc.assert(
      fc.property(
        fc.oneof(withChanges(setHistories(6), 2, misreadSet), tornSetHistories, tornSetHistories),
        (history) => {
          const { validity, anomalies } = setFull.check(history, { linearizable: true }, {});
          if (validity === 'unknown') return;
          seen[validity]++;
          if (anomalies[0]?.name === 'nonlinearizable') {
            contradictions[
              anomalies[0].explanation.includes('was over before') ? 'inverted' : 'incomparable'
            ]++;
          }
          if ((validity === 'valid') !== isLinearizableSet(history)) expect(validity).toBe('the opposite');
        },
      ),
      { numRuns: comparisons('set-full: linearizable') },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(1000);
    expect(Math.min(contradictions.incomparable, contradictions.inverted)).toBeGreaterThan(5);
  });

  it('finds nothing in executions of a real set, and keeps its verdict when elements are renamed', () => {
    const renamed = (value: Json): Json =>
      Array.isArray(value)
        ? value.map(renamed)
        : typeof value === 'number'
          ? { id: `e${value * 1e9}` }
          : value;
    fc.assert(
      fc.property(setHistories(6, FINAL), (history) => {
        const { anomalies, figures } = setFull.check(history, { linearizable: true }, {});
        expect(anomalies).toEqual([]);
        const events = history.events.map((event) => ({
          ...(event as Operation),
          value: renamed((event as Operation).value),
        }));
        expect(setFull.check({ ...history, events }, { linearizable: true }, {}).figures).toEqual(figures);
      }),
      { numRuns: 2000 },
    );
  });
});
