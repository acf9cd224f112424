import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { History, Json, Operation } from '../../histories/index.ts';
import { comparisons } from '../testing/comparisons.ts';
import { withChanges } from '../testing/objects.ts';
import { run } from '../testing/run.ts';
import { kafka } from './index.ts';
import { logHistories, mispolled } from './testing/arbitrary.ts';
import { anomaliesByDefinition } from './testing/naive.ts';

/**
 * Logs in a short notation: `send x1@0` sends 1 to x and gets offset 0, `poll x1@0,x2@1` polls both at once, `txn x1@0|x1@0` sends and then polls; the rest as in `run`.
 */
function logs(text: string): History {
  const line = (what: string): string => {
    const match = /^(\s*\d+ )(send|poll|txn) (\S+)(.*)$/.exec(what);
    if (match === null) return what;
    const [, process, f, messages, rest] = match;
    const [sends = '', polls = ''] =
      f === 'send' ? [messages] : f === 'poll' ? ['', messages] : messages!.split('|');
    const read = (part: string) => [...part.matchAll(/([a-z])(\d+)(?:@(\d+))?/g)];
    const sent = read(sends).map(([, key, value, at]) => [
      'send',
      key,
      at === undefined ? Number(value) : [Number(at), Number(value)],
    ]);
    const got: { [key: string]: number[][] } = {};
    for (const [, key, value, at] of read(polls)) {
      got[key!] = [...(got[key!] ?? []), [Number(at), Number(value)]];
    }
    return `${process}${f} =${JSON.stringify(f === 'send' ? sent : [...sent, ['poll', got]])}${rest}`;
  };
  const history = run(text.split('\n').map(line).join('\n'));
  const asked = (micro: Json): Json => {
    const [name, key, value] = micro as readonly Json[];
    return name === 'poll' ? ['poll'] : ['send', key!, Array.isArray(value) ? value[1]! : value!];
  };
  const events = history.events.map((event) => {
    const { f, type, value } = event as Operation;
    const isInvoked = type === 'invoke' || type === 'info' || type === 'fail';
    return /^(send|poll|txn)$/.test(f) && isInvoked
      ? { ...(event as Operation), value: (value as Json[]).map(asked) }
      : event;
  });
  return { ...history, events };
}

const found = (text: string, options = {}) => kafka.check(logs(text), options, {}).figures.found;
const explained = (text: string, options = {}) =>
  kafka
    .check(logs(text), options, {})
    .anomalies.map(({ name, explanation, operations }) => ({ name, explanation, operations }));

describe('kafka: legal histories', () => {
  it('sends and polls in order', () => {
    const history = logs(`
      0 assign =["x"]     0..1
      0 send x1@0,x2@1    2..3
      1 send x3           2..9 info timeout
      0 poll x1@0         4..5
      0 txn y1@0|x2@1,x3@3 6..7
    `);
    expect(kafka.check(history, {}, {})).toEqual({
      checker: 'kafka',
      validity: 'valid',
      anomalies: [],
      figures: { operations: 5, keys: 2, sent: 4, acknowledged: 3, polled: 3, unseen: 1, found: {} },
    });
  });

  it.each([
    [
      'begins again after a crash',
      '0 send x1@0,x2@1 0..1\n0 poll x1@0,x2@1 2..3\n0 crash 4..5\n0 poll x1@0 6..7',
    ],
    [
      'begins anywhere when assigned anew',
      '0 send x1@0,x2@1 0..1\n0 poll x1@0,x2@1 2..3\n0 assign =["y"] 4..5\n0 assign =["x"] 6..7\n0 poll x1@0 8..9',
    ],
    [
      'is moved while it subscribes',
      '0 send x1@0,x2@1 0..1\n0 subscribe =["x"] 2..3\n0 poll x2@1 4..5\n0 poll x1@0 6..7',
    ],
    ['polls what nobody knows was sent', '0 send x1 0..1 info timeout\n0 poll x1@5 2..3'],
    [
      'cannot say what an indeterminate poll got',
      '0 send x1@0,x2@1 0..1\n1 poll x1@0 2..3 info timeout\n0 poll x2@1 4..5',
    ],
    ['skips a gap', '0 send x1@0,x2@5 0..1\n0 poll x1@0,x2@5 2..3'],
  ])('%s', (_, text) => {
    expect(kafka.check(logs(text), {}, {})).toMatchObject({ validity: 'valid', figures: { found: {} } });
  });
});

