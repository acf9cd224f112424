import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparisons } from '../testing/comparisons.ts';
import { run } from '../testing/run.ts';
import { agreement } from './agreement.ts';

const claims = { consistency: 'eventual', durability: true, recoveryWithin: 1e9, convergesWithin: 1e9 };
const copy = (host: string, of: string, at: unknown, digest: string, state?: unknown) =>
  `note ${host} 90 "copy" ${JSON.stringify({ of, at, digest, ...(state !== undefined && { state }) })}`;

describe('agreement', () => {
  it('is valid without copies, and where equal ones are equal', () => {
    expect(agreement.check(run('0 write =1 0..5'), {}, {})).toEqual({
      checker: 'agreement',
      validity: 'valid',
      anomalies: [],
      figures: { copies: 0, compared: 0 },
    });
    const history = run(`
      ${copy('n1', 'data', 7, 'aa')}
      ${copy('n2', 'data', 7, 'aa')}
      ${copy('n3', 'data', 6, 'bb')}
      ${copy('n1', 'log', 7, 'cc')}
      note n1 91 "copy" {"made":true}
    `);
    expect(agreement.check(history, {}, {})).toMatchObject({
      validity: 'valid',
      figures: { copies: 4, compared: 2 },
    });
  });

  it('finds copies at the same point that differ, and says where', () => {
    const history = run(`
      ${copy('n1', 'data', { epoch: [2, 1], sequence: 9 }, 'aa', { values: { k0: 4, k1: [1, 2] } })}
      ${copy('n2', 'data', { sequence: 9, epoch: [2, 1] }, 'bb', { values: { k0: 4, k1: [1, 3] } })}
      ${copy('n3', 'data', { epoch: [2, 1], sequence: 9 }, 'aa', { values: { k0: 4, k1: [1, 2] } })}
    `);
    expect(agreement.check(history, {}, {})).toEqual({
      checker: 'agreement',
      validity: 'invalid',
      anomalies: [
        {
          name: 'divergent-copies',
          key: 'data',
          explanation:
            'At {"epoch":[2,1],"sequence":9} the copies of data are of 2 states: one on n1 and n3, another on n2. For example /values/k1/1: 2 on n1, 3 on n2.',
          operations: [0, 1],
          data: {
            of: 'data',
            at: { epoch: [2, 1], sequence: 9 },
            states: [
              { digest: 'aa', hosts: ['n1', 'n3'] },
              { digest: 'bb', hosts: ['n2'] },
            ],
          },
        },
      ],
      figures: { copies: 3, compared: 3 },
    });
  });

  it.each([
    [{ k: 1 }, {}, 'For example /k: 1 on n1, nothing on n2.'],
    [{}, { k: null }, 'For example /k: nothing on n1, null on n2.'],
    [[1], { 0: 1 }, 'For example the whole: [1] on n1, {"0":1} on n2.'],
    [undefined, { k: 1 }, 'another on n2.'],
  ])('says what differs: %j and %j', (one, other, end) => {
    const history = run(`${copy('n1', 'x', 1, 'aa', one)}\n${copy('n2', 'x', 1, 'bb', other)}`);
    const [anomaly] = agreement.check(history, {}, {}).anomalies;
    expect(anomaly?.explanation.endsWith(end)).toBe(true);
  });

  it('compares copies that become equal in time where that is claimed, within the tolerance', () => {
    const text = `${copy('n1', 'x', null, 'aa')}\n${copy('n2', 'x', null, 'bb')}\n${copy('n3', 'x', null, 'cc')}`;
    const judged = (header: object) => agreement.check(run(text, header), {}, {});
    expect(judged({ claims }).anomalies[0]?.explanation).toBe(
      'At the end of the run, when all copies should have become equal, the copies of x are of 3 states: one on n1, another on n2, and more.',
    );
    expect(judged({}).validity).toBe('valid');
    expect(judged({ claims, plan: { beyond: true } }).validity).toBe('valid');
  });

  it('finds what a comparison of all pairs finds', () => {
    const copies = fc.array(
      fc.record({
        host: fc.constantFrom('n1', 'n2', 'n3'),
        of: fc.constantFrom('x', 'y'),
        at: fc.constantFrom(1, 2, null),
        digest: fc.constantFrom('aa', 'aa', 'bb'),
      }),
    );
    fc.assert(
      fc.property(copies, fc.boolean(), (shown, converging) => {
        const text = shown.map(({ host, of, at, digest }) => copy(host, of, at, digest)).join('\n');
        const { validity, anomalies } = agreement.check(run(text, converging ? { claims } : {}), {}, {});
        const differ = shown.flatMap((one) =>
          shown.some(
            (other) =>
              one.of === other.of &&
              one.at === other.at &&
              (one.at !== null || converging) &&
              one.digest !== other.digest,
          )
            ? [`${one.of} ${one.at}`]
            : [],
        );
        expect(validity).toBe(differ.length === 0 ? 'valid' : 'invalid');
        expect(anomalies).toHaveLength(new Set(differ).size);
      }),
      { numRuns: comparisons('agreement') },
    );
  });
});
