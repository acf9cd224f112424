import { describe, expect, it } from 'vitest';
import { run } from '../testing/run.ts';
import { availability } from './availability.ts';

const claims = { consistency: 'linearizable', durability: true, recoveryWithin: 50e6, availability: 0.5 };

const outage = `
  phase warm-up 0
  0 write x=1 0..10
  phase faults 20
  nemesis pause n1 20..60 #0 bit
  0 write x=2 22..32 info timeout
  1 write x=3 34..44 fail refused
  1 read x=1  46..56
  phase heal 60
  phase recovery 61 {"bound":50000000}
`;
const recovered = `${outage}
  1 read x=1 70..75
  phase final 76 {"recovered":true,"after":14000000}
  1 read x=1 80..85 @final
  phase end 90
`;

describe('availability', () => {
  it('is valid when enough was served, and again after healing', () => {
    const history = run(recovered, { claims: { ...claims, availability: 0.3 } });
    expect(availability.check(history, {}, {})).toEqual({
      checker: 'availability',
      validity: 'valid',
      anomalies: [],
      figures: {
        operations: 6,
        served: 0.666667,
        before: 1,
        during: 0.333333,
        after: 1,
        byF: { read: 1, write: 0.333333 },
        longestOutage: { from: 22e6, until: 56e6, length: 34e6 },
        recovery: { began: 61e6, servedAfter: 14e6 },
      },
    });
  });

  it('finds that a smaller share was served under faults than claimed', () => {
    expect(availability.check(run(recovered, { claims }), {}, {})).toMatchObject({
      validity: 'invalid',
      anomalies: [
        {
          name: 'unavailable',
          explanation:
            'Of 3 operations under faults within the tolerance 33.33 % were served; 50 % are claimed. The longest time without any answer was 0.034 s, from 0.022 s. In force meanwhile: pause of n1 (fault 0, 0.020 s - 0.060 s).',
          operations: [5, 6, 7, 8],
          data: { share: 1 / 3, claimed: 0.5, operations: 3, unserved: 2 },
        },
      ],
    });
  });

  it('counts answers after the deadline as none', () => {
    const { figures } = availability.check(run(recovered), { deadline: 7e6 }, {});
    expect(figures).toMatchObject({ before: 0, during: 0, after: 1, deadline: 7e6 });
  });

  it('finds that nothing was served after healing', () => {
    const history = run(
      `${outage}
      1 read x   70..110 info timeout
      phase final 111 {"recovered":false,"after":50000000,"unserved":["x"]}
      `,
      { claims: { ...claims, availability: 0 } },
    );
    expect(availability.check(history, {}, {})).toEqual({
      checker: 'availability',
      validity: 'invalid',
      anomalies: [
        {
          name: 'no-recovery',
          explanation:
            'All faults were healed and the recovery phase began at 0.061 s; the system must serve again within 0.050 s. Of the 1 operation invoked since, none was served. Keys that were not served: x.',
          operations: [14, 15],
          data: { began: 61e6, within: 50e6, servedAfter: null, attempts: 1, unserved: ['x'] },
        },
      ],
      figures: {
        operations: 5,
        served: 0.4,
        before: 1,
        during: 0.333333,
        after: 0,
        byF: { read: 0.5, write: 0.333333 },
        longestOutage: { from: 70e6, until: 111e6, length: 41e6 },
        recovery: { began: 61e6, servedAfter: null },
      },
    });
  });

  it.each([
    [
      'the controller noted that a key stayed dead, though another was served',
      '1 read y=1 70..75 \n phase final 111 {"recovered":false,"unserved":["x"]}',
      {},
      'some were served, the first 0.014 s later, but the system had not recovered within the bound. Keys that were not served: x.',
    ],
    [
      'a kind of operation and a client were served no more',
      '1 read y=1 70..75 \n phase final 111 {"recovered":false,"unserved":[],"kinds":["write"],"clients":["c2"]}',
      {},
      'but the system had not recovered within the bound. Operations that succeeded before, and not since: write. Clients that succeeded before, and not since: c2.',
    ],
    ['the first answer came too late', '1 read x=1 70..120', {}, 'the first was served only 0.059 s later.'],
    [
      'recovery took longer than an option allows',
      '1 read x=1 70..75 \n phase final 76 {"recovered":true,"after":14000000}',
      { recoveryWithin: 1e6 },
      'the last key was served only 0.014 s later.',
    ],
  ])('no-recovery: %s', (_, text, options, end) => {
    const { anomalies } = availability.check(
      run(outage + text, { claims }),
      { availability: 0, ...options },
      {},
    );
    expect(anomalies.map(({ name }) => name)).toEqual(['no-recovery']);
    expect(anomalies[0]?.explanation.endsWith(end)).toBe(true);
  });

  it.each([
    ['phase warm-up 0 \n 0 write =1 1..2', 'the history ends before the recovery phase'],
    [
      `${outage} 1 read x 70..75 fail refused`,
      'the history ends before the bound of the recovery had passed',
    ],
    [
      `${outage} phase final 111 {"recovered":false}`,
      'no operation was attempted after the recovery phase began',
    ],
  ])('is unknown: %#', (text, reason) => {
    expect(availability.check(run(text, { claims }), { availability: 0 }, {})).toMatchObject({
      validity: 'unknown',
      reason: expect.stringContaining(reason),
    });
  });

  it('is unknown when a share is claimed and nothing was invoked under faults', () => {
    const history = run('phase warm-up 0 \n 0 write =1 1..2 \n phase faults 5');
    expect(availability.check(history, { availability: 0.9 }, {})).toMatchObject({
      validity: 'unknown',
      reason: 'no operation was invoked under faults',
    });
  });

  it('judges no liveness when the plan may exceed the tolerance', () => {
    const history = run(outage, { claims, plan: { beyond: true, schedule: [] } });
    expect(availability.check(history, {}, {})).toMatchObject({
      validity: 'valid',
      figures: { judged: 'the plan may exceed the tolerance: liveness is not judged' },
    });
  });

  it('judges the whole of a history without phases, and only what is claimed', () => {
    const history = run('0 write =1 0..5 \n 0 write =2 10..15 fail refused');
    expect(availability.check(history, {}, {}).validity).toBe('valid');
    expect(availability.check(history, { availability: 0.9 }, {}).validity).toBe('invalid');
  });

  it('counts definite answers of a working system as served, by option', () => {
    const history = run('0 read =1 0..5 fail not-found \n 0 write =2 10..15 fail full');
    expect(availability.check(history, {}, {}).figures).toMatchObject({ served: 0.5 });
    expect(availability.check(history, { servedErrors: ['full'] }, {}).figures).toMatchObject({
      byF: { read: 0, write: 1 },
    });
  });
});
