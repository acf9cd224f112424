import { describe, expect, it } from 'vitest';
import {
  type AnyHistory,
  type HistoryError,
  type HistoryErrorCode,
  operationPairs,
  type ReadAnyOptions,
  readAnyHistory,
} from '../index.ts';
import { failureOf, temporaryFile } from '../testing/temporary.ts';

function read(text: string | Uint8Array, options?: ReadAnyOptions): Promise<AnyHistory> {
  return readAnyHistory(temporaryFile('whatever.txt', text), options);
}

/** The events in one line each: `index time process type f key value error`, what is absent left out. */
async function summary(text: string, options?: ReadAnyOptions): Promise<string[]> {
  const { history } = await read(text, options);
  return history.events.map((event) =>
    Object.values(event)
      .map((value) => JSON.stringify(value))
      .join(' '),
  );
}

describe('a history in EDN', () => {
  it('is read from one map a line, with what a commented log of Knossos contains', async () => {
    const { history, format, notes } = await read(`
      ; a comment
      {:process 0, :type :invoke, :f :write, :value 3}
      {:process :nemesis, :type :info, :f :start, :value "cut off [n1]"}
      #_{:process 9 :type :ok :f :read :value 1}
      {:process 0, :type :ok, :f :write, :value 3} ; done
      {:type :invoke, :f :cas, :value [3 4], :process 2}
      {:type :fail, :f :cas, :value [3 4], :process 2, :error [:mismatch nil]}
      {:process 1  :type :invoke :f :read :value nil :node "n1" :extra #{1}} ; pending`);
    expect([format, notes]).toEqual(['edn', []]);
    expect(history).toEqual({
      header: { sixways: 1, world: 'imported' },
      events: [
        { index: 0, time: 0, process: 0, type: 'invoke', f: 'write', value: 3 },
        { index: 1, time: 1, process: 'nemesis', type: 'info', f: 'start', value: 'cut off [n1]' },
        { index: 2, time: 2, process: 0, type: 'ok', f: 'write', value: 3 },
        { index: 3, time: 3, process: 2, type: 'invoke', f: 'cas', value: [3, 4] },
        { index: 4, time: 4, process: 2, type: 'fail', f: 'cas', value: [3, 4], error: ['mismatch', null] },
        { index: 5, time: 5, process: 1, type: 'invoke', f: 'read', value: null, node: 'n1' },
      ],
      footer: { events: 6, content: expect.stringMatching(/^sha256:[\da-f]{64}$/) },
    });
  });

  it.each([
    ['a vector', '[', ']'],
    ['a list, a comment at its end', '; first\n(', ') ; last'],
    ['a vector within which all is on one line', '[\n', '\n]\n'],
    ['maps side by side', '', ''],
  ])('is read from %s', async (_, before, after) => {
    const lines =
      '{:process 4 :type :invoke :f :read :value nil}{:process 4 :type :ok :f :read :value [1 2]}';
    expect(await summary(before + lines + after)).toEqual([
      '0 0 4 "invoke" "read" null',
      '1 1 4 "ok" "read" [1,2]',
    ]);
  });

  it('gives processes with names numbers, and takes every other name for the nemesis', async () => {
    const { history, notes } = await read(`
      {:process :a, :type :invoke, :f :write, :value 1}
      {:process 3, :type :invoke, :f :read, :value nil}
      {:process :clock, :type :info, :f :bump, :value 5}
      {:process :a, :type :info, :f :write, :value 1}
      {:process :a, :type :invoke, :f :read, :value nil}
      {:process :a, :type :ok, :f :read, :value 1}`);
    const by = history.events.map((event) => ('process' in event ? [event.process, event.type] : []));
    expect(by).toEqual([
      [4, 'invoke'],
      [3, 'invoke'],
      ['nemesis', 'info'],
      [4, 'info'],
      [5, 'invoke'],
      [5, 'ok'],
    ]);
    expect(notes).toContain(
      'processes with names, and those that went on after :info got new numbers, 4 to 5',
    );
  });

  it('is read from records with times, indices and transactions', async () => {
    expect(
      await summary(`
        #jepsen.history.Op{:index 0, :time 3183, :type :invoke, :process 5, :f :txn, :value [[:append 3 1] [:r 2 nil]]}
        #jepsen.history.Op{:index 1, :time 4000, :type :ok, :process 5, :f :txn, :value [[:append 3 1] [:r 2 [7 8]]]}`),
    ).toEqual([
      '0 3183 5 "invoke" "txn" [["append",3,1],["r",2,null]]',
      '1 4000 5 "ok" "txn" [["append",3,1],["r",2,[7,8]]]',
    ]);
  });

  it('is read from operations with a key of their own', async () => {
    expect(
      await summary(`
        {:process 0, :type :invoke, :f :append, :key "0", :value "x 0 0 y"}
        {:process 0, :type :ok, :f :append, :key "0", :value "x 0 0 y"}
        {:process 0, :type :invoke, :f :get, :key 7, :value nil}
        {:process 0, :type :info, :f :get, :value nil}`),
    ).toEqual([
      '0 0 0 "invoke" "append" "x 0 0 y" "0"',
      '1 1 0 "ok" "append" "x 0 0 y" "0"',
      '2 2 0 "invoke" "get" null 7',
      '3 3 0 "info" "get" null 7',
    ]);
  });

  it('without processes: each pair gets one of its own, and nothing is claimed about real time', async () => {
    const { history, notes } = await read(`
      {:index 0 :type :invoke  :value [[:append 253 1]]}
      {:index 1 :type :ok      :value [[:append 253 1]]}
      {:index 2 :type :invoke  :value [[:r 253 nil]]}
      {:index 3 :type :invoke  :value [[:append 253 2]]}
      {:index 4 :type :fail    :value [[:append 253 2]]}`);
    expect(history.header).toEqual({ sixways: 1, world: 'imported', realtime: false });
    expect(history.events.map((event) => Object.values(event))).toEqual([
      [0, 0, 0, 'invoke', 'txn', [['append', 253, 1]]],
      [1, 1, 0, 'ok', 'txn', [['append', 253, 1]]],
      [2, 2, 1, 'invoke', 'txn', [['r', 253, null]]],
      [3, 3, 2, 'invoke', 'txn', [['append', 253, 2]]],
      [4, 4, 2, 'fail', 'txn', [['append', 253, 2]]],
    ]);
    expect(notes).toEqual([
      'operations had no :process: each is taken for itself, their order claims nothing about real time',
    ]);
  });

  it('gives a process that goes on after info a new number', async () => {
    const line = (process: number, type: string, f: string) =>
      `{:process ${process} :type ${type} :f ${f} :value nil}`;
    const { history, notes } = await read(
      [
        line(0, ':invoke', ':a'),
        line(0, ':info', ':a'),
        line(0, ':invoke', ':b'),
        line(7, ':invoke', ':c'),
        line(0, ':info', ':b'),
        line(7, ':info', ':c'),
        line(7, ':invoke', ':d'),
        line(0, ':invoke', ':e'),
        line(0, ':ok', ':e'),
        line(0, ':invoke', ':g'),
      ].join('\n'),
    );
    expect(
      operationPairs(history.events).map(({ invocation, completion }) => [
        invocation.f,
        invocation.process,
        completion?.process,
      ]),
    ).toEqual([
      ['a', 0, 0],
      ['b', 8, 8],
      ['c', 7, 7],
      ['d', 9, undefined],
      ['e', 10, 10],
      ['g', 10, undefined],
    ]);
    expect(notes).toEqual(['processes that went on after :info got new numbers, 8 to 10']);
  });

  it('repairs times that go back or are missing, and tells it', async () => {
    const { history, notes } = await read(`
      {:process 0 :type :invoke :f :read :value nil}
      {:time 50 :process 1 :type :invoke :f :read :value nil}
      {:time 40 :process 0 :type :ok :f :read :value 1}
      {:process 1 :type :ok :f :read :value 1}`);
    expect(history.events.map(({ time }) => time)).toEqual([0, 50, 50, 50]);
    expect(notes).toEqual([
      '2 operations had no :time and got that before them',
      '1 operations had a :time before the one above them and got that',
    ]);
  });

  it('keeps 64-bit integers exactly, as texts', async () => {
    expect(
      await summary(
        '{:process 0 :type :invoke :f :write :value 9223372036854775807}\n{:process 0 :type :ok :f :write :value 9223372036854775807}',
      ),
    ).toEqual(['0 0 0 "invoke" "write" "9223372036854775807"', '1 1 0 "ok" "write" "9223372036854775807"']);
  });

  it('that is cut off is readable up to there', async () => {
    const whole =
      '[{:process 0 :type :invoke :f :read :value nil}\n {:process 0 :type :ok :f :read :value "é"}\n]';
    for (let cut = 1; cut < whole.length; cut++) {
      const complete = whole.slice(0, cut).split('}').length - 1;
      const bytes = Buffer.from(whole.slice(0, cut));
      if (complete === 0) {
        expect(await failureOf(() => read(bytes, { format: 'edn' }))).toMatchObject({ code: 'empty' });
        continue;
      }
      const { history } = await read(bytes, { format: 'edn' });
      expect(history.events).toHaveLength(complete);
      expect(history.footer).toBeUndefined();
      expect(history.cutOff?.reason).toMatch(/^the file ends within the form|^the vector or list/);
    }
  });

  it('that is larger than the pieces it is read in keeps its lines', async () => {
    const pair =
      '{:process 0, :type :invoke, :f :write, :value "größer"}\n{:process 0, :type :ok, :f :write, :value "größer"}\n';
    const { history } = await read(pair.repeat(12_000));
    expect([history.events.length, history.cutOff]).toEqual([24_000, undefined]);
    const failure = await failureOf(() => read(`${pair.repeat(12_000)}{:process 0, :type :ok, :f :write}`));
    expect(failure).toMatchObject({ code: 'duplicate-completion', line: 24_001, column: 1 });
  });
});

