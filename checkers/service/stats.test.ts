import { describe, expect, it } from 'vitest';
import { run } from '../testing/run.ts';
import { stats } from './stats.ts';

describe('stats', () => {
  it('counts by kind of operation', () => {
    const history = run(`
      0 write x=1   0..10
      0 write x=2   20..40
      1 cas x=1>2   0..50 fail cas-mismatch
      1 cas x=2>3   60..70
      2 read x=3    80..90
      3 read x      80..95 info timeout
      4 read x      90..
      nemesis pause n1 99..100 #0 bit
    `);
    expect(stats.check(history, {}, {})).toEqual({
      checker: 'stats',
      validity: 'valid',
      anomalies: [],
      figures: {
        operations: 7,
        ok: 4,
        okShare: 0.571429,
        span: 95e6,
        okPerSecond: 42.105,
        byF: {
          cas: {
            invoked: 2,
            ok: 1,
            fail: 1,
            info: 0,
            open: 0,
            okShare: 0.5,
            latency: { p50: 10e6, p90: 10e6, p99: 10e6, p999: 10e6, max: 10e6 },
          },
          read: {
            invoked: 3,
            ok: 1,
            fail: 0,
            info: 1,
            open: 1,
            okShare: 0.333333,
            latency: { p50: 10e6, p90: 10e6, p99: 10e6, p999: 10e6, max: 10e6 },
          },
          write: {
            invoked: 2,
            ok: 2,
            fail: 0,
            info: 0,
            open: 0,
            okShare: 1,
            latency: { p50: 10e6, p90: 20e6, p99: 20e6, p999: 20e6, max: 20e6 },
          },
        },
      },
    });
  });

  it('is unknown when a kind never succeeded, unless it need not', () => {
    const history = run(`
      0 read =null 0..1
      0 cas =1>2   2..3 fail cas-mismatch
      0 write =2   4..5 fail refused
    `);
    expect(stats.check(history, {}, {})).toMatchObject({
      validity: 'unknown',
      reason: 'never succeeded: cas and write',
    });
    expect(stats.check(history, { ignore: ['cas', 'write'] }, {}).validity).toBe('valid');
  });

  it('is unknown without operations', () => {
    expect(stats.check(run(''), {}, {})).toMatchObject({
      validity: 'unknown',
      reason: 'the history has no operations',
      figures: { operations: 0, okShare: null, okPerSecond: null },
    });
  });
});
