import { dirname } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  HistoryError,
  type HistoryErrorCode,
  type HistoryEvent,
  HistoryReader,
  HistoryRecorder,
  parseHistory,
  readHistory,
} from './index.ts';
import { HistoryParser } from './parser.ts';
import { failureOf, temporaryFile } from './testing/temporary.ts';

const H = '{"sixways":1,"world":"live"}';
const INVOKE =
  '{"index":0,"time":5,"process":0,"type":"invoke","f":"read","key":"x","value":null,"id":[0,0]}';
const OK = '{"index":1,"time":9,"process":0,"type":"ok","f":"read","key":"x","value":3,"id":[0,0]}';

describe('a file that is no history is refused by name:', () => {
  it.each<[string, string | Uint8Array, HistoryErrorCode, string]>([
    ['an empty file', '', 'empty', 'expected a history, got an empty file'],
    [
      'a packed file that is cut off',
      gzipSync(`${H}\n`).subarray(0, 20),
      'gzip',
      'expected a whole file packed by gzip, got unexpected end of file',
    ],
    [
      'binary data in a packed file',
      gzipSync(Uint8Array.of(65, 0)),
      'binary',
      'expected a history as text, got binary data (a zero byte at offset 1)',
    ],
    [
      'binary data',
      Uint8Array.of(127, 69, 76, 70, 0, 1),
      'binary',
      'expected a history as text, got binary data (a zero byte at offset 4)',
    ],
  ])('%s', async (_, content, code, reason) => {
    const file = temporaryFile('run.jsonl', content);
    expect(await failureOf(() => readHistory(file))).toEqual(new HistoryError(code, reason, { file }));
    expect(await failureOf(() => HistoryReader.open(file))).toEqual(new HistoryError(code, reason, { file }));
  });

  it('a missing file and a folder', async () => {
    const file = temporaryFile('missing');
    expect(await failureOf(() => readHistory(file))).toEqual(
      new HistoryError('not-found', 'expected a history, got no such file', { file }),
    );
    const folder = dirname(file);
    expect(await failureOf(() => readHistory(folder))).toEqual(
      new HistoryError('not-a-file', 'expected a history, got a directory', { file: folder }),
    );
  });

  it('a line over 16 MiB, without reading it to its end', async () => {
    const pieces = Array.from({ length: 40 }, () => Buffer.alloc(1 << 20, 'x'));
    const file = temporaryFile('run.jsonl', Buffer.concat([Buffer.from(`${H}\n`), ...pieces]));
    expect(await failureOf(() => readHistory(file))).toEqual(
      new HistoryError('line-too-long', 'expected a line of at most 16777216 bytes, got a longer one', {
        file,
        line: 2,
      }),
    );
  });
});

it('a packed history is read like any other', async () => {
  const text = `${H}\n${INVOKE}\n${OK}\n`;
  const packed = await readHistory(temporaryFile('run.jsonl.gz', gzipSync(text)));
  expect(packed).toEqual(await readHistory(temporaryFile('run.jsonl', text)));
  expect(packed.events).toHaveLength(2);
});

describe('a history that was cut off', () => {
  const recorder = new HistoryRecorder({ sixways: 1, world: 'live' }, { bytes: true });
  const events = [INVOKE, OK].map((line) => JSON.parse(line.replace('"x"', '"é"')) as HistoryEvent);
  for (const event of events) recorder.append(event);
  recorder.finish({ verdict: [1.5, -2, true, null, 'a\u0001b'] });
  const { header } = recorder.history();
  const bytes = recorder.bytes();
  const ends = [...bytes.keys()].filter((at) => bytes[at] === 10);

  it('within the header is not readable', () => {
    for (let cut = 1; cut < ends[0]!; cut++) {
      expect(() => parseHistory(bytes.subarray(0, cut))).toThrow(
        new HistoryError('missing-header', 'expected a header, got only the beginning of a line', {
          line: 1,
        }),
      );
    }
  });

  it('after it is readable up to the cut, at every byte, and says where that is', () => {
    for (let cut = ends[0]!; cut < bytes.length - 1; cut++) {
      // A line is complete with its last brace, whether or not its end follows.
      const lines = ends.filter((end) => end <= cut).length;
      const bytesOfNext = cut - ends[lines - 1]! - 1;
      const reason =
        bytesOfNext > 0
          ? `the file ends within this line, after ${bytesOfNext} of its bytes`
          : 'the file ends without a footer';
      expect(parseHistory(bytes.subarray(0, cut))).toEqual({
        header,
        events: events.slice(0, lines - 1),
        cutOff: { line: lines + 1, reason },
      });
    }
  });

  it('in nothing but the end of its last line is whole', () => {
    expect(parseHistory(bytes.subarray(0, bytes.length - 1))).toEqual(recorder.history());
  });

  it('does not hide what is wrong with the last line', () => {
    expect(() => parseHistory(`${H}\n${INVOKE.replace('null', 'NaN')}`)).toThrow(
      new HistoryError('not-json', 'expected a JSON value, got "NaN"', { line: 2, column: 78 }),
    );
  });

  it('by the power going is cut at the zero bytes that the file system left', () => {
    const torn = Buffer.concat([bytes.subarray(0, ends[1]! + 11), Buffer.alloc(500)]);
    expect(parseHistory(torn)).toEqual({
      header,
      events: events.slice(0, 1),
      cutOff: { line: 3, reason: 'the file ends within this line, after 10 of its bytes' },
    });
  });

  it('comes in pieces of any size', () => {
    for (const size of [1, 2, 3, 7, 50, 1000]) {
      const parser = new HistoryParser('f');
      for (let at = 0; at < bytes.length; at += size) parser.feed(Buffer.from(bytes.subarray(at, at + size)));
      parser.end();
      expect({ header: parser.header, events: parser.take(), footer: parser.footer }).toEqual(
        recorder.history(),
      );
    }
  });
});

describe('a history by hand', () => {
  it('may end with open invocations, without footer, and begin with a byte order mark', () => {
    expect(parseHistory(`\ufeff${H}\r\n${INVOKE}\r\n`)).toEqual({
      header: { sixways: 1, world: 'live' },
      events: [JSON.parse(INVOKE)],
      cutOff: { line: 3, reason: 'the file ends without a footer' },
    });
  });

  it('may carry integers beyond 2^53 that a double holds exactly', () => {
    const [event] = parseHistory(
      `${H}\n${INVOKE.replace('null', '[9223372036854775808,1e300,"9007199254740993"]')}\n`,
    ).events;
    expect(event).toMatchObject({ value: [2 ** 63, 1e300, '9007199254740993'] });
  });
});