describe('tuples of key and value', () => {
  const pair = (f: string, argument: string, result: string) =>
    `{:process 0 :type :invoke :f :${f} :value ${argument}}{:process 0 :type :ok :f :${f} :value ${result}}`;

  it.each<[string, string, (string | number)[]]>([
    [
      'reads and a cas of tuples',
      pair('read', '[7 nil]', '[7 1]') + pair('cas', '[8 [1 2]]', '[8 [1 2]]'),
      [7, 8],
    ],
    [
      'reads of tuples and writes',
      pair('write', '["x" 1]', '["x" 1]') + pair('read', '["x" nil]', '["x" 1]'),
      ['x', 'x'],
    ],
  ])('are found in %s', async (_, text, keys) => {
    const { history, notes } = await read(text);
    expect(operationPairs(history.events).map(({ invocation }) => invocation.key)).toEqual(keys);
    expect(notes).toEqual(['values are read as [key value] tuples']);
  });

  it.each([
    ['a cas of old and new', pair('cas', '[1 2]', '[1 2]')],
    ['writes of pairs alone', pair('write', '[1 2]', '[1 2]')],
    ['reads of pairs', pair('read', 'nil', '[1 2]')],
    ['transactions of two', pair('txn', '[[:r 1 nil] [:w 1 2]]', '[[:r 1 2] [:w 1 2]]')],
    ['some values only', pair('read', '[1 nil]', '[1 3]') + pair('write', '3', '3')],
    ['two keys in one operation', pair('read', '[1 nil]', '[2 3]')],
  ])('are not seen in %s', async (_, text) => {
    const { history } = await read(text);
    expect(history.events.map((event) => 'key' in event)).not.toContain(true);
  });

  it('are taken where a tag says so, or the caller', async () => {
    const tagged =
      pair('write', '#jepsen.independent.tuple [1 [2 3]]', '#clojure.lang.MapEntry [1 [2 3]]') +
      pair('read', 'nil', '[4 5]');
    expect(await summary(tagged)).toEqual([
      '0 0 0 "invoke" "write" [2,3] 1',
      '1 1 0 "ok" "write" [2,3] 1',
      '2 2 0 "invoke" "read" null',
      '3 3 0 "ok" "read" [4,5]',
    ]);
    const writes = pair('write', '[[1 :a] 2]', '[[1 :a] 2]');
    expect(await summary(writes, { keyed: true })).toEqual([
      '0 0 0 "invoke" "write" 2 "[1,\\"a\\"]"',
      '1 1 0 "ok" "write" 2 "[1,\\"a\\"]"',
    ]);
    expect(await summary(pair('read', '[1 nil]', '[1 3]'), { keyed: false })).toEqual([
      '0 0 0 "invoke" "read" [1,null]',
      '1 1 0 "ok" "read" [1,3]',
    ]);
  });

  it('that are none although the caller says so are refused', async () => {
    expect(await failureOf(() => read(pair('read', '[1 nil]', '3'), { keyed: true }))).toMatchObject({
      code: 'not-keyed',
      reason: 'operation 1: expected a tuple [key value], got 3',
    });
    expect(await failureOf(() => read(pair('read', '[1 nil]', '[2 3]'), { keyed: true }))).toMatchObject({
      code: 'mismatch',
      reason: 'operation 1: expected the key 1 of its invocation, got 2',
    });
  });
});

