import { describe, expect, it } from 'vitest';
import {
  HistoryError,
  type HistoryErrorCode,
  type HistoryEvent,
  HistoryRecorder,
  parseHistory,
} from './index.ts';
import { failureOf } from './testing/temporary.ts';

const H = '{"sixways":1,"world":"live"}';
const INVOKE =
  '{"index":0,"time":5,"process":0,"type":"invoke","f":"read","key":"x","value":null,"id":[0,0]}';
const OK = '{"index":1,"time":9,"process":0,"type":"ok","f":"read","key":"x","value":3,"id":[0,0]}';
const INFO = '{"index":1,"time":9,"process":0,"type":"info","f":"read","key":"x","value":null,"id":[0,0]}';
const NEXT = '{"index":2,"time":9,"process":0,"type":"invoke","f":"read","value":null}';
const NOTE = '{"index":0,"time":5,"type":"note","host":"n1","kind":"leader","data":{}}';
const FOOTER = `{"events":2,"content":"${wholeHistory().footer!.content}"}`;

function wholeHistory() {
  const recorder = new HistoryRecorder({ sixways: 1, world: 'live' });
  for (const line of [INVOKE, OK]) recorder.append(JSON.parse(line) as HistoryEvent);
  recorder.finish();
  return recorder.history();
}

const WHOLE = [H, INVOKE, OK, FOOTER];

/** A line with something in it changed. */
function but(line: string, what: string, by: string): string {
  if (!line.includes(what)) throw new Error(`${what} is not in ${line}`);
  return line.replace(what, by);
}

