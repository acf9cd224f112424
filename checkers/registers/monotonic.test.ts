import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type History, operationPairs } from '../../histories/index.ts';
import { replicatedHistories } from '../sessions/testing/replicated.ts';
import { comparisons } from '../testing/comparisons.ts';
import { history } from '../testing/notation.ts';
import { type MonotonicOptions, monotonic } from './monotonic.ts';

const check = (text: string, options: MonotonicOptions = {}) => monotonic.check(history(text), options, {});

describe('monotonic values', () => {
  it('a process reads the same or more', () => {
    expect(
      check('0:x.read 0:ok(1) 0:x.read 0:ok(1) 0:y.read 0:ok(0) 0:x.read 0:ok(3) 1:x.read 1:ok(2)'),
    ).toEqual({
      checker: 'monotonic',
      validity: 'valid',
      anomalies: [],
      figures: { reads: 5, compared: 2, stepsBack: 0, between: 'process' },
    });
  });

  it('reports the widest step back of a key', () => {
    expect(check('0:x.read 0:ok(5) 0:x.read 0:ok(4) 0:x.read 0:ok(2) 0:x.read 0:ok(6)').anomalies).toEqual([
      {
        name: 'step-back',
        key: 'x',
        explanation:
          'What was read of x went back from 5 to 2: process 0: read x = 5 (0.000 s - 0.000000001 s), and after it process 0: read x = 2 (0.000000004 s - 0.000000005 s). It is the widest of 2 steps back of x.',
        operations: [0, 1, 4, 5],
        data: { from: 5, to: 2, count: 2 },
      },
    ]);
  });

  it('compares processes in real time if so asked', () => {
    const apart = '0:read 0:ok(2) 1:read 1:ok(1)';
    expect(check(apart).reason).toBe('no number was read after another one of its key');
    expect(check(apart, { between: 'realtime' }).anomalies).toMatchObject([
      { name: 'step-back', operations: [0, 1, 2, 3] },
    ]);
    expect(check('0:read 1:read 0:ok(2) 1:ok(1)', { between: 'realtime' }).anomalies).toEqual([]);
  });

  it('leaves out what is no number, what failed, and other operations', () => {
    expect(
      check('0:read 0:ok(2) 0:read 0:ok(null) 0:read 0:fail 0:add(1) 0:ok 0:value 0:ok(1) 0:read 0:ok(2)'),
    ).toMatchObject({
      validity: 'valid',
      figures: { reads: 2, noNumbers: 1 },
    });
    expect(check('0:value 0:ok(2) 0:value 0:ok(1)', { f: 'value' }).validity).toBe('invalid');
  });

  it('agrees with its definition', () => {
    const seen = { valid: 0, invalid: 0, unknown: 0 };
    const shape = { threads: 3, steps: 14, unique: true, mutations: 4, writes: 6 };
    fc.assert(
      fc.property(
        replicatedHistories(shape),
        fc.constantFrom('process', 'client', 'realtime'),
        (recorded, between) => {
          const { validity, figures } = monotonic.check(recorded, { between }, {});
          seen[validity]++;
          const back = stepsBack(recorded, between);
          if (figures.stepsBack !== back || (validity === 'invalid') !== back > 0) {
            expect.fail(`${validity} with ${figures.stepsBack} steps back, expected ${back}`);
          }
        },
      ),
      { numRuns: comparisons('monotonic') },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(500);
  });
});

/** Reads that are smaller than some read before them. */
function stepsBack({ events }: History, between: 'process' | 'client' | 'realtime'): number {
  const reads = operationPairs(events).filter(
    ({ invocation, completion }) => invocation.f === 'read' && completion?.type === 'ok',
  );
  return reads.filter(({ invocation, completion }) =>
    reads.some(
      (before) =>
        before.invocation.key === invocation.key &&
        before.completion!.index < invocation.index &&
        (between !== 'process' || before.invocation.process === invocation.process) &&
        (between !== 'client' || before.invocation.id![0] === invocation.id![0]) &&
        (before.completion!.value as number) > (completion!.value as number),
    ),
  ).length;
}
