import { describe, expect, it } from 'vitest';
import type { Operation } from '../../histories/index.ts';
import { history } from '../testing/notation.ts';
import type { Guarantee } from './guarantees.ts';
import { sessionGuarantees } from './session-guarantees.ts';

const check = (text: string, options = {}) => sessionGuarantees.check(history(text), options, {});
const alone = (guarantee: Guarantee) => ({ guarantees: [guarantee] });

/** Process 0 writes 1, then 2; process 1 reads 2, then 1. */
const BACKWARDS = '0:x.write(1) 0:ok 0:x.write(2) 0:ok 1:x.read 1:ok(2) 1:x.read 1:ok(1)';

describe('session guarantees', () => {
  it('are kept by sessions that lag behind, each in its own way', () => {
    expect(
      check(
        '0:x.write(1) 0:ok 0:y.write(1) 0:ok 1:x.read 1:ok(null) 1:x.read 1:ok(1) 0:x.read 0:ok(1) 1:y.read 1:ok(1)',
      ),
    ).toEqual({
      checker: 'session-guarantees',
      validity: 'valid',
      anomalies: [],
      figures: {
        operations: 6,
        keys: 2,
        sessions: 2,
        reads: 4,
        writes: 2,
        guarantees: ['read-your-writes', 'monotonic-reads', 'monotonic-writes', 'writes-follow-reads'],
        judgedReads: 3,
      },
    });
  });

  it('a session that does not see its write', () => {
    const verdict = check('0:x.write(1) 0:ok 0:x.read 0:ok(null)');
    expect(verdict).toMatchObject({ validity: 'invalid', figures: { violated: ['read-your-writes'] } });
    expect(verdict.anomalies).toEqual([
      {
        name: 'read-your-writes',
        key: 'x',
        explanation:
          'Read-your-writes is broken. R1 returned the initial value null, though W1 must have been visible to it: W1, then R1 (read-your-writes, same session). Here R1 is process 0: read x = null (0.000000002 s - 0.000000003 s); W1 is process 0: write x = 1 (0.000 s - 0.000000001 s).',
        operations: [0, 1, 2, 3],
        data: { guarantees: ['read-your-writes'] },
      },
    ]);
  });

  it.each([
    ['read-your-writes', '0:x.write(1) 0:ok 1:x.write(2) 1:ok 0:x.read 0:ok(2) 1:x.read 1:ok(1)'],
    ['monotonic-reads', '0:x.write(1) 0:ok 1:x.read 1:ok(1) 1:x.read 1:ok(null)'],
    ['monotonic-reads', '0:x.write(1) 0:ok 1:x.write(2) 2:x.read 2:ok(1) 2:x.read 2:ok(2) 2:x.read 2:ok(1)'],
    ['monotonic-reads+monotonic-writes', BACKWARDS],
    ['read-your-writes+monotonic-writes', '0:x.write(1) 0:ok 0:x.write(2) 0:ok 0:x.read 0:ok(1)'],
    [
      'monotonic-reads+writes-follow-reads',
      '0:x.write(1) 0:ok 1:x.read 1:ok(1) 1:y.write(1) 1:ok 2:y.read 2:ok(1) 2:x.read 2:ok(null)',
    ],
    [
      'monotonic-reads+monotonic-writes',
      '0:x.write(1) 0:ok 0:y.write(1) 0:ok 2:y.read 2:ok(1) 2:x.read 2:ok(null)',
    ],
    ['thin-air-read', '0:x.write(1) 0:ok 0:x.read 0:ok(7)'],
    ['thin-air-read', '0:x.write(1) 0:fail 1:x.read 1:ok(1)'],
    ['thin-air-read', '1:x.read 1:ok(1) 0:x.write(1) 0:ok'],
  ])('names what cannot be kept: %s', (name, text) => {
    const { validity, anomalies } = check(text);
    expect([validity, anomalies.map((anomaly) => anomaly.name)]).toEqual(['invalid', [name]]);
  });

  it('explains the order that no order can have', () => {
    expect(check(BACKWARDS).anomalies[0]?.explanation).toBe(
      'Monotonic-reads and monotonic-writes cannot be kept together. W1 must come before W2: W1, then W2 (monotonic-writes, same session). W2 must come before W1, since R2 returned W1 while W2 was visible to it: W2, then R1 (returned W2), then R2 (monotonic-reads, same session). So W1 would come before itself. Here W1 is process 0: write x = 1 (0.000 s - 0.000000001 s); W2 is process 0: write x = 2 (0.000000002 s - 0.000000003 s); R1 is process 1: read x = 2 (0.000000004 s - 0.000000005 s); R2 is process 1: read x = 1 (0.000000006 s - 0.000000007 s).',
    );
  });

  it('are judged alone if so asked', () => {
    expect(check(BACKWARDS, alone('monotonic-reads')).validity).toBe('valid');
    expect(check(BACKWARDS, { guarantees: ['monotonic-writes', 'monotonic-reads'] }).validity).toBe(
      'invalid',
    );
  });

  it.each<Guarantee>(['monotonic-writes', 'writes-follow-reads'])(
    '%s alone cannot be refuted',
    (guarantee) => {
      expect(check(BACKWARDS, alone(guarantee))).toMatchObject({
        validity: 'unknown',
        reason: `reads of single keys cannot refute ${guarantee} alone: add read-your-writes or monotonic-reads`,
      });
    },
  );

  it.each([
    ['an indeterminate write that nobody saw', '0:x.write(1) 0:info 1:x.read 1:ok(null) 1:x.read 1:ok(null)'],
    ['an indeterminate write that was seen late', '0:x.write(1) 0:info 1:x.read 1:ok(null) 1:x.read 1:ok(1)'],
    ['one that never completed', '0:x.write(1) 1:x.read 1:ok(null) 1:x.read 1:ok(1)'],
    ['a failed write', '0:x.write(1) 0:fail 0:x.read 0:ok(null) 0:x.read 0:ok(null)'],
    ['reads of another key', '0:x.write(1) 0:ok 0:y.read 0:ok(null)'],
    ['a cas', '0:x.write(1) 0:ok 0:x.cas(1,2) 0:ok 0:x.read 0:ok(2)'],
  ])('are kept: %s', (_, text) => {
    expect(check(text)).toMatchObject({ validity: 'valid' });
  });

  it('an indeterminate write that was seen does not go away again', () => {
    const { anomalies } = check('0:x.write(1) 0:info 1:x.read 1:ok(1) 1:x.read 1:ok(null)');
    expect(anomalies.map(({ name }) => name)).toEqual(['monotonic-reads']);
  });

  describe('sessions of clients', () => {
    const numbered = (text: string) => {
      const { header, events } = history(text);
      // Processes 0 and 10 are client 0, and so on.
      const withIds = events.map((event) => ({
        ...event,
        id: [Number((event as Operation).process) % 10, event.index] as const,
      }));
      return { header, events: withIds as typeof events };
    };
    const gone = '0:x.write(1) 0:ok 0:x.write(2) 0:info 10:x.read 10:ok(null)';

    it('go on after an indeterminate operation', () => {
      expect(sessionGuarantees.check(numbered(gone), {}, {})).toMatchObject({
        validity: 'unknown',
        reason: 'no session read anything after another operation of its own',
      });
      expect(sessionGuarantees.check(numbered(gone), { session: 'client' }, {}).anomalies).toMatchObject([
        { name: 'read-your-writes' },
      ]);
    });

    it('do not order an indeterminate write before what their client did later', () => {
      const late =
        '0:x.write(1) 0:info 10:x.write(2) 10:ok 1:x.read 1:ok(2) 1:x.read 1:ok(1) 10:x.read 10:ok(1)';
      expect(sessionGuarantees.check(numbered(late), { session: 'client' }, {}).validity).toBe('valid');
    });

    it('are split where a client had two operations open at once', () => {
      const both = '0:x.write(1) 10:x.read 0:ok 10:ok(null) 10:x.read 10:ok(null)';
      expect(sessionGuarantees.check(numbered(both), { session: 'client' }, {})).toMatchObject({
        validity: 'valid',
        figures: { sessions: 2, clientsSplit: 1 },
      });
    });
  });

  it('is unknown where a value was written twice, unless the rest is proof enough', () => {
    const twice = '0:x.write(1) 0:ok 1:x.write(1) 1:ok 2:x.read 2:ok(1) 2:x.read 2:ok(1)';
    expect(check(twice)).toMatchObject({
      validity: 'unknown',
      reason: '2 reads may have returned any of several writes of the same value and could not be judged',
    });
    expect(check(`${twice} 0:x.read 0:ok(null)`).validity).toBe('invalid');
  });

  it('is unknown without anything to judge', () => {
    expect(check('').reason).toBe('the history has no reads, writes or cas');
    expect(check('0:x.write(1) 0:ok 1:x.read 1:ok(1)').reason).toBe(
      'no session read anything after another operation of its own',
    );
  });

  it('names the bounds that it reached', () => {
    expect(sessionGuarantees.check(history(BACKWARDS), {}, { memoryBytes: 10 })).toMatchObject({
      validity: 'unknown',
      reason: 'the bound of 10 bytes is too small: clocks take 24 bytes',
    });
  });

  it('takes a history without real time as it is', () => {
    const { events } = history('1:x.read 1:ok(1) 1:y.write(1) 1:ok 0:y.read 0:ok(1) 0:x.write(1) 0:ok');
    const untimed = {
      header: { sixways: 1 as const, world: 'imported' as const, realtime: false as const },
      events,
    };
    expect(sessionGuarantees.check(untimed, {}, {}).anomalies).toMatchObject([
      {
        name: 'CyclicCO',
        explanation:
          'Cause and effect form a circle. R1 returned W1 and came before W2 in its session. R2 returned W2 and came before W1 in its session. Here R1 is process 0: read y = 1 (0.000000004 s - 0.000000005 s); W1 is process 1: write y = 1 (0.000000002 s - 0.000000003 s); W2 is process 0: write x = 1 (0.000000006 s - 0.000000007 s); R2 is process 1: read x = 1 (0.000 s - 0.000000001 s).',
        operations: [0, 1, 2, 3, 4, 5, 6, 7],
      },
    ]);
    expect(sessionGuarantees.check(untimed, alone('monotonic-reads'), {}).validity).toBe('unknown');
  });
});
