import { describe, expect, it } from 'vitest';
import { type HistoryEvent, type Mapping, parseMapping, readMapped } from '../index.ts';
import { failureOf, temporaryFile } from '../testing/temporary.ts';
import { CsvReader } from './csv.ts';
import { nanosOf } from './instants.ts';

const CSV: Mapping = {
  format: 'csv',
  process: 'session',
  f: { from: 'method', map: { GET: 'read', PUT: 'write' } },
  key: { from: 'path', as: 'text' },
  value: 'body',
  result: 'answer',
  start: { from: 'began', unit: 'iso' },
  duration: { from: 'ms', unit: 'ms' },
  status: { from: 'status', ok: ['^2'], fail: ['^4'] },
  only: ['read', 'write'],
};

async function imported(text: string, mapping: Mapping) {
  const { history, notes } = await readMapped(temporaryFile('log', text), mapping);
  const word = (event: HistoryEvent): string => {
    if (!('process' in event) || typeof event.process !== 'number') return event.type;
    const key = 'key' in event && event.key !== undefined ? `${event.key}.` : '';
    return `${event.time}:${event.process}:${event.type}:${key}${event.f}(${JSON.stringify(event.value)})`;
  };
  return { words: history.events.map(word), notes, header: history.header };
}

describe('CSV', () => {
  const HEAD = 'began,ms,session,method,path,body,answer,status\n';

  it('of requests, out of order, becomes a history', async () => {
    const text = `${HEAD}2026-01-05T10:00:00.002Z,1.5,b,GET,/x,,7,200\r
2026-01-05T10:00:00.000000500Z,1,a,PUT,/x,7,,204\r
2026-01-05T10:00:00.010Z,30000,a,PUT,/x,8,,504
2026-01-05T10:00:00.011Z,1,a,GET,"/x","",,404
2026-01-05T10:00:00.011Z,1,a,HEAD,/x,,,200
`;
    expect(await imported(text, CSV)).toEqual({
      words: [
        '0:0:invoke:/x.write(7)',
        '1000000:0:ok:/x.write(7)',
        '1999500:1:invoke:/x.read(null)',
        '3499500:1:ok:/x.read(7)',
        '9999500:0:invoke:/x.write(8)',
        '10999500:2:invoke:/x.read(null)',
        '11999500:2:fail:/x.read(null)',
        '30009999500:0:info:/x.write(8)',
      ],
      notes: [
        '1 rows of other functions were passed over',
        '1 operations began while another of their process was open or of unknown outcome: each got a virtual process of its own, of 3 in all',
      ],
      header: { sixways: 1, world: 'imported' },
    });
  });

  it('takes operations that touch for concurrent', async () => {
    const mapping: Mapping = {
      format: 'csv',
      process: 'p',
      f: { default: 'read' },
      start: { from: 's', unit: 's' },
      end: { from: 'e', unit: 's' },
    };
    const { words } = await imported('p,s,e\n1,0,1\n1,1,2\n2,1,\n', mapping);
    expect(words).toEqual([
      '0:0:invoke:read(null)',
      '1000000000:1:invoke:read(null)',
      '1000000000:2:invoke:read(null)',
      '1000000000:0:ok:read(null)',
      '2000000000:1:ok:read(null)',
    ]);
    const wide = await imported('p,s,e\n1,0,1\n1,1.5,2\n', { ...mapping, clockError: 250_000_000 });
    expect(wide.words[2]).toBe('1500000000:0:ok:read(null)');
  });

  it('names the row, the column and the value', async () => {
    const failure = async (row: string) => failureOf(() => imported(`${HEAD}${row}\n`, CSV));
    expect(await failure('yesterday,1,a,GET,/x,,,200')).toMatchObject({
      line: 2,
      reason: 'began: expected a time in iso, got "yesterday"',
    });
    expect(await failure('2026-01-05T10:00:00Z,-1,a,GET,/x,,,200')).toMatchObject({
      reason: 'expected an end at or after the start, got one 1000000 ns before it',
    });
    expect(await failure('2026-01-05T10:00:00Z,1,a,GET')).toMatchObject({
      reason: 'expected 8 cells as in the first row, got 4',
    });
    expect(await failure('2026-01-05T10:00:00Z,1,,GET,/x,,,200')).toMatchObject({
      reason: 'session: expected a process, got nothing',
    });
    expect(await failureOf(() => imported(HEAD, CSV))).toMatchObject({ code: 'empty' });
    expect(
      await failureOf(() =>
        imported(`${HEAD}2026-01-05T10:00:00Z,1,a,GET,/x,,,200`, { ...CSV, process: 'user' }),
      ),
    ).toMatchObject({
      code: 'bad-mapping',
      reason: 'expected a column of began, ms, session, method, path, body, answer, status, got "user"',
    });
  });

  it('is read as RFC 4180 has it, in whatever pieces', () => {
    const text = 'a,"b ""c"",\nd",\r\n"",x"y,\n\nz';
    const rows = [
      { line: 1, cells: ['a', 'b "c",\nd', ''] },
      { line: 3, cells: ['', 'x"y', ''] },
      { line: 5, cells: ['z'] },
    ];
    for (let cut = 0; cut <= text.length; cut++) {
      const csv = new CsvReader('x.csv', ',');
      expect([...csv.feed(text.slice(0, cut)), ...csv.feed(text.slice(cut)), ...csv.end()]).toEqual(rows);
    }
    expect(() => new CsvReader('x.csv', ',').feed('1\n"a"b')).toThrow(
      'x.csv:2: expected "," or the end of the row after a quote, got "b"',
    );
    const open = new CsvReader('x.csv', ',');
    open.feed('"a\n');
    expect(() => open.end()).toThrow(
      'x.csv:1: expected the end of a cell in quotes, got the end of the file',
    );
  });
});

