import { describe, expect, it } from 'vitest';
import { run } from '../testing/run.ts';
import { staleness } from './staleness.ts';

const lagging = run(`
  nemesis partition n1 15..65 #0 bit
  0 write x=1 0..10
  0 write x=2 20..30
  0 write x=3 40..50
  1 read x=1  60..61
  1 read x=2  62..63
  1 read x=3  64..65
`);

describe('staleness', () => {
  it('measures each read against the first acknowledged overwrite', () => {
    expect(staleness.check(lagging, {}, {})).toEqual({
      checker: 'staleness',
      validity: 'valid',
      anomalies: [],
      figures: {
        operations: 6,
        keys: 1,
        reads: 3,
        stale: 2,
        tooStale: 0,
        within: 'no bound is claimed: nothing judged',
        lag: { p50: 12e6, p90: 30e6, p99: 30e6, p999: 30e6, max: 30e6 },
      },
    });
  });

  it('reports the worst read of a key beyond the bound', () => {
    expect(staleness.check(lagging, { within: 20e6 }, {})).toEqual({
      checker: 'staleness',
      validity: 'invalid',
      anomalies: [
        {
          name: 'stale-read',
          key: 'x',
          explanation:
            'Process 1: read x = 1 (0.060 s - 0.061 s) saw a value of x that had been overwritten 0.030 s before it was invoked; at most 0.020 s is allowed. The value was written by process 0: write x = 1 (0.000 s - 0.010 s), which was over when it was replaced by process 0: write x = 2 (0.020 s - 0.030 s). In force meanwhile: partition of n1 (fault 0, 0.015 s - 0.065 s).',
          operations: [0, 1, 3, 4, 7, 8],
          data: { lag: 30e6, within: 20e6, saw: 1, count: 1 },
        },
      ],
      figures: {
        operations: 6,
        keys: 1,
        reads: 3,
        stale: 2,
        tooStale: 1,
        within: 20e6,
        lag: { p50: 12e6, p90: 30e6, p99: 30e6, p999: 30e6, max: 30e6 },
      },
    });
  });

  it('takes the bound from the claims', () => {
    const claims = { consistency: 'eventual', durability: false, recoveryWithin: 0, stalenessWithin: 10e6 };
    const verdict = staleness.check({ ...lagging, header: { ...lagging.header, claims } }, {}, {});
    expect(verdict).toMatchObject({ validity: 'invalid', figures: { within: 10e6, tooStale: 2 } });
    expect(verdict.anomalies[0]?.explanation).toContain('It is the worst of 2 reads of x beyond the bound.');
  });

  it.each([
    [
      'an open write of the value may still take effect',
      '0 write x=1 0.. \n 1 write x=2 5..10 \n 1 read x=1 50..60',
    ],
    [
      'the overwrite is concurrent with the read',
      '0 write x=1 0..5 \n 1 write x=2 10..55 \n 0 read x=1 50..60',
    ],
    [
      'the overwrite is indeterminate',
      '0 write x=1 0..5 \n 1 write x=2 6..9 info timeout \n 0 read x=1 50..60',
    ],
    ['a value nobody wrote', '1 write x=2 6..9 \n 0 read x=7 50..60'],
  ])('does not lag: %s', (_, text) => {
    expect(staleness.check(run(text), { within: 0 }, {})).toMatchObject({
      validity: 'valid',
      figures: { reads: 1, stale: 0 },
    });
  });

  it('counts the versions that are certainly newer', () => {
    const verdict = staleness.check(lagging, { versions: 2 }, {});
    expect(verdict.figures).toMatchObject({ versions: 2, tooOld: 1, newerVersions: 2 });
    expect(verdict.anomalies).toEqual([
      {
        name: 'stale-version',
        key: 'x',
        explanation:
          'Process 1: read x = 1 (0.060 s - 0.061 s) saw a value of x than which 2 acknowledged versions were newer; only the 2 newest may be read. The value was written by process 0: write x = 1 (0.000 s - 0.010 s), which was over when the first of the newer ones was invoked; the one completed first: process 0: write x = 2 (0.020 s - 0.030 s).',
        operations: [0, 1, 3, 4, 7, 8],
        data: { newer: 2, versions: 2, saw: 1, count: 1 },
      },
    ]);
    expect(staleness.check(lagging, { versions: 3 }, {}).validity).toBe('valid');
  });

  it.each([
    ['an indeterminate write', '0 write x=1 0..5 \n 1 write x=2 6..9 info timeout \n 0 read x=1 50..60'],
    ['a concurrent write', '0 write x=1 0..5 \n 1 write x=2 6..55 \n 0 read x=1 50..60'],
    ['a write that began too early', '0 write x=1 0..5 \n 1 write x=2 3..9 \n 0 read x=1 50..60'],
  ])('%s is no newer version for certain', (_, text) => {
    expect(staleness.check(run(text), { versions: 1 }, {}).validity).toBe('valid');
  });

  it('counts a read that finds nothing as a read of the initial value', () => {
    const history = run('0 write x=1 0..10 \n 0 read x 30..40 fail not-found');
    expect(staleness.check(history, { within: 5e6 }, {}).anomalies).toMatchObject([
      { name: 'stale-read', operations: [0, 1, 2, 3], data: { lag: 20e6 } },
    ]);
  });

  it('is unknown when nothing was read', () => {
    expect(staleness.check(run('0 write x=1 0..10'), {}, {})).toMatchObject({
      validity: 'unknown',
      reason: 'nothing was read',
    });
  });
});
