import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimHistories } from '../testing/claim-histories.ts';
import { comparisons } from '../testing/comparisons.ts';
import { run } from '../testing/run.ts';
import { leaderElection } from './leader-election.ts';

describe('leader-election', () => {
  it('is valid with one leader in each term, however often it says so', () => {
    const history = run(`
      note n1 1 "leader" {"term":1}
      note n2 2 "leader" {"term":2}
      note n1 3 "leader" {"term":1}
      note n3 4 "leader" {"term":2,"leader":"n2"}
      note n2 5 "leader" false
      0 elect x=1 6..7
      1 elect x=2 6..7
      1 elect y=1 8..9
      0 elect x=1 8..9
      2 elect x=1 8..9 info timeout
    `);
    expect(leaderElection.check(history, {}, {})).toEqual({
      checker: 'leader-election',
      validity: 'valid',
      anomalies: [],
      figures: { claims: 5, terms: 5, contestedTerms: 0 },
    });
  });

  it('finds two hosts that lead in one term', () => {
    const history = run(
      'note n1 1 "leader" {"term":3}\nnote n2 2 "leader" {"term":3}\nnote n3 3 "leader" {}',
    );
    expect(leaderElection.check(history, {}, {})).toEqual({
      checker: 'leader-election',
      validity: 'invalid',
      anomalies: [
        {
          name: 'two-leaders',
          explanation:
            'Term 3 has more than one leader: n1 said so of itself at 0.001 s and n2 said so of itself at 0.002 s.',
          operations: [0, 1],
          data: { term: 3, leaders: ['n1', 'n2'] },
        },
      ],
      figures: { claims: 2, terms: 1, contestedTerms: 1, notesWithoutTerm: 1 },
    });
  });

  it('finds two clients that were elected for one term of one key', () => {
    const history = run('0 elect x=1 0..1\n1 elect x=1 2..3');
    expect(leaderElection.check(history, {}, {}).anomalies).toEqual([
      {
        name: 'two-leaders',
        key: 'x',
        explanation:
          'Term 1 of x has more than one leader: process 0: elect x = 1 (0.000 s - 0.001 s) and process 1: elect x = 1 (0.002 s - 0.003 s).',
        operations: [0, 1, 2, 3],
        data: { term: 1, leaders: ['process 0', 'process 1'] },
      },
    ]);
  });

  it('takes a client that goes on under a new number for the same', () => {
    const text = '0 elect =1 0..1\n0 elect 2..3 info timeout\n';
    expect(leaderElection.check(run(`${text}1 elect =1 4..5`), {}, {}).validity).toBe('valid');
    expect(
      leaderElection.check(run(`1 elect 0..9 fail lost\n${text}1 elect =1 10..11`), {}, {}).validity,
    ).toBe('invalid');
  });

  it('reads views for terms if told so, and is unknown where nobody led', () => {
    const history = run('note n1 1 "primary" {"view":3}\nnote n2 2 "primary" {"view":3}');
    expect(leaderElection.check(history, { note: 'primary', term: 'view' }, {}).validity).toBe('invalid');
    expect(leaderElection.check(history, {}, {})).toMatchObject({
      validity: 'unknown',
      reason: 'no host noted "leader" with a term, and no elect succeeded',
    });
  });

  it('agrees with comparing all pairs of claims, over 20,000 histories', () => {
    const seen = { valid: 0, invalid: 0 };
    fc.assert(
      fc.property(claimHistories, ({ claims, history }) => {
        const clash = claims.some((a) => claims.some((b) => a.term === b.term && a.host !== b.host));
        const { validity } = leaderElection.check(history, {}, {});
        if (validity !== (clash ? 'invalid' : 'valid')) expect(validity).toBe('the opposite');
        seen[clash ? 'invalid' : 'valid']++;
      }),
      { numRuns: comparisons('leader-election') },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(3000);
  });
});
