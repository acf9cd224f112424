import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparisons } from '../testing/comparisons.ts';
import { run } from '../testing/run.ts';
import { serviceHistories } from '../testing/service-histories.ts';
import { goodput } from './goodput.ts';
import { asked, goodputOf, goodputWindows, trafficIn } from './sla/testing/naive.ts';

const history = run(`
  0 write x=1 0..5
  0 write x=2 10..40
  0 write x=3 50..55 fail refused
  0 read x=1 60..100
`);

describe('goodput', () => {
  it('counts, and judges nothing without a floor', () => {
    expect(goodput.check(history, {}, {})).toEqual({
      checker: 'goodput',
      validity: 'valid',
      anomalies: [],
      figures: {
        operations: 4,
        good: 3,
        perSecond: 30,
        traffic: { from: 0, until: 100e6 },
        judged: 'no floor is stated',
      },
    });
  });

  it('is valid at the floor, and finds less', () => {
    expect(goodput.check(history, { perSecond: 30 }, {}).validity).toBe('valid');
    expect(goodput.check(history, { perSecond: 30, deadline: 30e6 }, {}).anomalies).toEqual([
      {
        name: 'low-goodput',
        explanation:
          'From 0.000 s to 0.090 s 22.2 operations a second were done within 0.030 s instead of at least 30: of 4 operations invoked in that time 2 were not. Put down to the fault applied last before they ended: 2 to none (no fault was in force).',
        operations: [4, 5, 6, 7],
        data: { perSecond: 2 / 0.09, target: 30, from: 0, until: 90e6, operations: 4 },
      },
    ]);
  });

  it('is unknown without operations; does not judge beyond the tolerance', () => {
    expect(goodput.check(run(''), { perSecond: 0 }, {})).toMatchObject({
      validity: 'unknown',
      reason: 'the traffic has no duration',
    });
    const beyond = { ...history, header: { ...history.header, plan: { beyond: true } } };
    expect(goodput.check(beyond, { perSecond: 1000 }, {}).validity).toBe('valid');
  });

  it('counts as the definition says, over 20000 small histories', () => {
    const seen = { valid: 0, invalid: 0, unknown: 0 };
    const options = fc.record({
      perSecond: fc.constantFrom(10, 50, 100),
      deadline: fc.constantFrom(2e6, 1e9),
      window: fc.option(fc.constantFrom(5e6, 20e6)),
    });
    fc.assert(
      fc.property(serviceHistories, options, (drawn, { window, ...rest }) => {
        const { validity } = goodput.check(drawn, { ...rest, ...(window !== null && { window }) }, {});
        seen[validity]++;
        const operations = asked(drawn);
        const { perSecond, deadline } = rest;
        const traffic =
          operations.length === 0 ? { from: 0, until: 0 } : trafficIn(drawn, operations, deadline);
        const figures =
          traffic.from === traffic.until
            ? []
            : window === null
              ? [goodputOf(operations, deadline, traffic)]
              : goodputWindows(operations, deadline, traffic, { perSecond, window });
        const keeps = (figure: number) => figure >= perSecond - 1e-6;
        const wanted = figures.length === 0 ? 'unknown' : figures.every(keeps) ? 'valid' : 'invalid';
        if (validity !== wanted) expect(validity).toBe(wanted);
      }),
      { numRuns: comparisons('goodput') },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(1000);
  });
});
