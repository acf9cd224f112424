import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Operation, operationPairs } from '../../histories/index.ts';
import { comparisons } from '../testing/comparisons.ts';
import { withChanges } from '../testing/objects.ts';
import { run } from '../testing/run.ts';
import { crdtCounter, crdtSet } from './index.ts';
import { hasSubsetSum } from './subset-sum.ts';
import { missummed, onNode, orSetHistories, sumHistories, toggled } from './testing/arbitrary.ts';
import { isExplainedByWorlds } from './testing/worlds.ts';

const found = (text: string, options = {}) =>
  crdtSet
    .check(run(text), options, {})
    .anomalies.map(({ name, explanation, operations }) => ({ name, explanation, operations }));

describe('crdt-set', () => {
  it('is valid when additions survive, removals may have known of others, and replicas agree', () => {
    const history = run(`
      0 add =1      0..1
      0 add =2      1..2
      1 remove =2   2..3
      1 remove =3   3..4
      0 add =3      5..6
      2 add =4      5..6 info timeout
      0 read =[1,3]   10..11 @final
      1 read =[1,3,4] 12..13 @final
    `);
    expect(crdtSet.check(history, {}, {})).toEqual({
      checker: 'crdt-set',
      validity: 'valid',
      anomalies: [],
      figures: {
        operations: 8,
        keys: 1,
        elements: 4,
        acknowledged: 5,
        finalReads: 2,
        mustBeThere: 2,
        mustNotBeThere: 0,
        settled: 3,
      },
    });
  });

  it('finds additions that nobody can have taken away, and replicas that disagree', () => {
    expect(found('0 remove =1 0..1\n0 add =1 2..3\n0 read =[] 4..5 @final\n1 read =[1] 4..5 @final')).toEqual(
      [
        {
          name: 'lost',
          explanation:
            '1 was added to the set (process 0: add = 1 (0.002 s - 0.003 s)), after all removals of it were over. But in the end process 0: read = [] (0.004 s - 0.005 s) lacks it.',
          operations: [0, 1, 2, 3, 4, 6],
        },
        {
          name: 'diverged',
          explanation:
            'In the end process 1: read = [1] (0.004 s - 0.005 s) saw 1 in the set and process 0: read = [] (0.004 s - 0.005 s) did not, though all that was done to it was over before.',
          operations: [4, 5, 6, 7],
        },
      ].sort((a, b) => a.operations.length - b.operations.length),
    );
  });

  it('finds what nobody added, and what comes back', () => {
    expect(
      found('0 add =2 0..1 fail refused\n1 add =3 0..1\n0 read =[1,2,3] 4..5 @final').map(
        ({ explanation }) => explanation,
      ),
    ).toEqual([
      'process 0: read = [1,2,3] (0.004 s - 0.005 s) saw 1 in the set, but nobody ever tried to add it.',
      'process 0: read = [1,2,3] (0.004 s - 0.005 s) saw 2 in the set, but all who tried to add it certainly failed, such as process 0: add = 2 (failed, "refused") (0.000 s - 0.001 s).',
    ]);
    const text = '0 add =1 0..1\n1 remove =1 2..3\n0 read =[1] 4..5 @final';
    expect(found(text)).toEqual([]);
    expect(found(text, { kind: '2p-set' }).map(({ name }) => name)).toEqual(['resurrected']);
    expect(
      crdtSet
        .check(
          onNode(run(text), () => 'n1'),
          {},
          {},
        )
        .anomalies.map(({ explanation }) => explanation),
    ).toEqual([
      '1 was removed from the set (process 1: remove = 1 (0.002 s - 0.003 s)), and the node knew of every addition of it. But in the end process 0: read = [1] (0.004 s - 0.005 s) saw it.',
    ]);
    expect(
      crdtSet.check(
        onNode(run(text), ({ process }) => `n${process}`),
        {},
        {},
      ).anomalies,
    ).toEqual([]);
  });

  it('knows the node from the completion, where the invocation does not say', () => {
    const { header, events } = run('0 add =1 0..1 \n 1 remove =1 2..3 \n 0 read =[1] 10..11 @final');
    const answeredBy = (node: (process: number) => string) => ({
      header,
      events: events.map((event) => {
        const operation = event as Operation;
        return operation.type === 'ok' ? { ...operation, node: node(operation.process) } : operation;
      }),
    });
    const names = (history: ReturnType<typeof answeredBy>) =>
      crdtSet.check(history, {}, {}).anomalies.map(({ name }) => name);
    expect(names(answeredBy(() => 'n1'))).toEqual(['resurrected']);
    expect(names(answeredBy((process) => `n${process}`))).toEqual([]);
  });

  it.each([
    ['0 add =1 0..1', 'no read at the end succeeded'],
    ['0 read =[] 0..1', 'no add or remove was acknowledged'],
  ])('is unknown: %s', (text, reason) => {
    expect(crdtSet.check(run(text), {}, {})).toMatchObject({ validity: 'unknown', reason });
  });
});

