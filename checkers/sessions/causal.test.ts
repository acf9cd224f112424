import { describe, expect, it } from 'vitest';
import { history } from '../testing/notation.ts';
import { causal } from './causal.ts';

type Variant = 'CC' | 'CM' | 'CCv';

const zero = (text: string, variant: Variant) => causal.check(history(text), { initial: 0, variant }, {});
const namesIn = (text: string, variant: Variant) => zero(text, variant).anomalies.map(({ name }) => name);

/** The histories of figure 3 of Bouajjani et al. 2017, run one session after the other or as they depend on each other. */
const FIGURE = {
  a: '0:x.write(1) 0:ok 1:x.write(2) 1:ok 0:x.read 0:ok(2) 1:x.read 1:ok(1)',
  b: '0:z.write(1) 0:ok 0:x.write(1) 0:ok 0:y.write(1) 0:ok 1:x.write(2) 1:ok 1:z.read 1:ok(0) 1:y.read 1:ok(1) 1:x.read 1:ok(2)',
  c: '0:x.write(1) 0:ok 1:x.write(2) 1:ok 1:x.read 1:ok(1) 1:x.read 1:ok(2)',
  d: '0:x.write(1) 0:ok 0:y.read 0:ok(0) 0:y.write(1) 0:ok 0:x.read 0:ok(1) 1:x.write(2) 1:ok 1:y.read 1:ok(0) 1:y.write(2) 1:ok 1:x.read 1:ok(2)',
  e: '0:x.write(1) 0:ok 0:y.write(1) 0:ok 1:y.read 1:ok(1) 1:x.write(2) 1:ok 2:x.read 2:ok(2) 2:x.read 2:ok(1)',
};

describe('causal consistency', () => {
  it.each<[keyof typeof FIGURE, string[], string[], string[]]>([
    ['a', [], [], ['CyclicCF']],
    ['b', [], ['WriteHBInitRead'], []],
    ['c', [], ['CyclicHB'], ['CyclicCF']],
    ['d', [], [], []],
    ['e', ['WriteCORead'], ['WriteCORead'], ['WriteCORead']],
  ])('of figure 3 (%s)', (part, cc, cm, ccv) => {
    const text = FIGURE[part];
    expect([namesIn(text, 'CC'), namesIn(text, 'CM'), namesIn(text, 'CCv')]).toEqual([cc, cm, ccv]);
  });

  it('explains a write that was replaced', () => {
    expect(zero(FIGURE.e, 'CC')).toEqual({
      checker: 'causal',
      validity: 'invalid',
      anomalies: [
        {
          name: 'WriteCORead',
          key: 'x',
          explanation:
            'R1 returned W1, though W2 had replaced it in its causal past. W2 came after W1: W1, then W3 (same session), then R2 (returned W3), then W2 (same session). It was visible to R1: W2, then R3 (returned W2), then R1 (same session). Here W1 is process 0: write x = 1 (0.000 s - 0.000000001 s); W2 is process 1: write x = 2 (0.000000006 s - 0.000000007 s); R1 is process 2: read x = 1 (0.000000010 s - 0.000000011 s); W3 is process 0: write y = 1 (0.000000002 s - 0.000000003 s); R2 is process 1: read y = 1 (0.000000004 s - 0.000000005 s); R3 is process 2: read x = 2 (0.000000008 s - 0.000000009 s).',
          operations: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
        },
      ],
      figures: {
        operations: 6,
        keys: 2,
        sessions: 3,
        reads: 3,
        writes: 3,
        judgedReads: 1,
        variant: 'CC',
      },
    });
  });

  it('explains what a session must have seen first', () => {
    expect(zero(FIGURE.b, 'CM').anomalies[0]).toEqual({
      name: 'WriteHBInitRead',
      key: 'z',
      explanation:
        'The session of process 1 cannot have seen all writes in one order. [1] W1 must come before W2, since R1 returned W2 and W1 comes before it: W1, then W3 (same session), then R2 (returned W3), then R1 (same session). R3 returned the initial value 0, though W4 comes before it: W4, then W1 (same session), then W2 (by [1]), then R3 (same session). Here W1 is process 0: write x = 1 (0.000000002 s - 0.000000003 s); W2 is process 1: write x = 2 (0.000000006 s - 0.000000007 s); R1 is process 1: read x = 2 (0.000000012 s - 0.000000013 s); W3 is process 0: write y = 1 (0.000000004 s - 0.000000005 s); R2 is process 1: read y = 1 (0.000000010 s - 0.000000011 s); W4 is process 0: write z = 1 (0.000 s - 0.000000001 s); R3 is process 1: read z = 0 (0.000000008 s - 0.000000009 s).',
      operations: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
      data: { process: 1 },
    });
  });

  it('explains concurrent writes that sessions saw in both orders', () => {
    expect(zero(FIGURE.a, 'CCv').anomalies[0]?.explanation).toContain(
      'W1 must come before W2, since R1 returned W2 while W1 was visible to it: W1, then R1 (same session). W2 must come before W1, since R2 returned W1 while W2 was visible to it: W2, then R2 (same session). So W1 would come before itself.',
    );
  });

  it.each<[string, Variant, string[]]>([
    ['0:x.write(1) 0:ok 0:y.write(1) 0:ok 1:y.read 1:ok(1) 1:x.read 1:ok(0)', 'CC', ['WriteCOInitRead']],
    ['0:x.read 0:ok(5)', 'CC', ['ThinAirRead']],
    ['0:x.write(1) 0:info 1:x.read 1:ok(1) 1:x.read 1:ok(0)', 'CC', ['WriteCOInitRead']],
    ['0:x.write(1) 0:info 1:x.read 1:ok(0) 1:x.read 1:ok(0)', 'CCv', []],
    ['0:x.write(1) 0:fail 0:x.read 0:ok(0) 0:x.read 0:ok(0)', 'CM', []],
    ['0:x.cas(0,1) 0:ok 1:x.cas(1,2) 1:ok 2:x.read 2:ok(2) 2:x.read 2:ok(1)', 'CC', ['WriteCORead']],
    ['0:x.cas(0,1) 0:ok 1:x.cas(0,2) 1:ok 1:x.read 1:ok(2)', 'CCv', []],
  ])('%s by %s', (text, variant, names) => {
    expect(namesIn(text, variant)).toEqual(names);
  });

  it('is unknown without anything to judge, and at a bound', () => {
    expect(zero('0:x.write(1) 0:ok 1:x.read 1:ok(1)', 'CC').reason).toBe(
      'no session read anything after another operation of its own',
    );
    expect(causal.check(history(FIGURE.d), { initial: 0 }, { memoryBytes: 1 }).validity).toBe('unknown');
  });

  it('stops when the time is over', () => {
    const long = Array.from({ length: 3000 }, (_, n) => `0:x.write(${n}) 0:ok 1:x.read 1:ok(${n})`).join(' ');
    const budget = { seconds: 1, expired: () => true };
    for (const variant of ['CC', 'CM', 'CCv'] as const) {
      expect(causal.check(history(long), { variant }, budget)).toMatchObject({
        validity: 'unknown',
        reason: 'the bound of 1 s was reached',
      });
    }
  });
});
