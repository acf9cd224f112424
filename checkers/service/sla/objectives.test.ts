import { describe, expect, it } from 'vitest';
import type { Objectives } from '../../../histories/index.ts';
import { run } from '../../testing/run.ts';
import { sla } from './index.ts';

/** An operation of its own process every 10 ms, answered after 2 ms, except those invoked at these times. */
function traffic(until: number, except: { readonly [time: number]: string } = {}): string {
  const lines: string[] = [];
  for (let time = 0; time < until; time += 10) {
    lines.push(`${time / 10} write x=${time} ${time}..${except[time] ?? time + 2}`);
  }
  return lines.join('\n');
}

const deadline = 5e6;

function judged(text: string, objectives: Partial<Objectives>) {
  const { validity, reason, anomalies, figures } = sla.check(run(text), objectives, {});
  return { validity, ...(reason !== undefined && { reason }), anomalies, objectives: figures.objectives };
}

describe('latency by window', () => {
  const slow = traffic(400, { 120: '150', 130: '160', 250: '253', 350: '' });
  const objective = { percentile: 75, within: 2e6, window: 100e6 };

  it('is met if enough windows keep the bound', () => {
    expect(judged(slow, { latency: [{ ...objective, share: 1 }] })).toEqual({
      validity: 'valid',
      anomalies: [],
      objectives: [
        {
          objective: 'latency p75 in windows of 0.100 s',
          target: 2e6,
          measured: 2e6,
          met: true,
          windows: 4,
          complied: 4,
          share: 1,
        },
      ],
    });
  });

  it('names the worst window, its slowest operation and the fault', () => {
    const text = `${slow} \n nemesis slow n1 115..145 #0 bit`;
    expect(judged(text, { latency: [{ ...objective, percentile: 85, share: 0.9 }] })).toEqual({
      validity: 'invalid',
      anomalies: [
        {
          name: 'sla-latency',
          explanation:
            'In 1 of 4 windows of 0.100 s percentile 85 of the latency is above 0.002 s; 90 % of the windows must keep that bound. The worst window is 0.100 s - 0.200 s: 0.030 s, 2 of its 10 operations took longer than the bound. The slow operations of all these windows, put down to the fault applied last before they ended: 2 to the slow of n1 (fault 0, 0.115 s - 0.145 s). The slowest of the worst window: process 12: write x = 120 (0.120 s - 0.150 s).',
          operations: [25, 26, 30, 33],
          data: {
            percentile: 85,
            within: 2e6,
            window: 100e6,
            windows: 4,
            broken: 1,
            share: 0.9,
            worst: { from: 100e6, until: 200e6, measured: 30e6 },
          },
        },
      ],
      objectives: [
        {
          objective: 'latency p85 in windows of 0.100 s',
          target: 2e6,
          measured: 30e6,
          met: false,
          windows: 4,
          complied: 3,
          share: 0.9,
        },
      ],
    });
  });

  it('does not judge windows with too few operations, and is unknown if none has enough', () => {
    expect(judged(slow, { latency: [{ ...objective, atLeast: 11 }] })).toEqual({
      validity: 'unknown',
      reason: 'not judged: latency p75 in windows of 0.100 s (no window of 0.100 s has 11 operations)',
      anomalies: [],
      objectives: [
        {
          objective: 'latency p75 in windows of 0.100 s',
          target: 2e6,
          measured: null,
          met: null,
          unjudged: 'no window of 0.100 s has 11 operations',
        },
      ],
    });
  });
});