describe('crdt-set against the definition', () => {
  it('is invalid if and only if no world explains the final reads, over 20,000 histories', () => {
    const seen = { valid: 0, invalid: 0, unknown: 0 };
    fc.assert(
      fc.property(withChanges(orSetHistories, 2, toggled), (history) => {
        const { validity } = crdtSet.check(history, { harmless: ['sync'] }, {});
        seen[validity]++;
        if ((validity !== 'invalid') !== isExplainedByWorlds(history)) expect(validity).toBe('the opposite');
      }),
      { numRuns: comparisons('crdt-set') },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(2000);
  });

  it('finds nothing in executions of a real OR-Set', () => {
    fc.assert(
      fc.property(orSetHistories, (history) => {
        expect(crdtSet.check(history, { harmless: ['sync'] }, {}).anomalies).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('crdt-counter', () => {
  it('is valid when the indeterminate adds make up the difference', () => {
    const history = run(
      '0 add =5 0..1\n1 add =3 0..1 info timeout\n2 add =-2 0..\n0 read =6 4..5 @final\n0 read =3 6..7 @final',
    );
    expect(crdtCounter.check(history, {}, {})).toEqual({
      checker: 'crdt-counter',
      validity: 'valid',
      anomalies: [],
      figures: { operations: 5, keys: 1, adds: 3, finalReads: 2, undecided: 0 },
    });
  });

  it('finds a sum that no choice explains', () => {
    const history = run('0 add =5 0..1\n1 add =3 0..1 info timeout\n2 add =-2 0..\n0 read =7 4..5 @final');
    expect(crdtCounter.check(history, {}, {}).anomalies).toEqual([
      {
        name: 'wrong-sum',
        explanation:
          'In the end process 0: read = 7 (0.004 s - 0.005 s) of the counter, but the 1 add acknowledged before make 5 (it began with 0), and no choice of the 2 uncertain adds (process 1: add = 3 (indeterminate, "timeout") (0.000 s - 0.001 s) and process 2: add = -2 (never completed) (0.000 s - open)) adds up to the difference of 2.',
        operations: [1, 2, 4, 5, 6],
        data: { value: 7, acknowledged: 5 },
      },
    ]);
  });

  it('is unknown where it cannot be tried, and where there is nothing', () => {
    const many = Array.from({ length: 40 }, (_, n) => `${n} add =${2 ** n + 1} 0..`).join('\n');
    expect(crdtCounter.check(run(`${many}\n99 read =7 4..5`), {}, {})).toMatchObject({
      validity: 'unknown',
      reason:
        'the sums of indeterminate adds are too many to be tried for 1 final read (the bound is 16777216 steps each)',
    });
    expect(crdtCounter.check(run('0 read =0 0..1'), {}, {}).reason).toBe('nothing was added');
  });

  it('agrees with trying all choices, over 20,000 histories', () => {
    const seen = { valid: 0, invalid: 0, unknown: 0 };
    fc.assert(
      fc.property(withChanges(sumHistories, 1, missummed), (history) => {
        const adds = operationPairs(history.events).filter(
          ({ invocation, completion }) => invocation.f === 'add' && completion?.type !== 'fail',
        );
        let sums = new Set([0]);
        for (const { invocation, completion } of adds) {
          const delta = invocation.value as number;
          const taken = [...sums].map((sum) => sum + delta);
          sums = new Set(completion?.type === 'ok' ? taken : [...sums, ...taken]);
        }
        const explained = sums.has((history.events.at(-1) as Operation).value as number);
        const { validity } = crdtCounter.check(history, {}, {});
        seen[validity]++;
        if ((validity !== 'invalid') !== explained) expect(validity).toBe('the opposite');
      }),
      { numRuns: comparisons('crdt-counter') },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(3000);
  });

  it('knows sums of deltas with a common divisor, and repeated ones', () => {
    expect(hasSubsetSum([6, 6, -4], 8)).toBe(true);
    expect(hasSubsetSum([6, 6, -4], 4)).toBe(false);
    expect(hasSubsetSum([6, 6, -4], 7)).toBe(false);
    expect(hasSubsetSum([0], 0)).toBe(true);
    expect(hasSubsetSum([], 1)).toBe(false);
  });
});