describe('kafka: anomalies', () => {
  it.each([
    ['0 send x1@0,x2@1 0..1\n0 poll x2@1 2..3', { 'lost-write': 1 }],
    ['0 poll x1@0 2..3', { 'garbage-read': 1 }],
    ['0 send x1 0..1 fail refused\n0 poll x1@0 2..3', { 'aborted-read': 1 }],
    ['0 poll x1@0 2..3\n0 send x1@0 4..5', { 'future-read': 1 }],
    ['0 txn x1@0|x1@0 2..3', { 'precommitted-read': 1 }],
    ['0 send x1@0 0..1\n1 send x2@0 0..1\n2 poll x1@0 2..3\n3 poll x2@0 2..3', { 'inconsistent-offsets': 1 }],
    ['0 send x1@0 0..1\n0 poll x1@0,x1@1 2..3', { duplicate: 1 }],
    [
      '0 send x1@0,x2@1,x3@2 0..1\n1 poll x1@0 2..3\n1 poll x3@2 4..5\n2 poll x1@0,x2@1 6..7',
      { 'poll-skip': 1 },
    ],
    ['0 send x1@0,x2@1 0..1\n1 poll x1@0,x2@1 2..3\n1 poll x2@1 4..5', { 'nonmonotonic-poll': 1 }],
    ['0 send x1@0,x2@1,x3@2 0..1\n1 poll x1@0,x3@2 2..3\n2 poll x1@0,x2@1 6..7', { 'int-poll-skip': 1 }],
    ['0 send x1@0,x2@1 0..1\n1 poll x2@1,x1@0 2..3', { 'int-nonmonotonic-poll': 1 }],
    ['0 send x1@1 0..1\n0 send x2@0 2..3\n1 poll x2@0,x1@1 4..5', { 'nonmonotonic-send': 1 }],
    ['0 send x1@1,x2@0 0..1\n1 poll x2@0,x1@1 4..5', { 'int-nonmonotonic-send': 1 }],
  ])('%s', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it('are explained with the operations that prove them', () => {
    expect(explained('0 send x1@0,x2@1,x3@2 0..1\n1 poll x1@0 2..3\n1 poll x3@2 4..5')).toEqual([
      {
        name: 'lost-write',
        explanation:
          '2 was sent to x at offset 1 (process 0: send = [["send","x",[0,1]],["send","x",[1,2]],["send","x",[2,3]]] (0.000 s - 0.001 s)), and nobody polled it, although process 1: poll = [["poll",{"x":[[2,3]]}]] (0.004 s - 0.005 s) got to offset 2, by a consumer that had been at 0 before. It is lost.',
        operations: [0, 1, 2, 3, 4, 5],
      },
      {
        name: 'poll-skip',
        explanation:
          'Process 1 polled offset 0 of x and then 2: process 1: poll = [["poll",{"x":[[0,1]]}]] (0.002 s - 0.003 s), and next process 1: poll = [["poll",{"x":[[2,3]]}]] (0.004 s - 0.005 s). It skipped 1 message: 2 at 1.',
        operations: [0, 1, 2, 3, 4, 5],
      },
    ]);
  });

  it('depend on what is promised of gaps, beginnings and the end', () => {
    expect(found('0 send x1@0,x2@5 0..1\n0 poll x1@0,x2@5 2..3', { gaps: false })).toEqual({
      'int-poll-skip': 1,
    });
    expect(found('0 send x1@0,x2@1 0..1\n0 poll x2@1 2..3', { fromBeginning: false })).toEqual({});
    expect(explained('0 send x1@0,x2@1 0..1\n0 poll x1@0 2..3', { caughtUp: true })).toEqual([
      {
        name: 'unseen',
        explanation:
          '1 acknowledged message of x was never polled: 2; the first was sent by process 0: send = [["send","x",[0,1]],["send","x",[1,2]]] (0.000 s - 0.001 s).',
        operations: [0, 1],
      },
    ]);
  });

  it.each([
    ['0 send x1@0 0..1', 'nothing was polled'],
    [
      '0 send =[["r","x"]] 0..1',
      'operation 0: expected a list of ["send", key, value] and ["poll"], completed with offsets, got [["r","x"]] and [["r","x"]]',
    ],
  ])('unknown: %s', (text, reason) => {
    expect(kafka.check(run(text.replace('x1@0', '=[["send","x",1]]')), {}, {})).toMatchObject({
      validity: 'unknown',
      reason,
    });
  });
});

describe('kafka against the definitions', () => {
  it('counts every anomaly as they do, over 20,000 histories', () => {
    const seen = { valid: 0, invalid: 0, unknown: 0 };
    const names: { [name: string]: number } = {};
    fc.assert(
      fc.property(withChanges(logHistories, 3, mispolled), (history) => {
        const { validity, figures } = kafka.check(history, {}, {});
        const expected = anomaliesByDefinition(history);
        seen[validity]++;
        for (const name of Object.keys(expected)) names[name] = (names[name] ?? 0) + 1;
        const sorted = Object.fromEntries(Object.entries(expected).sort());
        if (JSON.stringify(figures.found) !== JSON.stringify(sorted)) expect(figures.found).toEqual(sorted);
      }),
      { numRuns: comparisons('kafka') },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(1500);
    for (const name of [
      'lost-write',
      'garbage-read',
      'inconsistent-offsets',
      'duplicate',
      'poll-skip',
      'nonmonotonic-poll',
      'int-nonmonotonic-poll',
    ]) {
      expect(names[name] ?? 0, name).toBeGreaterThan(20);
    }
  });

  it('finds nothing in executions of real logs', () => {
    fc.assert(
      fc.property(logHistories, (history) => {
        expect(kafka.check(history, {}, {}).figures.found).toEqual({});
      }),
      { numRuns: 2000 },
    );
  });
});
