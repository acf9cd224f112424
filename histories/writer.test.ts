import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { buildSync } from 'esbuild';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  HistoryError,
  type HistoryEvent,
  type HistoryHeader,
  HistoryReader,
  HistoryRecorder,
  HistoryWriter,
  type Operation,
  readHistory,
  writeHistory,
} from './index.ts';
import { histories } from './testing/arbitraries.ts';
import { failureOf, temporaryFile } from './testing/temporary.ts';

const header: HistoryHeader = { sixways: 1, world: 'simulator', system: 'raft' };
const invoke: Operation = { index: 0, time: 5, process: 0, type: 'invoke', f: 'read', value: null };
const ok: Operation = { index: 1, time: 9, process: 0, type: 'ok', f: 'read', value: 3 };

describe('writing a history', () => {
  it('gives these bytes, whatever the order of the properties', () => {
    const recorder = new HistoryRecorder({ system: 'raft', world: 'simulator', sixways: 1 }, { bytes: true });
    recorder.append({
      value: [1, { b: 'é', a: -0 }],
      f: 'w',
      key: 'x',
      type: 'invoke',
      node: 'n1',
      id: [0, 4],
      process: 0,
      time: 5,
      index: 0,
    });
    recorder.append({ type: 'note', kind: 'leader', host: 'n1', data: { term: 2 }, time: 7, index: 1 });
    recorder.append({ value: null, f: 'crash', type: 'info', process: 'nemesis', time: 8, index: 2 });
    recorder.append({
      error: 'timeout',
      phase: 'final',
      id: [0, 4],
      value: '"',
      f: 'w',
      key: 'x',
      type: 'info',
      process: 0,
      time: 9,
      index: 3,
    });
    recorder.finish({ verdict: { validity: 'valid' }, digest: 'abc' });
    const lines = recorder.bytes().toString().split('\n');
    const content = createHash('sha256')
      .update(
        lines
          .slice(1, 5)
          .map((line) => `${line}\n`)
          .join(''),
      )
      .digest('hex');
    expect(lines).toEqual([
      '{"sixways":1,"world":"simulator","system":"raft"}',
      '{"index":0,"time":5,"process":0,"type":"invoke","f":"w","key":"x","value":[1,{"b":"é","a":-0}],"id":[0,4],"node":"n1"}',
      '{"index":1,"time":7,"type":"note","host":"n1","kind":"leader","data":{"term":2}}',
      '{"index":2,"time":8,"process":"nemesis","type":"info","f":"crash","value":null}',
      '{"index":3,"time":9,"process":0,"type":"info","f":"w","key":"x","value":"\\"","error":"timeout","id":[0,4],"phase":"final"}',
      `{"events":4,"digest":"abc","content":"sha256:${content}","verdict":{"validity":"valid"}}`,
      '',
    ]);
  });

  it('comes back as it was, from file and memory, whole or event by event', async () => {
    const file = temporaryFile('run.jsonl');
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        writeHistory(file, history);
        const recorder = new HistoryRecorder(history.header, { bytes: true });
        for (const event of history.events) recorder.append(event);
        const { events: _, content: __, ...ending } = history.footer!;
        const footer = recorder.finish(ending);
        const read = await readHistory(file);
        expect(read).toStrictEqual({ ...history, footer });
        expect(read).toStrictEqual(recorder.history());
        expect(footer).toStrictEqual({
          ...history.footer,
          events: history.events.length,
          content: footer.content,
        });
        expect(readFileSync(file).equals(recorder.bytes())).toBe(true);

        const reader = await HistoryReader.open(file);
        const events: HistoryEvent[] = [];
        for await (const event of reader) events.push(event);
        expect([reader.header, events, reader.footer, reader.cutOff]).toStrictEqual([
          history.header,
          history.events,
          footer,
          undefined,
        ]);
      }),
    );
  });

  it('keeps a history that was cut off as it is: without footer', async () => {
    const file = temporaryFile('run.jsonl');
    writeHistory(file, { header, events: [invoke], cutOff: { line: 3, reason: 'power' } });
    expect(await readHistory(file)).toEqual({
      header,
      events: [invoke],
      cutOff: { line: 3, reason: 'the file ends without a footer' },
    });
  });

  it('takes lines longer than its buffer, and hashes them like others', async () => {
    const file = temporaryFile('run.jsonl');
    const events = [
      { ...invoke, value: 'ä'.repeat(400_000) },
      ok,
      { ...invoke, index: 2, time: 9, value: 'x'.repeat(300_000) },
    ];
    writeHistory(file, { header, events });
    expect((await readHistory(file)).events).toEqual(events);
  });

  it('is not finished before it is, and then is', () => {
    const recorder = new HistoryRecorder(header);
    recorder.append(invoke);
    expect(recorder.history()).toEqual({
      header,
      events: [invoke],
      cutOff: { line: 3, reason: 'the file ends without a footer' },
    });
    recorder.finish();
    recorder.close();
    const place = { line: 4 };
    expect(() => recorder.append(ok)).toThrow(
      new HistoryError('finished', 'expected nothing more after the end of the history', place),
    );
    expect(() => recorder.finish()).toThrow(
      new HistoryError('finished', 'expected nothing more after the end of the history', place),
    );
  });
});