describe('a text log', () => {
  const prefix = 'INFO  jepsen.util - ';

  it('is read line by line; a timeout is info, and other lines are passed over', async () => {
    const { history, format, notes } = await read(
      [
        'INFO  jepsen.core - Worker 0 starting',
        `${prefix}0\t:invoke\t:read\tnil`,
        `${prefix}1\t:invoke\t:cas\t[0 3]`,
        `${prefix}:nemesis\t:info\t:start\t"cut :ok"`,
        `${prefix}1\t:fail\t:cas\t[0 3]`,
        `${prefix}0\t:fail\t:read\t:timed-out`,
        `${prefix}0\t:invoke\t:write\t4\r`,
        `${prefix}0\t:info\t:write\t4\t:indeterminate`,
        '',
      ].join('\n'),
    );
    expect([format, notes]).toEqual([
      'log',
      [
        'processes that went on after :info got new numbers, 2 to 2',
        '1 other lines of the log were passed over',
      ],
    ]);
    expect(history.events).toEqual([
      { index: 0, time: 0, process: 0, type: 'invoke', f: 'read', value: null },
      { index: 1, time: 1, process: 1, type: 'invoke', f: 'cas', value: [0, 3] },
      { index: 2, time: 2, process: 'nemesis', type: 'info', f: 'start', value: 'cut :ok' },
      { index: 3, time: 3, process: 1, type: 'fail', f: 'cas', value: [0, 3] },
      { index: 4, time: 4, process: 0, type: 'info', f: 'read', value: null, error: 'timed-out' },
      { index: 5, time: 5, process: 2, type: 'invoke', f: 'write', value: 4 },
      { index: 6, time: 6, process: 2, type: 'info', f: 'write', value: 4, error: 'indeterminate' },
    ]);
  });

  it.each<[string, string, HistoryErrorCode, string]>([
    [
      'an operation without name',
      '3\t:ok',
      'not-a-log',
      'FILE:2: expected "process :type :f value", got "INFO  jepsen.util - 3\\t:ok"',
    ],
    ['a value that is no EDN', '0\t:ok\t:read\t[1 2}', 'not-edn', 'FILE:2:37: expected "]", got "}"'],
    [
      'a completion of nothing',
      '3\t:ok\t:read\t1',
      'no-invocation',
      'FILE:2: expected an invocation of process 3 before its completion (:ok), got none',
    ],
    [
      'too many values',
      '0\t:ok\t:read\t1 2 3',
      'not-a-log',
      'FILE:2: expected a value and perhaps an error, got 3 forms',
    ],
  ])('with %s is refused', async (_, line, code, message) => {
    const file = temporaryFile('etcd.log', `${prefix}0\t:invoke\t:read\tnil\n${prefix}${line}\n`);
    const failure = await failureOf(() => readAnyHistory(file));
    expect([(failure as HistoryError).code, (failure as HistoryError).message]).toEqual([
      code,
      message.replace('FILE', file),
    ]);
  });
});