const malformed: [scenario: string, lines: string[], code: HistoryErrorCode, message: string][] = [
  // The header
  [
    'no header',
    [INVOKE],
    'missing-header',
    'f:1: expected a header {"sixways":1,...}, got {"index":0,"time":5,"process":0,"type":"invoke","f":"read... (93 characters)',
  ],
  ['a list for a header', ['[1,2]'], 'missing-header', 'f:1: expected a header {"sixways":1,...}, got [1,2]'],
  [
    'a newer format',
    ['{"sixways":2,"world":"mars"}'],
    'newer-version',
    'f:1: /sixways: expected format version 1 or an older one, got 2: a newer sixways wrote this',
  ],
  [
    'a version that never was',
    ['{"sixways":"1","world":"live"}'],
    'wrong-type',
    'f:1: /sixways: expected 1, got "1"',
  ],
  [
    'a header without world',
    ['{"sixways":1}'],
    'missing-property',
    'f:1: /world: expected this property, got nothing',
  ],
  [
    'an unknown world',
    ['{"sixways":1,"world":"mars"}'],
    'wrong-type',
    'f:1: /world: expected one of "simulator", "live", "imported", got "mars"',
  ],
  [
    'a header with more',
    ['{"sixways":1,"world":"live","a/b":1}'],
    'unknown-property',
    'f:1: /a~1b: this property is not part of the format',
  ],
  [
    'a claim out of range',
    ['{"sixways":1,"world":"live","claims":{"consistency":"x","durability":true,"recoveryWithin":-1}}'],
    'wrong-type',
    'f:1: /claims/recoveryWithin: expected a number >= 0, got -1',
  ],
  [
    'a claim of the wrong type',
    ['{"sixways":1,"world":"live","claims":{"consistency":"x","durability":1,"recoveryWithin":1}}'],
    'wrong-type',
    'f:1: /claims/durability: expected a value of type boolean, got 1',
  ],
  // Text that is not JSON
  ['NaN', [H, but(INVOKE, 'null', 'NaN')], 'not-json', 'f:2:78: expected a JSON value, got "NaN"'],
  [
    'Infinity',
    [H, but(INVOKE, 'null', '[-Infinity]')],
    'not-json',
    'f:2:79: expected a JSON value, got "-Infinity"',
  ],
  [
    'a number beyond all doubles',
    [H, but(INVOKE, 'null', '[2,1e999]')],
    'not-finite',
    'f:2: /value/1: expected a finite number, got Infinity',
  ],
  [
    'an integer that would lose digits',
    [H, but(INVOKE, 'null', '9007199254740993')],
    'inexact-number',
    'f:2:78: expected an integer that a double holds exactly (or its digits as a text), got 9007199254740993',
  ],
  ['a word', [H, 'hello'], 'not-json', 'f:2:1: expected a JSON value, got "hello"'],
  ['an empty line', [H, '', INVOKE], 'empty-line', 'f:2: expected an event, got an empty line'],
  ['two events on a line', [H, INVOKE + OK], 'not-json', 'f:2:94: expected the end of the line, got "{"'],
  [
    'a missing comma',
    [H, but(INVOKE, ',"time"', ' "time"')],
    'not-json',
    'f:2:12: expected "," or "}", got "\\""',
  ],
  [
    'a line cut off in the middle of the file',
    [H, INVOKE.slice(0, 20), OK],
    'not-json',
    'f:2:21: expected a name in quotes, got the end of the line',
  ],
  [
    'a control character in a text',
    [H, but(INVOKE, 'read', 're\u0007ad')],
    'not-json',
    'f:2:56: expected the end of a text in quotes, got "\\u0007ad"',
  ],
  [
    'nesting beyond measure',
    [H, but(INVOKE, 'null', `${'['.repeat(501)}1${']'.repeat(501)}`)],
    'too-deep',
    'f:2: expected values nested at most 500 deep',
  ],
  [
    'nesting without end',
    [H, '['.repeat(100_000)],
    'not-json',
    'f:2:502: expected values nested at most 500 deep',
  ],
  // The form of one event
  ['a number for an event', [H, '7'], 'wrong-type', 'f:2: expected an event, got 7'],
  [
    'a missing property',
    [H, but(INVOKE, ',"f":"read"', '')],
    'missing-property',
    'f:2: /f: expected a text that is not empty, got nothing',
  ],
  [
    'a missing value',
    [H, but(INVOKE, ',"value":null', '')],
    'missing-property',
    'f:2: /value: expected a JSON value, got nothing',
  ],
  [
    'a missing process',
    [H, but(INVOKE, ',"process":0', '')],
    'missing-property',
    'f:2: /process: expected an integer from 0, "nemesis" or "controller", got nothing',
  ],
  [
    'a negative process',
    [H, but(INVOKE, '"process":0', '"process":-1')],
    'wrong-type',
    'f:2: /process: expected an integer from 0, "nemesis" or "controller", got -1',
  ],
  [
    'a process of another name',
    [H, but(INVOKE, '"process":0', '"process":"n1"')],
    'wrong-type',
    'f:2: /process: expected an integer from 0, "nemesis" or "controller", got "n1"',
  ],
  [
    'a fractional time',
    [H, but(INVOKE, '"time":5', '"time":5.5')],
    'wrong-type',
    'f:2: /time: expected nanoseconds as an integer from 0, got 5.5',
  ],
  [
    'an unknown type',
    [H, but(INVOKE, '"invoke"', '"maybe"')],
    'wrong-type',
    'f:2: /type: expected one of "invoke", "ok", "fail", "info", got "maybe"',
  ],
  [
    'a key that is a list',
    [H, but(INVOKE, '"x"', '["x"]')],
    'wrong-type',
    'f:2: /key: expected a text or a number, got ["x"]',
  ],
  [
    'an id of one number',
    [H, but(INVOKE, '[0,0]', '[0]')],
    'wrong-type',
    'f:2: /id: expected two integers [client, nth], got [0]',
  ],
  [
    'an unknown property',
    [H, but(INVOKE, '"key"', '"kee~"')],
    'unknown-property',
    'f:2: /kee~0: this property is not part of the format',
  ],
  [
    'a nemesis that invokes',
    [
      H,
      but(
        but(NOTE, '"type":"note","host":"n1","kind"', '"process":"nemesis","type":"invoke","f"'),
        'data',
        'value',
      ),
    ],
    'wrong-type',
    'f:2: /type: expected one of "info", got "invoke"',
  ],
  [
    'an observation of no kind',
    [H, but(NOTE, '"note"', '"ok"')],
    'wrong-type',
    'f:2: /type: expected one of "note", "always", "sometimes", "uncaught", got "ok"',
  ],
  // What stands between events
  [
    'a gap in the indices',
    [H, INVOKE, but(OK, '"index":1', '"index":2')],
    'index',
    'f:3: /index: expected 1, the next index, got 2',
  ],
  [
    'indices out of order',
    [H, INVOKE, but(OK, '"index":1', '"index":0')],
    'index',
    'f:3: /index: expected 1, the next index, got 0',
  ],
  [
    'time going back',
    [H, INVOKE, but(OK, '"time":9', '"time":4')],
    'time',
    'f:3: /time: expected at least 5, the time of the event before, got 4',
  ],
  [
    'a completion without invocation',
    [H, but(OK, '"index":1', '"index":0')],
    'no-invocation',
    'f:2: /process: expected an invocation of process 0 before its completion, got none',
  ],
  [
    'a duplicate completion',
    [H, INVOKE, OK, but(OK, '"index":1', '"index":2')],
    'duplicate-completion',
    'f:4: /process: expected one completion of operation 0 of process 0, got a second one after that at index 1',
  ],
  [
    'a completion after info',
    [H, INVOKE, INFO, but(OK, '"index":1', '"index":2')],
    'duplicate-completion',
    'f:4: /process: expected one completion of operation 0 of process 0, got a second one after that at index 1',
  ],
  [
    'an invocation while one is open',
    [H, INVOKE, but(NEXT, '"index":2', '"index":1')],
    'open-invocation',
    'f:3: /process: expected a process without an open operation, got process 0 whose operation 0 is still open',
  ],
  [
    'a process used after info',
    [H, INVOKE, INFO, NEXT],
    'retired-process',
    'f:4: /process: expected a new process, got process 0 which ended with info at index 1',
  ],
  [
    'a completion of another f',
    [H, INVOKE, but(OK, '"read"', '"write"')],
    'mismatch',
    'f:3: /f: expected "read" as in the invocation at index 0, got "write"',
  ],
  [
    'a completion of another key',
    [H, INVOKE, but(OK, '"x"', '"y"')],
    'mismatch',
    'f:3: /key: expected "x" as in the invocation at index 0, got "y"',
  ],
  [
    'a completion without the key',
    [H, INVOKE, but(OK, ',"key":"x"', '')],
    'mismatch',
    'f:3: /key: expected "x" as in the invocation at index 0, got nothing',
  ],
  [
    'a completion of another id',
    [H, INVOKE, but(OK, '[0,0]', '[0,1]')],
    'mismatch',
    'f:3: /id: expected [0,0] as in the invocation at index 0, got [0,1]',
  ],
  // The footer
  [
    'an altered event',
    [H, INVOKE, but(OK, '3', '4'), FOOTER],
    'damaged',
    `f:4: /content: expected events with the digest ${wholeHistory().footer!.content} as the footer says, got sha256:`,
  ],
  [
    'a lost event',
    [H, INVOKE, FOOTER],
    'damaged',
    'f:3: /events: expected 2 events as the footer says, got 1: the file is damaged',
  ],
  [
    'an event after the footer',
    [...WHOLE, NEXT],
    'after-footer',
    'f:5: expected nothing after the footer, got {"index":2,"time":9,"process":0,"type":"invoke","f":"read... (72 characters)',
  ],
  [
    'a second footer',
    [...WHOLE, FOOTER],
    'after-footer',
    'f:5: expected nothing after the footer, got a second one',
  ],
  [
    'a malformed footer',
    [H, '{"events":0}'],
    'missing-property',
    'f:2: /content: expected this property, got nothing',
  ],
  [
    'an unknown property in the footer',
    [H, '{"events":0,"content":"","ende":1}'],
    'unknown-property',
    'f:2: /ende: this property is not part of the format',
  ],
];

describe('a malformed history is refused:', () => {
  it.each(malformed)('%s', async (_, lines, code, message) => {
    const failure = await failureOf(() => parseHistory(`${lines.join('\n')}\n`, 'f'));
    expect(failure).toBeInstanceOf(HistoryError);
    const { code: actualCode, message: actual } = failure as HistoryError;
    // Of the digest that does not match only the beginning is known here.
    const wanted = message.endsWith('sha256:')
      ? actual.replace(/sha256:[\da-f]{64}: the file is damaged$/, 'sha256:')
      : actual;
    expect([actualCode, wanted]).toEqual([code, message]);
  });

  it('an empty text, and text that is no UTF-8', () => {
    expect(() => parseHistory('', 'f')).toThrow(
      new HistoryError('empty', 'expected a history, got an empty file', { file: 'f' }),
    );
    expect(() =>
      parseHistory(Buffer.concat([Buffer.from(`${H}\n"`), Buffer.of(0xc3, 0x28), Buffer.from('"\n')])),
    ).toThrow(new HistoryError('binary', 'expected text in UTF-8, got other bytes', { line: 2 }));
  });
});