describe('JSON Lines', () => {
  it('of events, by pointers', async () => {
    const mapping: Mapping = {
      format: 'jsonl',
      rows: 'events',
      process: '/client',
      f: '/op/name',
      key: '/op/key',
      value: '/op/args',
      result: '/reply',
      time: { from: '/t', unit: 'us' },
      status: { from: '/event', invoke: ['^call$'], ok: ['^return$'] },
    };
    const text = [
      '{"t":2.5,"client":"c1","event":"return","op":{"name":"read","key":"x"},"reply":[1]}',
      '{"t":1,"client":"c1","event":"call","op":{"name":"read","key":"x"}}',
      '',
      '{"t":3,"client":"c2","event":"call","op":{"name":"write","key":"x","args":{"a":null}}}',
      '{"t":9,"client":"c2","event":"timeout","op":{"name":"write","key":"x"}}',
    ].join('\n');
    expect((await imported(text, mapping)).words).toEqual([
      '0:0:invoke:x.read(null)',
      '1500:0:ok:x.read([1])',
      '2000:1:invoke:x.write({"a":null})',
      '8000:1:info:x.write(null)',
    ]);
    const wrong = () => imported('{"t":1,\n', mapping);
    expect(await failureOf(wrong)).toMatchObject({ code: 'not-json', line: 1 });
  });
});

describe('OpenTelemetry', () => {
  it('spans of the file exporter become operations, their clocks exact', async () => {
    const attribute = (key: string, value: object) => ({ key, value });
    const span = (start: string, end: string, statement: string, code?: number) => ({
      name: statement,
      startTimeUnixNano: start,
      endTimeUnixNano: end,
      attributes: [
        attribute('db.operation.name', { stringValue: statement }),
        attribute('db.key', { intValue: '3' }),
        attribute('thread/id', { intValue: '12' }),
        attribute('db.rows', { arrayValue: { values: [{ intValue: '1' }, { doubleValue: 0.5 }] } }),
      ],
      ...(code && { status: { code } }),
    });
    const spans = [
      span('1767607200000000101', '1767607200000000205', 'read'),
      span('1767607200000000001', '1767607200000000100', 'write', 2),
    ];
    const line = {
      resourceSpans: [
        {
          resource: { attributes: [attribute('host.name', { stringValue: 'n1' })] },
          scopeSpans: [{ spans }],
        },
      ],
    };
    const { words } = await imported(`${JSON.stringify(line)}\n`, {
      format: 'otlp',
      process: '/attributes/thread~1id',
      f: '/attributes/db.operation.name',
      key: '/attributes/db.key',
      result: '/attributes/db.rows',
      node: '/resource/host.name',
      start: { from: '/startTimeUnixNano', unit: 'ns' },
      end: { from: '/endTimeUnixNano', unit: 'ns' },
      status: { from: '/status/code', ok: ['^$', '^1$'] },
    });
    expect(words).toEqual([
      '0:0:invoke:3.write(null)',
      '99:0:info:3.write(null)',
      '100:1:invoke:3.read(null)',
      '204:1:ok:3.read([1,0.5])',
    ]);
  });
});

describe('a mapping', () => {
  it.each<[string, string, string]>([
    ['{"format":"csv"', '', 'expected a mapping as JSON'],
    ['{"format":"csv","process":"p"}', '', "must have required property 'f'"],
    ['{"format":"xml","process":"p","f":"f"}', '/format', 'allowed values (csv, jsonl, otlp), got "xml"'],
    ['{"format":"csv","process":"p","f":"f"}', '', "must have required property 'start'"],
    ['{"format":"csv","rows":"events","process":"p","f":"f"}', '', "must have required property 'time'"],
    ['{"format":"csv","proces":"p","process":"p","f":"f"}', '/proces', 'expected one of format, rows'],
    [
      '{"format":"csv","process":"p","f":"f","start":{"from":"s","unit":"s"},"status":{"from":"x","ok":["("]}}',
      '/status/ok/0',
      'must match format "regex", got "("',
    ],
  ])('%s', async (text, pointer, message) => {
    expect(await failureOf(() => parseMapping(text, 'm.json'))).toMatchObject({
      code: 'bad-mapping',
      file: 'm.json',
      ...(pointer !== '' && { pointer }),
      message: expect.stringContaining(message),
    });
  });

  it('times are exact in every unit', () => {
    expect(nanosOf('1767607200.123456789', 's')).toBe(1767607200123456789n);
    expect(nanosOf(1.5, 'us')).toBe(1500n);
    expect(nanosOf('1767607200123456789', 'ns')).toBe(1767607200123456789n);
    expect(nanosOf('2026-01-05T10:00:00.123456789+00:00', 'iso')).toBe(1767607200123456789n);
    expect(nanosOf('2026-01-05T11:00:00+01:00', 'iso')).toBe(1767607200000000000n);
    expect(nanosOf('1e3', 'ms')).toBeUndefined();
    expect(nanosOf(true, 's')).toBeUndefined();
  });
});