describe('goodput', () => {
  it('counts what was done in time for each second, as a whole and by window', () => {
    expect(
      judged(traffic(100), { deadline, goodput: [{ perSecond: 100 }, { perSecond: 100, window: 20e6 }] }),
    ).toEqual({
      validity: 'valid',
      anomalies: [],
      objectives: [
        // Ten operations in 92 ms.
        { objective: 'goodput', target: 100, measured: 108.695652, met: true },
        {
          objective: 'goodput in windows of 0.020 s',
          target: 100,
          measured: 100,
          met: true,
          windows: 4,
          complied: 4,
          share: 1,
        },
      ],
    });
  });

  const starved = `${traffic(100, { 40: '52 fail refused', 50: '58', 60: '' })} \n nemesis pause n1 35..70 #0 bit`;

  it('finds too little, and says what was asked for', () => {
    expect(judged(starved, { deadline, goodput: [{ perSecond: 80 }] }).anomalies).toEqual([
      {
        name: 'sla-goodput',
        explanation:
          'From 0.000 s to 0.092 s 76.1 operations a second were done within 0.005 s instead of at least 80: of 10 operations invoked in that time 3 were not. Put down to the fault applied last before they ended: 3 to the pause of n1 (fault 0, 0.035 s - 0.070 s).',
        operations: [9, 10, 11, 12, 13],
        data: { perSecond: 7 / 0.092, target: 80, from: 0, until: 92e6, operations: 10 },
      },
    ]);
  });

  it('finds windows with too little, the worst of them with what was waited for', () => {
    const { anomalies, objectives } = judged(starved, {
      deadline,
      goodput: [{ perSecond: 100, window: 20e6, share: 0.9 }],
    });
    expect(anomalies).toEqual([
      {
        name: 'sla-goodput',
        explanation:
          'In 2 of 4 windows of 0.020 s fewer than 100 operations a second were done within 0.005 s; 90 % of the windows must reach that. The worst window is 0.040 s - 0.060 s: 0 operations, 0 a second, though 2 were asked for or waited for. The windows, put down to the fault applied last before they ended: 2 to the pause of n1 (fault 0, 0.035 s - 0.070 s).',
        operations: [9, 10, 11, 12],
        data: {
          target: 100,
          window: 20e6,
          windows: 4,
          broken: 2,
          share: 0.9,
          worst: { from: 40e6, until: 60e6, perSecond: 0 },
        },
      },
    ]);
    expect(objectives).toMatchObject([{ measured: 0, met: false, windows: 4, complied: 2 }]);
  });

  it('does not judge a time in which no client asked, nor what comes after the faults', () => {
    const pause = '0 read x 0..2 \n 0 read x 10..12 \n 0 read x 50..52 \n 0 read x 60..62';
    expect(judged(pause, { goodput: [{ perSecond: 100, window: 10e6 }] }).objectives).toMatchObject([
      { met: true, windows: 3 },
    ]);
    const phases = `phase faults 0 \n ${pause} \n phase heal 20 \n phase final 45`;
    expect(judged(phases, { goodput: [{ perSecond: 100, window: 10e6 }] }).objectives).toMatchObject([
      { met: true, windows: 2 },
    ]);
  });

  it('is unknown without a whole window, without duration, and with windows beyond number', () => {
    const window = (length: number) => ({ goodput: [{ perSecond: 1, window: length }] });
    expect(judged(traffic(20), window(1e9)).reason).toBe(
      'not judged: goodput in windows of 1.000 s (the traffic fills no window of 1.000 s)',
    );
    expect(judged(traffic(20), window(1)).reason).toBe(
      'not judged: goodput in windows of 0.000000001 s (there are 12000000 windows of 1 ns, more than 1000000)',
    );
    expect(judged('0 read x 5..5', { goodput: [{ perSecond: 1 }] }).reason).toBe(
      'not judged: goodput (the traffic has no duration)',
    );
  });
});

describe('burn rate', () => {
  const failing = Object.fromEntries([300, 310, 330, 340].map((time) => [time, `${time + 1} fail refused`]));
  const text = `${traffic(600, failing)} \n nemesis pause n1 295..345 #0 bit`;

  it('fires when both windows burn too fast', () => {
    const { anomalies, objectives } = judged(text, {
      deadline,
      availability: 0.9,
      burn: [{ rate: 2, window: 120e6, short: 20e6 }],
    });
    expect(anomalies).toEqual([
      {
        name: 'sla-burn',
        explanation:
          'In the 0.120 s up to 0.340 s 4 of 12 operations were not served within 0.005 s, which burns the error budget 3.33 times as fast as the objective allows; more than 2 times is too fast. It was still going on: in the last 0.020 s 2 of 2 were not served (10 times). 10 % may fail. The alert fired 1 time; this is its worst moment. Put down to the fault applied last before they ended: 4 to the pause of n1 (fault 0, 0.295 s - 0.345 s).',
        operations: [61, 62, 63, 64, 67, 68],
        data: {
          rate: 2,
          window: 120e6,
          short: 20e6,
          until: 340e6,
          unserved: 4,
          operations: 12,
          burn: 3.333333,
          alerts: 1,
          causes: [{ faults: [0], count: 4 }],
        },
      },
    ]);
    expect(objectives).toMatchObject([
      { objective: 'availability', met: true },
      {
        objective: 'burn rate over 0.120 s and 0.020 s',
        target: 2,
        measured: 3.333333,
        met: false,
        alerts: 1,
      },
    ]);
  });

  it('does not fire when the short window is calm, or the rate is not above the bound', () => {
    const fine = (rule: { rate: number; window: number; short?: number }) =>
      judged(text, { deadline, availability: 0.9, burn: [rule] }).objectives;
    expect(fine({ rate: 10 / 3, window: 120e6 })).toMatchObject([{}, { met: true, measured: 3.333333 }]);
    // Four of six for a short while, but the whole stretch of 500 ms has only four of fifty.
    expect(fine({ rate: 1, window: 500e6, short: 60e6 })).toMatchObject([{}, { met: true, measured: 0.8 }]);
  });

  it('fires at any failure if nothing may fail', () => {
    const { anomalies, objectives } = judged(text, {
      deadline,
      availability: 1,
      burn: [{ rate: 14.4, window: 100e6 }],
    });
    expect(objectives).toMatchObject([{ met: false }, { met: false, measured: 'infinite' }]);
    expect(anomalies.map(({ name }) => name)).toEqual(['sla-availability', 'sla-burn']);
    expect(anomalies[1]?.explanation).toContain('though there is no error budget at all;');
  });

  it('is unknown without an availability to refer to, and if the run is shorter than the window', () => {
    expect(judged(text, { burn: [{ rate: 2, window: 120e6 }] }).reason).toBe(
      'not judged: burn rate over 0.120 s (no availability is stated that it refers to)',
    );
    expect(judged(text, { availability: 0.1, burn: [{ rate: 2, window: 1e9 }] }).reason).toBe(
      'not judged: burn rate over 1.000 s (the operations do not span a window of 1.000 s)',
    );
  });
});