describe('the format of a file', () => {
  it.each([
    ['sixways', '{"sixways":1,"world":"live"}\n'],
    ['edn', ' {:process 0 :type :invoke :f :read}'],
    ['edn', '; comment\n\n#x.Op{:process 0 :type :invoke :f :read}'],
    ['edn', '[\n{:process 0 :type :invoke :f :read}'],
    ['log', '[2026-01-01 worker] INFO jepsen.util - 3 :invoke :read nil'],
    ['log', '3\t:invoke\t:read\tnil'],
  ])('is %s, by its content', async (format, text) => {
    expect((await read(text)).format).toBe(format);
  });

  it.each([
    [
      'hello world',
      'unknown-format',
      'expected a history (our JSON Lines, EDN or a log of Jepsen), got a text that begins "hello world"',
    ],
    ['', 'empty', 'expected a history, got an empty file'],
    ['{"index":0}', 'missing-header', 'expected a header {"sixways":1,...}, got {"index":0}'],
  ])('of %s is refused', async (text, code, reason) => {
    expect(await failureOf(() => read(text))).toMatchObject({ code, reason });
  });

  it('that is binary is refused', async () => {
    expect(await failureOf(() => read(Uint8Array.of(0x7b, 0x3a, 0xff, 0xfe, 0x7d)))).toMatchObject({
      code: 'binary',
      reason: 'expected text in UTF-8, got other bytes',
    });
  });
});
