import { describe, expect, it } from 'vitest';
import { run } from '../testing/run.ts';
import { assertions } from './assertions.ts';

describe('assertions', () => {
  it('is valid without any observation', () => {
    expect(assertions.check(run('0 write =1 0..5'), {}, {})).toEqual({
      checker: 'assertions',
      validity: 'valid',
      anomalies: [],
      figures: { failures: { assertion: 0, 'uncaught-exception': 0 }, covered: 0, sometimes: [] },
    });
  });

  it('says what was covered, each condition once', () => {
    const history = run(`
      sometimes n1 10 "a snapshot was sent"
      sometimes n2 20 "a snapshot was sent"
      sometimes n2 30 "a leader stepped down"
      note n2      30 "leader" {"term":2}
    `);
    const { validity, figures } = assertions.check(history, {}, {});
    expect(validity).toBe('valid');
    expect(figures).toMatchObject({
      covered: 2,
      sometimes: ['a leader stepped down', 'a snapshot was sent'],
    });
  });

  it('reports a failed assertion once, however many hosts and times', () => {
    const history = run(`
      nemesis pause n1 5..25 #3 bit
      always n2 10 "one leader a term" {"term":3}
      always n1 20 "one leader a term" {"term":4}
    `);
    expect(assertions.check(history, {}, {})).toEqual({
      checker: 'assertions',
      validity: 'invalid',
      anomalies: [
        {
          name: 'assertion',
          explanation:
            'Host n2 asserts that always "one leader a term", but at 0.010 s it did not hold, with {"term":3}. It happened 2 times in all, on n1 and n2. In force at that moment: pause of n1 (fault 3, 0.005 s - 0.025 s).',
          operations: [1],
          data: {
            text: 'one leader a term',
            detail: { term: 3 },
            host: 'n2',
            time: 10e6,
            count: 2,
            hosts: ['n1', 'n2'],
          },
        },
      ],
      figures: { failures: { assertion: 2, 'uncaught-exception': 0 }, covered: 0, sometimes: [] },
    });
  });

  it('tells uncaught exceptions apart by their message, not by the host named in it', () => {
    const history = run(`
      uncaught n1 10 "TypeError" {"message":"n1 has no log"}
      uncaught n2 20 "TypeError" {"message":"n2 has no log"}
      uncaught n2 30 "TypeError" {"message":"x is undefined"}
    `);
    const { anomalies } = assertions.check(history, {}, {});
    expect(anomalies.map(({ name, operations }) => [name, operations])).toEqual([
      ['uncaught-exception', [0]],
      ['uncaught-exception', [2]],
    ]);
    expect(anomalies[0]?.explanation).toBe(
      'On host n1 an exception went uncaught at 0.010 s: TypeError: n1 has no log. It happened 2 times in all, on n1 and n2.',
    );
  });
});