describe('scopes', () => {
  const text = `
    0 write a1=1 0..2
    1 read a1=1  10..13
    nemesis pause n1 15..40 #0 bit
    2 read a1    20..50 info timeout
    3 read b=1   30..32
    4 write b=2  60..61
  `;

  it.each<[object, number, number]>([
    [{}, 5, 4],
    [{ f: ['read'] }, 3, 2],
    [{ keys: ['b'] }, 2, 2],
    [{ keyPrefix: 'a' }, 3, 2],
    [{ stage: 'before' }, 2, 2],
    [{ stage: 'during' }, 2, 1],
    [{ stage: 'after' }, 1, 1],
    [{ f: ['read'], keyPrefix: 'a', stage: 'during' }, 1, 0],
    [{ deadline: 2e6 }, 5, 3],
  ])('%j is about its operations only', (scope, operations, served) => {
    const { objectives, anomalies } = judged(text, {
      scopes: [{ name: 'some', availability: 1, ...scope }],
    });
    expect(objectives).toMatchObject([
      { scope: 'some', measured: Math.round((served / operations) * 1e6) / 1e6 },
    ]);
    expect(anomalies.map(({ explanation }) => explanation.slice(0, 30))).toEqual(
      served === operations
        ? []
        : [
            `some: ${operations - served} of ${operations} operation${operations === 1 ? '' : 's'} were not served`.slice(
              0,
              30,
            ),
          ],
    );
  });

  it('without an operation is not judged', () => {
    const scopes = [{ name: 'cas', f: ['cas'], availability: 1, latency: [{ percentile: 9, within: 1 }] }];
    expect(judged(text, { scopes })).toMatchObject({
      validity: 'unknown',
      reason: 'not judged: availability (there are no operations) and latency p9 (there are no operations)',
    });
  });
});

describe('detection and traffic before the faults', () => {
  const text = `${traffic(200, { 120: '199 fail refused' })} \n nemesis pause n1 105..150 #0 bit`;

  it('finds that a client noticed too late', () => {
    expect(judged(text, { detectWithin: 90e6 })).toMatchObject({
      validity: 'invalid',
      anomalies: [
        {
          name: 'sla-detection',
          explanation:
            'The pause of n1 (fault 0, 0.105 s - 0.150 s) showed only after 0.094 s: that is when the first client got an error or its deadline passed; 0.090 s are allowed.',
        },
      ],
    });
    expect(judged(text, { deadline, detectWithin: 90e6 }).objectives).toEqual([
      { objective: 'detection', target: 90e6, measured: 20e6, met: true },
    ]);
  });

  it('without a fault has nothing to judge, which matters only if nothing else was judged', () => {
    expect(judged(traffic(50), { detectWithin: 1, repairWithin: 1 })).toMatchObject({
      validity: 'unknown',
      reason: 'not judged: repair (no fault was applied) and detection (no fault was applied)',
    });
    expect(judged(traffic(50), { availability: 1, repairWithin: 1 }).validity).toBe('valid');
  });

  it('is unknown if too little was served before the first fault', () => {
    expect(judged(text, { availability: 0.5, trafficBefore: 11 }).validity).toBe('valid');
    expect(judged(text, { availability: 0.5, trafficBefore: 12 }).reason).toBe(
      '11 operations served before the first fault, 12 are needed to tell what is normal',
    );
    expect(judged(traffic(50), { availability: 0.5, trafficBefore: 12 }).validity).toBe('valid');
  });
});
