import { describe, expect, it } from 'vitest';
import type { Isolation } from './options.ts';
import { schedule } from './testing/schedule.ts';

const STRONG = ['snapshot-isolation', 'serializable', 'strict-serializable'] as const;
const SERIALIZABLE = ['serializable', 'strict-serializable'] as const;

/** What each level makes of the schedules by which levels are told apart (Berenson et al. 1995, Adya 1999). */
const CASES: readonly (readonly [levels: readonly Isolation[], schedule: string, outcome: string])[] = [
  // G0: writes of two transactions do not interleave. The younger gives up, the older waits.
  [['read-uncommitted', 'read-committed'], 'b1 b2 w1[x=1] w2[x=2] c1', 'b1 b2 w1[x=1] w2[x=2]!conflict c1'],
  [
    ['read-uncommitted', 'read-committed'],
    'b1 b2 w2[x=2] w1[x=1] c2 c1 b3 r3[x]',
    'b1 b2 w2[x=2] w1[x=1]... c2 w1[x=1] c1 b3 r3[x=1]',
  ],
  [STRONG, 'b1 b2 w1[x=1] w2[x=2] c1 c2', 'b1 b2 w1[x=1] w2[x=2] c1 c2!conflict'],
  // G1a: what is aborted is not seen.
  [['read-uncommitted'], 'b1 b2 w1[x=1] r2[x] a1 r2[x]', 'b1 b2 w1[x=1] r2[x=1] a1 r2[x=null]'],
  [['read-committed', ...STRONG], 'b1 b2 w1[x=1] r2[x] a1 r2[x]', 'b1 b2 w1[x=1] r2[x=null] a1 r2[x=null]'],
  // G1b: nor is what is not final.
  [['read-uncommitted'], 'b1 b2 w1[x=1] r2[x] w1[x=2] c1', 'b1 b2 w1[x=1] r2[x=1] w1[x=2] c1'],
  // Read skew: a statement sees what was committed since the first one.
  [
    ['read-committed'],
    'b1 r1[x] b2 w2[x=1] w2[y=1] c2 r1[y] c1',
    'b1 r1[x=null] b2 w2[x=1] w2[y=1] c2 r1[y=1] c1',
  ],
  [STRONG, 'b1 r1[x] b2 w2[x=1] w2[y=1] c2 r1[y] c1', 'b1 r1[x=null] b2 w2[x=1] w2[y=1] c2 r1[y=null] c1'],
  // Lost update.
  [
    ['read-committed'],
    'b1 b2 r1[x] r2[x] w1[x=1] c1 w2[x=2] c2',
    'b1 b2 r1[x=null] r2[x=null] w1[x=1] c1 w2[x=2] c2',
  ],
  [
    STRONG,
    'b1 b2 r1[x] r2[x] w1[x=1] c1 w2[x=2] c2',
    'b1 b2 r1[x=null] r2[x=null] w1[x=1] c1 w2[x=2] c2!conflict',
  ],
  // An append is an update of its own, and builds on what is committed when it has the lock.
  [
    ['read-committed'],
    'b1 b2 p2[x=2] p1[x=1] c2 c1 b3 r3[x]',
    'b1 b2 p2[x=2] p1[x=1]... c2 p1[x=1] c1 b3 r3[x=[2,1]]',
  ],
  // Write skew, G2-item.
  [
    ['snapshot-isolation'],
    'b1 b2 r1[x] r1[y] r2[x] r2[y] w1[x=1] w2[y=1] c1 c2',
    'b1 b2 r1[x=null] r1[y=null] r2[x=null] r2[y=null] w1[x=1] w2[y=1] c1 c2',
  ],
  [
    SERIALIZABLE,
    'b1 b2 r1[x] r1[y] r2[x] r2[y] w1[x=1] w2[y=1] c1 c2',
    'b1 b2 r1[x=null] r1[y=null] r2[x=null] r2[y=null] w1[x=1] w2[y=1] c1 c2!conflict',
  ],
  // A transaction sees its own writes; one that has ended takes no more statements.
  [
    ['read-uncommitted', 'read-committed', ...STRONG],
    'b1 w1[x=1] r1[x] c1 r1[x]',
    'b1 w1[x=1] r1[x=1] c1 r1[x]!no-transaction',
  ],
  // One session, one transaction.
  [
    ['read-uncommitted', 'read-committed', ...STRONG],
    'b1 w1[x=1] b1 r1[x] w1[x=2] c1',
    'b1 w1[x=1] b1 r1[x=null] w1[x=2] c1',
  ],
];

describe.each(CASES)('%j', (levels, steps, outcome) => {
  it.each(levels)(`${steps}: %s`, async (level) => {
    expect(await schedule(level, steps)).toBe(outcome);
  });
});

describe('transactions that only read', () => {
  const steps = '+100 b1 w1[x=1] c1 +50 b2r r2[x] c2 +60 b2r r2[x] c2 b3r w3[x=3]';

  it('lag at level serializable', async () => {
    expect(await schedule('serializable', steps, { lag: 100 })).toBe(
      'b1 w1[x=1] c1 b2r r2[x=null] c2 b2r r2[x=1] c2 b3r w3[x=3]!read-only',
    );
  });

  it('see what was acknowledged at level strict-serializable', async () => {
    const outcome = 'b1 w1[x=1] c1 b2r r2[x=1] c2 b2r r2[x=1] c2 b3r w3[x=3]!read-only';
    expect(await schedule('strict-serializable', steps, { lag: 100 })).toBe(outcome);
  });

  it('keep their snapshot however many commits there are meanwhile', async () => {
    const commits = Array.from({ length: 20 }, (_, i) => `+100 b1 w1[x=${i}] c1`).join(' ');
    const outcome = await schedule('serializable', `b1 w1[x=7] c1 +500 b2r ${commits} r2[x]`, { lag: 100 });
    expect(outcome).toMatch(/ r2\[x=7\]$/);
  });
});

describe('flaws', () => {
  it.each([
    [
      'read-uncommitted',
      'no-write-locks',
      'b1 b2 w1[x=1] w2[x=2] c2 r1[x]',
      'b1 b2 w1[x=1] w2[x=2] c2 r1[x=2]',
    ],
    ['read-committed', 'dirty-reads', 'b1 b2 w1[x=1] r2[x] a1', 'b1 b2 w1[x=1] r2[x=1] a1'],
    ['read-committed', 'aborts-leak', 'b1 w1[x=1] a1 b2 r2[x]', 'b1 w1[x=1] a1 b2 r2[x=1]'],
    ['snapshot-isolation', 'statement-snapshots', 'b1 b2 w2[x=1] c2 r1[x]', 'b1 b2 w2[x=1] c2 r1[x=1]'],
    [
      'snapshot-isolation',
      'last-committer-wins',
      'b1 b2 w1[x=1] w2[x=2] c1 c2 b3 r3[x]',
      'b1 b2 w1[x=1] w2[x=2] c1 c2 b3 r3[x=2]',
    ],
    [
      'serializable',
      'reads-not-validated',
      'b1 b2 r1[y] r2[x] w1[x=1] w2[y=1] c1 c2',
      'b1 b2 r1[y=null] r2[x=null] w1[x=1] w2[y=1] c1 c2',
    ],
    ['strict-serializable', 'lagging-reads', '+100 b1 w1[x=1] c1 b2r r2[x]', 'b1 w1[x=1] c1 b2r r2[x=null]'],
  ] as const)('%s, %s', async (level, flaw, steps, outcome) => {
    expect(await schedule(level, steps, { flaws: [flaw], lag: 50 })).toBe(outcome);
  });
});