describe('a writer refuses, keeping nothing of it,', () => {
  const circular: Operation = {
    ...ok,
    value: Array.from({ length: 600 }).reduce<Operation['value']>((inner) => [inner], 0),
  };
  it.each<[string, HistoryEvent, string]>([
    [
      'NaN',
      { ...ok, value: [1, { a: Number.NaN }] },
      'FILE:3: /value/1/a: expected a finite number, got NaN',
    ],
    ['an index out of order', { ...ok, index: 2 }, 'FILE:3: /index: expected 1, the next index, got 2'],
    [
      'an operation that no one invoked',
      { ...ok, process: 7 },
      'FILE:3: /process: expected an invocation of process 7 before its completion, got none',
    ],
    [
      'a malformed one',
      { ...ok, time: 1.5 },
      'FILE:3: /time: expected nanoseconds as an integer from 0, got 1.5',
    ],
    ['deep nesting', circular, 'FILE:3: expected values nested at most 500 deep'],
    [
      'a line over 16 MiB',
      { ...ok, value: 'x'.repeat(16 * 1024 * 1024) },
      'FILE:3: expected a line of at most 16777216 bytes, got 16777282',
    ],
  ])('%s', async (_, event, message) => {
    const file = temporaryFile('run.jsonl');
    const writer = new HistoryWriter(file, header);
    writer.append(invoke);
    const failure = await failureOf(() => writer.append(event));
    expect(failure).toBeInstanceOf(HistoryError);
    expect((failure as HistoryError).message).toBe(message.replace('FILE', file));
    writer.append(ok);
    const footer = writer.finish();
    expect(await readHistory(file)).toEqual({ header, events: [invoke, ok], footer });
  });

  it('a malformed header', () => {
    expect(() => new HistoryRecorder({ ...header, system: '' })).toThrow(
      new HistoryError('wrong-type', 'expected a text that is not empty, got ""', {
        line: 1,
        pointer: '/system',
      }),
    );
  });

  it('a file that cannot be written', async () => {
    const file = `${temporaryFile('missing')}/run.jsonl`;
    const failure = await failureOf(() => new HistoryWriter(file, header));
    expect(failure).toEqual(
      new HistoryError('unwritable', `ENOENT: no such file or directory, open '${file}'`, { file }),
    );
  });
});

describe('a harness that is killed while it writes', () => {
  it('leaves every event that it had handed to the writer', async () => {
    const file = temporaryFile('run.jsonl');
    const script = temporaryFile('write.cjs');
    const { outputFiles } = buildSync({
      stdin: {
        contents: `
          import { writeSync } from 'node:fs';
          import { HistoryWriter } from './writer.ts';
          const writer = new HistoryWriter(process.argv[2], { sixways: 1, world: 'live' });
          for (let index = 0; ; index++) {
            writer.append({ index, time: index, process: 0, type: index % 2 ? 'ok' : 'invoke', f: 'read', value: index });
            writeSync(1, index + '\\n');
          }`,
        resolveDir: import.meta.dirname,
        loader: 'ts',
      },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      write: false,
    });
    writeFileSync(script, outputFiles[0]!.contents);
    const child = spawn(process.execPath, [script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (text) => {
      said += text;
      if (said.length > 20_000) child.kill('SIGKILL');
    });
    const [, signal] = await once(child, 'close');
    expect(signal).toBe('SIGKILL');
    const last = Number(said.split('\n').at(-2));
    const { events, cutOff, footer } = await readHistory(file);
    expect(events.length).toBeGreaterThan(last);
    expect(events.map(({ index }) => index)).toEqual(
      Array.from({ length: events.length }, (_, index) => index),
    );
    expect(footer).toBeUndefined();
    expect(cutOff).toBeDefined();
  });
});

describe('a footer that no longer fits into the buffer', () => {
  it('starts a new one and leaves the digest alone', () => {
    const header = { sixways: 1, world: 'simulator' } as const;
    const events = Array.from({ length: 3000 }, (_, index) => ({
      index,
      time: index,
      type: 'note' as const,
      host: 'n1',
      kind: 'fill',
      data: 'x'.repeat(20),
    }));
    const plain = new HistoryRecorder(header);
    const long = new HistoryRecorder(header);
    for (const event of events) {
      plain.append(event);
      long.append(event);
    }
    const { content } = plain.finish();
    expect(long.finish({ verdict: { filler: 'y'.repeat(250_000) } }).content).toBe(content);
  });
});
