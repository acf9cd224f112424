import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  type HistoryEvent,
  HistoryWriter,
  openAnyHistory,
  type ReadAnyOptions,
  readAnyHistory,
} from '../index.ts';
import { failureOf, temporaryFile } from '../testing/temporary.ts';

/** Enough operations for several pieces of a megabyte. */
function edn(lines: (n: number) => string, count = 20_000): string {
  return Array.from({ length: count }, (_, n) => lines(n)).join('\n');
}

async function streamed(file: string, options?: ReadAnyOptions) {
  const source = await openAnyHistory(file, options);
  const { header } = source;
  const events: HistoryEvent[] = [];
  let batches = 0;
  for await (const batch of source.batches()) {
    events.push(...batch);
    batches++;
  }
  const { footer, cutOff, notes, format } = source;
  return {
    batches,
    rest: { history: { header, events, ...(cutOff ? { cutOff } : { footer }) }, notes, format },
  };
}

describe('a history read in pieces is the history read as a whole', () => {
  it.each<[string, string]>([
    [
      'tuples that nothing marks',
      edn(
        (n) =>
          `{:process ${n % 7}, :type :invoke, :f :read, :value [${n} nil], :time ${n}}\n{:process ${n % 7}, :type :ok, :f :read, :value [${n} 5], :time ${n}}`,
      ),
    ],
    [
      'tuples with a tag, and completions without',
      edn(
        (n) =>
          `#jepsen.history.Op{:process ${n}, :type :invoke, :f :write, :value #jepsen.independent.tuple [:x ${n}]}\n{:process ${n}, :type :info, :f :write, :value nil}`,
      ),
    ],
    [
      'keys as fields, times that go back',
      edn(
        (n) =>
          `{:process 1, :type :invoke, :f :add, :value ${n}, :key ${n % 3}, :time ${n - (n % 2) * 5}}\n{:process 1, :type :ok, :f :add, :value ${n}, :key ${n % 3}, :time ${n}}`,
      ),
    ],
    ['no processes', edn((n) => `{:type :invoke, :value [[:r 1 nil]]} {:type :ok, :value [[:r 1 [${n}]]]}`)],
    ['a log', edn((n) => `INFO 3 :invoke :read nil\nnoise\nINFO 3 :ok :read ${n}`)],
    [
      'a file that is cut off',
      `${edn((n) => `{:process ${n}, :type :invoke, :f :read, :value nil}`)} {:process`,
    ],
  ])('%s', async (_, text) => {
    const file = temporaryFile('history', text);
    const { batches, rest } = await streamed(file);
    expect(batches).toBeGreaterThan(1);
    expect(rest).toEqual(await readAnyHistory(file));
    const packed = temporaryFile('history.gz', gzipSync(text));
    expect((await streamed(packed)).rest).toEqual(rest);
  });

  it('our own', async () => {
    const file = temporaryFile('run.jsonl');
    const writer = new HistoryWriter(file, { sixways: 1, world: 'live' });
    writer.append({ index: 0, time: 1, process: 0, type: 'invoke', f: 'read', value: null });
    writer.finish({});
    expect((await streamed(file)).rest).toEqual(await readAnyHistory(file));
  });
});

describe('what only the whole file tells', () => {
  const retired = '{:process 1, :type :invoke, :f :read} {:process 1, :type :info, :f :read}\n'.repeat(2);

  it('numbers of processes after an info begin at a milliard', async () => {
    const { rest } = await streamed(temporaryFile('h.edn', retired));
    expect(rest.history.events.map((event) => 'process' in event && event.process)).toEqual([
      1, 1, 1_000_000_000, 1_000_000_000,
    ]);
    expect(rest.notes).toContain(
      'processes that went on after :info got new numbers, 1000000000 to 1000000000',
    );
  });

  it('a value that is no tuple, after a megabyte of tuples, is refused', async () => {
    const text = edn((n) => `{:process ${n}, :type :invoke, :f :read, :value [${n} nil]}`);
    const file = temporaryFile('h.edn', `${text}\n{:process 3000000, :type :invoke, :f :read, :value nil}`);
    expect(await failureOf(() => streamed(file))).toMatchObject({
      code: 'not-keyed',
      message: expect.stringContaining('operation 20000: expected a tuple [key value], got null'),
    });
    expect((await streamed(file, { keyed: false })).rest.history.events).toHaveLength(20_001);
  });
});
