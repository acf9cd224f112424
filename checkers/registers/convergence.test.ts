import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type History,
  type Json,
  type Operation,
  type OperationPair,
  operationPairs,
} from '../../histories/index.ts';
import { comparisons } from '../testing/comparisons.ts';
import { executions, spoiled } from '../testing/executions.ts';
import { run } from '../testing/run.ts';
import { type ConvergenceOptions, convergence } from './convergence.ts';

const check = (text: string, options: ConvergenceOptions = {}) => convergence.check(run(text), options, {});

describe('convergence', () => {
  it('is reached when all final reads of a key agree', () => {
    expect(
      check('0 write x=1 0..9 \n 1 write x=2 0..9 \n 0 read x=2 50..51 @final \n 1 read x=2 50..52 @final'),
    ).toEqual({
      checker: 'convergence',
      validity: 'valid',
      anomalies: [],
      figures: { operations: 4, keys: 1, finalReads: 2, keysCompared: 1, inFlight: 0, hosts: 0 },
    });
  });

  it('is not when two do not', () => {
    const verdict = check(
      '0 write x=1 0..9 \n 1 write x=2 0..9 \n 0 read x=1 50..51 @final \n 1 read x=2 50..52 @final',
    );
    expect(verdict.anomalies).toEqual([
      {
        name: 'divergence',
        key: 'x',
        explanation:
          'At the end the copies of x do not agree: process 0: read x = 1 (0.050 s - 0.051 s), but process 1: read x = 2 (0.050 s - 0.052 s), and no write that was still under way can have brought 2 in between.',
        operations: [4, 5, 6, 7],
        data: { values: [1, 2] },
      },
    ]);
  });

  it.each([
    [
      'an indeterminate write took effect late',
      '0 write x=1 0..9 \n 1 write x=2 0..9 info timeout \n 0 read x=1 50..51 @final \n 2 read x=2 53..54 @final',
    ],
    [
      'a write never completed',
      '0 write x=1 0..9 \n 1 write x=2 0.. \n 0 read x=1 50..51 @final \n 2 read x=2 53..54 @final',
    ],
    [
      'a write completed only in the final phase',
      '0 write x=1 0..9 \n 1 write x=2 0..52 \n 0 read x=1 50..51 @final \n 2 read x=2 53..54 @final',
    ],
    [
      'reads before the end may differ',
      '0 write x=1 0..9 \n 0 read x 20..21 fail not-found \n 0 read x=1 50..51 @final \n 1 read x=1 50..51 @final',
    ],
  ])('may still be reached: %s', (_, text) => {
    expect(check(text)).toMatchObject({ validity: 'valid' });
  });

  it('an indeterminate write cannot bring back what it replaced', () => {
    const text =
      '0 write x=1 0..9 \n 1 write x=2 0..9 info timeout \n 0 read x=2 50..51 @final \n 2 read x=1 53..54 @final';
    expect(check(text).anomalies).toMatchObject([{ name: 'divergence', operations: [4, 5, 6, 7] }]);
  });

  it('holds something that was written', () => {
    expect(
      check('0 write x=1 0..9 fail \n 0 read x=1 50..51 @final \n 1 read x=1 50..51 @final').anomalies,
    ).toMatchObject([
      {
        name: 'unwritten-value',
        explanation:
          'At the end process 0: read x = 1 (0.050 s - 0.051 s) saw 1 as the value of x, but only what certainly failed tried to write that: process 0: write x = 1 (failed) (0.000 s - 0.009 s).',
      },
    ]);
    expect(check('0 read x=7 50..51 @final \n 1 read x=7 50..51 @final').validity).toBe('invalid');
  });

  it('begins at a stated time', () => {
    const text =
      '0 write x=1 0..9 \n 0 read x=1 20..21 \n 1 read x 30..31 fail not-found \n 0 read x=1 40..41';
    expect(check(text).reason).toBe('the history has no phase final (option "after" names a time)');
    expect(check(text, { after: 35e6 }).reason).toBe('no key was read twice at the end');
    expect(check(text, { after: 25e6 }).anomalies).toMatchObject([{ name: 'divergence' }]);
  });

  it('compares what replicas tell', () => {
    const text = (last: string) => `
      phase final 40
      note n1 30 "state" {"digest":"old"}
      note n1 50 "state" {"digest":"a"}
      note n2 51 "state" {"digest":"a"}
      note n3 52 "state" {"digest":"${last}"}`;
    expect(check(text('a'), { notes: 'state' })).toMatchObject({ validity: 'valid', figures: { hosts: 3 } });
    expect(check(text('b'), { notes: 'state' }).anomalies).toEqual([
      {
        name: 'replica-divergence',
        explanation:
          'At the end the replicas do not agree: n1 and n2 told {"digest":"a"} (0.050 s) and n3 told {"digest":"b"} (0.052 s).',
        operations: [2, 4],
        data: { states: 2 },
      },
    ]);
    expect(check(text('b')).validity).toBe('unknown');
    expect(check(`0 write x=1 0..9 info \n ${text('b')}`, { notes: 'state' }).validity).toBe('unknown');
  });

  it('is not judged where the plan may exceed the tolerance', () => {
    const { events } = run('0 write x=1 0..9 \n 0 read x=1 50..51 @final \n 1 read x=7 50..51 @final');
    const header = { sixways: 1, world: 'simulator', plan: { beyond: true } } as const;
    expect(convergence.check({ header, events }, {}, {})).toMatchObject({
      validity: 'valid',
      figures: { judged: 'the plan may exceed what the system tolerates' },
    });
  });

  it('agrees with its definition', () => {
    const seen = { valid: 0, invalid: 0, unknown: 0 };
    fc.assert(
      fc.property(spoiled(executions({ threads: 2, steps: 6, unique: true })), fc.nat(9), (history, cut) => {
        const after = (history.events[Math.floor((history.events.length * cut) / 10)]?.time ?? 0) + 0.5;
        const { validity } = convergence.check(history, { after }, {});
        seen[validity]++;
        const broken = ['x', 'y'].some((key) => isBroken(history, key, after));
        if ((validity === 'invalid') !== broken)
          expect.fail(`${validity}, expected ${broken ? 'invalid' : 'valid'}`);
      }),
      { numRuns: comparisons('convergence') },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(2000);
  });

  it('is kept by linearizable executions, whatever is in flight', () => {
    fc.assert(
      fc.property(executions({ threads: 3, steps: 20, unique: true }), fc.nat(9), (history, cut) => {
        const after = (history.events[Math.floor((history.events.length * cut) / 10)]?.time ?? 0) + 0.5;
        expect(convergence.check(history, { after }, {}).anomalies).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});

/** Some two final reads that no single copy can have answered, or one of what nobody can have written. */
function isBroken(history: History, key: string, after: number): boolean {
  const from = history.events.find(({ time }) => time >= after)?.index ?? Number.POSITIVE_INFINITY;
  const pairs = operationPairs(history.events).filter(({ invocation }) => invocation.key === key);
  const wrote = ({ invocation: { f, value } }: OperationPair): Json | undefined =>
    f === 'write' ? value : f === 'cas' ? (value as readonly Json[])[1] : undefined;
  const mayWrite = (pair: OperationPair): boolean =>
    wrote(pair) !== undefined && pair.completion?.type !== 'fail';
  const reads = pairs.filter(
    ({ invocation, completion }) =>
      invocation.f === 'read' && completion?.type === 'ok' && invocation.index >= from,
  );
  const saw = (read: OperationPair): Json => (read.completion as Operation).value;
  const moves = (value: Json): boolean =>
    pairs.some(
      (pair) =>
        mayWrite(pair) &&
        wrote(pair) === value &&
        (pair.completion?.type !== 'ok' || pair.completion.index >= from),
    );
  return reads.some(
    (second) =>
      (saw(second) !== null && !pairs.some((pair) => mayWrite(pair) && wrote(pair) === saw(second))) ||
      reads.some(
        (first) =>
          saw(first) !== saw(second) &&
          !moves(saw(second)) &&
          (!moves(saw(first)) || first.completion!.index < second.invocation.index),
      ),
  );
}
