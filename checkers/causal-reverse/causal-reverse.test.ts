import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type History, type Json, operationPairs } from '../../histories/index.ts';
import { comparisons } from '../testing/comparisons.ts';
import { run } from '../testing/run.ts';
import { causalReverse } from './index.ts';
import { registerHistories } from './testing/arbitrary.ts';

describe('causal-reverse', () => {
  it('is valid where reads show what was acknowledged before what they show', () => {
    const history = run(`
      0 write =1      0..10
      1 write =2      5..20
      0 write =3      30..40
      2 read =[] 0..50
      2 read =[2]    50..60
      2 read =[1]    60..70
      2 read =[3,2,1] 70..80
    `);
    expect(causalReverse.check(history, {}, {})).toEqual({
      checker: 'causal-reverse',
      validity: 'valid',
      anomalies: [],
      figures: { operations: 7, keys: 1, writes: 3, reads: 4, valuesRead: 5, reversed: 0 },
    });
  });

  it('finds the effect without its cause', () => {
    const history = run('0 write =1 0..10 \n 1 write =2 15..20 \n 2 read =[2] 30..40');
    expect(causalReverse.check(history, {}, {})).toEqual({
      checker: 'causal-reverse',
      validity: 'invalid',
      anomalies: [
        {
          name: 'causal-reverse',
          explanation:
            'The read by process 2: read = [2] (0.030 s - 0.040 s) shows 2 and not 1. But the write of 1 was acknowledged at 0.010 s (process 0: write = 1 (0.000 s - 0.010 s)), before 2 was written by anybody (process 1: write = 2 (0.015 s - 0.020 s), invoked at 0.015 s): whoever sees the second must see the first.',
          operations: [0, 1, 2, 3, 4, 5],
          data: { missing: 1, shown: 2 },
        },
      ],
      figures: { operations: 3, keys: 1, writes: 2, reads: 1, valuesRead: 1, reversed: 1 },
    });
  });

  it.each([
    [
      'causal-reverse',
      'an indeterminate write that is shown',
      '0 write =1 0..10 \n 1 write =2 15.. \n 2 read =[2] 30..40',
    ],
    ['garbage-read', 'a value that nobody wrote', '0 write =1 0..10 \n 2 read =[1,9] 30..40'],
    [
      'aborted-read',
      'a value whose write failed',
      '0 write =1 0..10 \n 1 write =2 0..10 fail no \n 2 read =[1,2] 30..40',
    ],
    [
      'future-read',
      'a value that is written later',
      '0 write =1 0..10 \n 2 read =[1,2] 30..40 \n 1 write =2 50..60',
    ],
  ])('is invalid, %s: %s', (name, _, text) => {
    expect(causalReverse.check(run(text), {}, {})).toMatchObject({
      validity: 'invalid',
      anomalies: [{ name }],
    });
  });

  it.each([
    [
      'the cause is indeterminate',
      '0 write =1 0..10 info timeout \n 1 write =2 15..20 \n 2 read =[2] 30..40',
    ],
    ['the two were concurrent', '0 write =1 0..16 \n 1 write =2 15..20 \n 2 read =[2] 30..40'],
    [
      'the effect was also written before',
      '0 write =1 0..10 \n 2 write =2 0..9 \n 1 write =2 15..20 \n 2 read =[2] 30..40',
    ],
    ['they are rows of different tables', '0 write a=1 0..10 \n 1 write b=2 15..20 \n 2 read b=[2] 30..40'],
  ])('is valid: %s', (_, text) => {
    expect(causalReverse.check(run(text), {}, {}).validity).toBe('valid');
  });

  it.each([
    ['0 write =1 0..10', 'no read of a list of values was acknowledged'],
    ['0 write =1 0..10 \n 1 read =1 20..30', 'no read of a list of values was acknowledged'],
    ['0 write =1 0..10 info timeout \n 1 read =[] 20..30', 'no write was acknowledged'],
    ['', 'the history has none of the operations write, read'],
  ])('is unknown: %j', (text, reason) => {
    expect(causalReverse.check(run(text), {}, {})).toMatchObject({ validity: 'unknown', reason });
  });

  it('judges only who promises real time', () => {
    const verdictFor = (consistency: string) => {
      const claims = { consistency, durability: false, recoveryWithin: 0 };
      return causalReverse.check(
        run('0 write =1 0..10 \n 1 write =2 15..20 \n 2 read =[2] 30..40', { claims }),
        {},
        {},
      );
    };
    expect(verdictFor('serializable')).toMatchObject({
      validity: 'valid',
      figures: { reversed: 1, judged: 'serializable promises nothing of real time' },
    });
    expect(verdictFor('strict-serializable').validity).toBe('invalid');
    expect(verdictFor('strong-snapshot-isolation').validity).toBe('invalid');
  });
});

/** The definition, write by write and read by read. */
function explained(history: History): boolean {
  const pairs = operationPairs(history.events);
  const writes = pairs.filter(
    ({ invocation, completion }) => invocation.f === 'write' && completion?.type !== 'fail',
  );
  const values = (of: Json): readonly Json[] => of as readonly Json[];
  return pairs.every(({ invocation, completion }) => {
    if (invocation.f !== 'read' || completion?.type !== 'ok') return true;
    const shown = values(completion.value);
    // Some choice of one write for each value shown, each of them begun before the read was over ...
    const choices = shown.map((value) =>
      writes.filter((write) => write.invocation.value === value && write.invocation.index < completion.index),
    );
    // ... such that nothing acknowledged before one of them is absent.
    return choices.every((candidates) =>
      candidates.some((effect) =>
        writes.every(
          (cause) =>
            shown.includes(cause.invocation.value) ||
            cause.completion?.type !== 'ok' ||
            cause.completion.index > effect.invocation.index,
        ),
      ),
    );
  });
}

describe('causal-reverse against its definition', () => {
  it('is valid if and only if every value shown has a write, and every absent one was not acknowledged before it', () => {
    const seen = { valid: 0, invalid: 0 };
    fc.assert(
      fc.property(registerHistories, (history) => {
        const valid = causalReverse.check(history, {}, {}).anomalies.length === 0;
        seen[valid ? 'valid' : 'invalid']++;
        return valid === explained(history);
      }),
      { numRuns: comparisons('causal-reverse') },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(4000);
  });
});
