import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { History, Operation } from '../../histories/index.ts';
import { comparisons } from '../testing/comparisons.ts';
import { run } from '../testing/run.ts';
import { type MessagesOptions, messages } from './index.ts';
import { messagesHistories } from './testing/arbitrary.ts';
import { keepsPromises } from './testing/by-definition.ts';

const check = (text: string, options: MessagesOptions = {}) => messages.check(run(text), options, {});
const names = (text: string) => check(text).anomalies.map(({ name }) => name);

/** Process 1 answers what process 0 has asked. */
const ANSWER = '0 send x=1 0..9 \n 1 read x=[1] 10..19 \n 1 send x=2 20..29';
const END = '0 read x=[1,2] 90..95 @final';

describe('messages', () => {
  it('are shown in the order of each device, causes before effects, to everybody in the end', () => {
    expect(check(`${ANSWER} \n 2 read x=[1] 30..35 \n ${END} \n 2 read x=[1,2] 90..95 @final`)).toEqual({
      checker: 'messages',
      validity: 'valid',
      anomalies: [],
      figures: {
        operations: 6,
        keys: 1,
        sent: 2,
        acknowledged: 2,
        reads: 4,
        finalReads: 2,
        keysReadAtEnd: 1,
      },
    });
  });

  it('explain an answer without its question', () => {
    expect(check(`${ANSWER} \n 2 read x=[2] 30..35 \n ${END}`).anomalies).toEqual([
      {
        name: 'causal-order',
        key: 'x',
        explanation:
          '2 of x was sent (process 1: send x = 2 (0.020 s - 0.029 s)) by a device that had been shown 1 of x before. But process 2: read x = [2] (0.030 s - 0.035 s) shows the one without it.',
        operations: [0, 1, 4, 5, 6, 7],
      },
    ]);
  });

  it.each([
    ['causal-order', `${ANSWER} \n 2 read x=[2,1] 30..35 \n ${END}`],
    ['device-order', `0 send x=1 0..9 \n 0 send x=2 10..19 \n 2 read x=[2] 30..35 \n ${END}`],
    ['own-missing', `0 send x=1 0..9 \n 0 read x=[] 10..19 \n 0 read x=[1] 90..95 @final`],
    [
      'vanished',
      `0 send x=1 0..9 \n 1 read x=[1] 10..19 \n 1 read x=[] 20..29 \n 0 read x=[1] 90..95 @final`,
    ],
    ['reordered', `0 send x=1 0..9 \n 1 send x=2 0..9 \n 2 read x=[2,1] 10..19 \n ${END}`],
    ['lost', '0 send x=1 0..9 \n 1 read x=[] 90..95 @final'],
    ['diverged', '0 send x=1 0..9 \n 1 read x=[] 90..95 @final \n 2 read x=[1] 90..95 @final'],
    ['phantom', '0 send x=1 0..9 \n 1 read x=[1,7] 90..95 @final'],
    ['phantom', '0 send x=1 0..9 \n 1 send x=7 0..9 fail down \n 1 read x=[1,7] 90..95 @final'],
    ['duplicate', '0 send x=1 0..9 \n 1 read x=[1,1] 90..95 @final'],
  ])('show %s', (name, text) => {
    expect(names(text)).toContain(name);
  });

  it('of an indeterminate send may be shown, late or never', () => {
    const text = '0 send x=1 0..9 \n 1 send x=2 0..9 info timeout \n 2 read x=[1] 20..25';
    expect(check(`${text} \n ${END}`).validity).toBe('valid');
    expect(check(`${text} \n 0 read x=[1] 90..95 @final`).validity).toBe('valid');
  });

  it('belong to a device, where completions name it', () => {
    const { header, events } = run('0 send x=1 0..9 \n 5 read x=[] 20..25 \n 1 read x=[1] 90..95 @final');
    const named = events.map((event) => ({
      ...(event as Operation),
      ...(event.type === 'ok' && { node: 'phone' }),
    }));
    const check = (history: History) => messages.check(history, {}, {}).anomalies.map(({ name }) => name);
    expect(check({ header, events })).toEqual([]);
    expect(check({ header, events: named })).toEqual(['own-missing']);
  });

  it('are unknown where there is nothing to judge', () => {
    expect(check('0 read x=[] 0..1 @final').reason).toBe('no send was acknowledged');
    expect(check('0 send x=1 0..9 \n 0 read x=[1] 10..19').validity).toBe('unknown');
    expect(check('0 send x=1 0..9 \n 1 send x=1 0..9 \n 0 read x=[1] 20..21 @final').reason).toBe(
      'in every conversation a message was sent twice',
    );
  });

  it('agree with their promises as they are written down', () => {
    const seen = { valid: 0, invalid: 0, unknown: 0 };
    fc.assert(
      fc.property(messagesHistories, (history) => {
        const { validity } = messages.check(history, {}, {});
        seen[validity]++;
        if ((validity !== 'invalid') !== keepsPromises(history)) expect(validity).toBe('the opposite');
      }),
      { numRuns: comparisons('messages') },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(1000);
  });
});
