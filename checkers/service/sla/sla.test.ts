import { describe, expect, it } from 'vitest';
import type { Json } from '../../../histories/index.ts';
import { run } from '../../testing/run.ts';
import { sla } from './index.ts';

/** An operation every 10 ms, each answered after 2 ms, except those invoked at these times. */
function traffic(until: number, except: { readonly [time: number]: string } = {}): string {
  const lines: string[] = [];
  for (let time = 0; time < until; time += 10) {
    lines.push(`${time / 10} write x=${time} ${time}..${except[time] ?? time + 2}`);
  }
  return lines.join('\n');
}

const deadline = 5e6;

/** Figures of a stage of that traffic. */
function stage(operations: number, served: number): Json {
  return {
    operations,
    served,
    availability: served / operations,
    servedPerSecond: (100 * served) / operations,
    latencyOfServed: { p50: 2e6, p90: 2e6, p99: 2e6, p999: 2e6, max: 2e6 },
  };
}

describe('sla', () => {
  it('counts nines, budget and latency without an objective, and says that nothing was judged', () => {
    expect(sla.check(run(traffic(100, { 50: '52 fail refused' })), {}, {})).toEqual({
      checker: 'sla',
      validity: 'valid',
      anomalies: [],
      figures: {
        operations: 10,
        served: 9,
        availability: 0.9,
        nines: 1,
        latencyOfServed: { p50: 2e6, p90: 2e6, p99: 2e6, p999: 2e6, max: 2e6 },
        objectives: [],
        judged: 'no objectives are stated',
        stages: { before: stage(10, 9), during: null, after: null },
        episodes: 1,
        faults: [],
      },
    });
  });

  it('meets its objectives', () => {
    const objectives = {
      deadline,
      availability: 0.999,
      latency: [{ percentile: 99, within: 2e6 }],
      repairWithin: 0,
    };
    const history = run(`${traffic(100)} \n nemesis pause n1 30..40 #0 bit`, { objectives });
    expect(sla.check(history, {}, {})).toEqual({
      checker: 'sla',
      validity: 'valid',
      anomalies: [],
      figures: {
        operations: 10,
        served: 10,
        availability: 1,
        nines: 1,
        ninesAtLeast: true,
        errorBudget: { allowed: 0.01, spent: 0, burn: 0 },
        latencyOfServed: { p50: 2e6, p90: 2e6, p99: 2e6, p999: 2e6, max: 2e6 },
        deadline,
        objectives: [
          { objective: 'availability', target: 0.999, measured: 1, met: true },
          { objective: 'latency p99', target: 2e6, measured: 2e6, met: true },
          { objective: 'repair', target: 0, measured: 0, met: true },
        ],
        stages: { before: stage(3, 3), during: stage(2, 2), after: stage(5, 5) },
        episodes: 0,
        faults: [
          {
            fault: 0,
            kind: 'pause',
            from: 30e6,
            until: 40e6,
            timeToDetect: null,
            timeToRepair: null,
            episodes: 0,
          },
        ],
      },
    });
  });

  it('blames the fault that was applied last before clients noticed', () => {
    const history = run(
      `
      ${traffic(200, { 40: '49', 50: '52 fail refused', 60: '', 150: '152 fail refused' })}
      nemesis slow n1  5..120 #0 bit
      nemesis pause n2 38..65 #1 bit
      `,
      { objectives: { deadline, availability: 0.9 } },
    );
    const { anomalies, figures } = sla.check(history, {}, {});
    expect(anomalies).toEqual([
      {
        name: 'sla-availability',
        explanation:
          '4 of 20 operations were not served within 0.005 s, 2 times the error budget: 80 % instead of 90 %. Put down to the fault applied last before: 3 to the pause of n2 (fault 1, 0.038 s - 0.065 s) and 1 to none (no fault was in force).',
        operations: [10, 11, 12, 13, 14],
        data: {
          share: 0.8,
          target: 0.9,
          unserved: 4,
          causes: [
            { faults: [1], count: 3 },
            { faults: [], count: 1 },
          ],
        },
      },
    ]);
    expect(figures).toMatchObject({
      nines: 0.7,
      errorBudget: { allowed: 2, spent: 4, burn: 2 },
      episodes: 2,
      // Noticed when the deadline of the operation at 40 ms passed; repaired by the answer to that at 70 ms.
      faults: [
        { fault: 0, timeToDetect: null, timeToRepair: null, episodes: 0 },
        { fault: 1, timeToDetect: 7e6, timeToRepair: 34e6, episodes: 1 },
      ],
    });
  });

  it('finds a latency above its bound; what was not served is slower than any bound', () => {
    const history = run(`${traffic(100, { 30: '42', 70: '' })} \n nemesis slow n1 25..45 #0 bit`);
    const latency = [
      { percentile: 80, within: 2e6 },
      { percentile: 90, within: 5e6 },
      { percentile: 100, within: 1e9 },
    ];
    const { anomalies, figures } = sla.check(history, { latency }, {});
    expect(figures.objectives).toEqual([
      { objective: 'latency p80', target: 2e6, measured: 2e6, met: true },
      { objective: 'latency p90', target: 5e6, measured: 12e6, met: false },
      { objective: 'latency p100', target: 1e9, measured: 'not served', met: false },
    ]);
    expect(anomalies).toEqual([
      {
        name: 'sla-latency',
        explanation:
          'Percentile 100 of the latency is for ever (not served) instead of at most 1.000 s. 1 operation of 10 took longer than that. Put down to the fault applied last before they ended: 1 to none (no fault was in force). The slowest: process 7: write x = 70 (never completed) (0.070 s - open).',
        operations: [16],
        data: { percentile: 100, within: 1e9, measured: 'not served', slow: 1 },
      },
      {
        name: 'sla-latency',
        explanation:
          'Percentile 90 of the latency is 0.012 s instead of at most 0.005 s. 2 operations of 10 took longer than that. Put down to the fault applied last before they ended: 1 to none (no fault was in force) and 1 to the slow of n1 (fault 0, 0.025 s - 0.045 s). The slowest: process 7: write x = 70 (never completed) (0.070 s - open).',
        operations: [7, 9, 16],
        data: { percentile: 90, within: 5e6, measured: 12e6, slow: 2 },
      },
    ]);
  });

  it('finds that a repair took too long', () => {
    const history = run(
      `
      ${traffic(200, { 40: '41 fail refused', 50: '51 fail refused', 60: '61 fail refused' })}
      nemesis crash n1 35..150 #0 bit
      `,
    );
    expect(sla.check(history, { deadline, repairWithin: 30e6 }, {})).toMatchObject({
      validity: 'invalid',
      anomalies: [
        {
          name: 'sla-repair',
          explanation:
            'After the crash of n1 (fault 0, 0.035 s - 0.150 s) it took 0.037 s until operations were served again; 0.030 s are allowed. Clients noticed after 0.006 s.',
          operations: [9, 10],
          data: { fault: 0, kind: 'crash', took: 37e6, within: 30e6, repaired: true },
        },
      ],
      figures: { objectives: [{ objective: 'repair', target: 30e6, measured: 37e6, met: false }] },
    });
    expect(sla.check(history, { deadline, repairWithin: 37e6 }, {}).validity).toBe('valid');
  });

  it('finds that it was never repaired', () => {
    const down = Object.fromEntries(
      Array.from({ length: 10 }, (_, i) => [100 + i * 10, `${101 + i * 10} fail refused`]),
    );
    const history = run(`${traffic(200, down)} \n nemesis crash n1 95..150 #0 bit`);
    const { anomalies, figures } = sla.check(history, { deadline, repairWithin: 30e6 }, {});
    expect(anomalies[0]?.explanation).toBe(
      'After the crash of n1 (fault 0, 0.095 s - 0.150 s) operations were not served again until the end, 0.096 s later; 0.030 s are allowed. Clients noticed after 0.006 s.',
    );
    expect(figures.faults).toEqual([
      {
        fault: 0,
        kind: 'crash',
        from: 95e6,
        until: 150e6,
        timeToDetect: 6e6,
        timeToRepair: null,
        unrepairedFor: 96e6,
        episodes: 1,
      },
    ]);
  });

  it('does not count the time in which the system still served against the repair', () => {
    const history = run(`
      ${traffic(200, { 120: '121 fail refused' })}
      nemesis slow n1 5..150 #0 bit
    `);
    // From the failed operation at 120 ms to the answer at 132 ms, though the fault was applied at 5 ms.
    expect(sla.check(history, { deadline }, {}).figures.faults).toMatchObject([
      { timeToDetect: 116e6, timeToRepair: 12e6 },
    ]);
  });

  it('puts an outage down also to a fault that was applied while it lasted', () => {
    const history = run(`
      ${traffic(200, { 40: '41 fail refused', 50: '51 fail refused', 60: '61 fail refused' })}
      nemesis crash n1 35..150 #0 bit
      nemesis crash n2 45..150 #1 bit
    `);
    expect(sla.check(history, { deadline }, {}).figures.faults).toMatchObject([
      { fault: 0, timeToDetect: 6e6, timeToRepair: 37e6 },
      { fault: 1, timeToDetect: 6e6, timeToRepair: 27e6 },
    ]);
  });

  it('takes two failures further apart than the settling time for two outages', () => {
    const history = run(traffic(100, { 20: '21 fail refused', 40: '41 fail refused' }));
    expect(sla.check(history, { deadline }, {}).figures.episodes).toBe(2);
    expect(sla.check(history, { deadline, settle: 20e6 }, {}).figures.episodes).toBe(1);
  });

  it('judges nothing when the plan may exceed the tolerance', () => {
    const history = run('0 write =1 0..5 fail refused', { plan: { beyond: true } });
    expect(sla.check(history, { deadline, availability: 1 }, {})).toMatchObject({
      validity: 'valid',
      figures: { judged: 'the plan may exceed the tolerance: objectives are not judged' },
    });
  });

  it('is unknown when there is an objective and no operation', () => {
    expect(sla.check(run(''), { deadline, availability: 0.9 }, {})).toMatchObject({
      validity: 'unknown',
      reason: 'the history has no operations',
      figures: { nines: null },
    });
  });
});
