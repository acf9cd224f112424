import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { HistoryError } from './error.ts';
import type { History, HistoryFooter, HistoryHeader } from './history.ts';
import type { HistoryEvent } from './operation.ts';
import { HistoryParser } from './parser.ts';

const CHUNK_BYTES = 1 << 20;
const GZIP = Buffer.of(0x1f, 0x8b);

/**
 * The bytes of a file in pieces of at most 1 MiB; a file that is packed by gzip is unpacked.
 * @throws HistoryError `not-found`, `not-a-file`, `unreadable`, `gzip`, `binary`, `empty`
 */
export async function* fileChunks(file: string): AsyncGenerator<Buffer, void, undefined> {
  let first = true;
  try {
    for await (const chunk of unpacked(createReadStream(file, { highWaterMark: CHUNK_BYTES }))) {
      if (first) refuseBinary(file, chunk);
      first = false;
      yield chunk;
    }
  } catch (error) {
    throw fileError(file, error);
  }
  if (first) throw new HistoryError('empty', 'expected a history, got an empty file', { file });
}

async function* unpacked(bytes: Readable): AsyncGenerator<Buffer, void, undefined> {
  const chunks: AsyncIterator<Buffer> = bytes[Symbol.asyncIterator]();
  const { value: first, done } = await chunks.next();
  if (done) return;
  async function* all(): AsyncGenerator<Buffer, void, undefined> {
    try {
      yield first;
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
    } finally {
      bytes.destroy();
    }
  }
  if (!first.subarray(0, 2).equals(GZIP)) {
    yield* all();
    return;
  }
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // Errors of either side end the iteration below.
  pipeline(all(), gunzip, () => {});
  yield* gunzip;
}

function refuseBinary(file: string, chunk: Buffer): void {
  const zero = chunk.subarray(0, 4096).indexOf(0);
  if (zero >= 0) {
    throw new HistoryError(
      'binary',
      `expected a history as text, got binary data (a zero byte at offset ${zero})`,
      { file },
    );
  }
}

function fileError(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || error instanceof HistoryError) return error;
  if (error.code === 'ENOENT')
    return new HistoryError('not-found', 'expected a history, got no such file', { file });
  if (error.code === 'EISDIR')
    return new HistoryError('not-a-file', 'expected a history, got a directory', { file });
  if (typeof error.code === 'string' && error.code.startsWith('Z_')) {
    const message = `expected a whole file packed by gzip, got ${error.message}`;
    return new HistoryError('gzip', message, { file });
  }
  if ('syscall' in error)
    return new HistoryError('unreadable', `expected a readable file, got ${error.message}`, { file });
  return error;
}

/**
 * A history file of our own, read event by event in bounded memory:
 *
 *     const reader = await HistoryReader.open(file);
 *     for await (const event of reader) ...
 *     reader.footer ?? reader.cutOff
 *
 * The digest of the content is known to be right only when the iteration is over. It can be iterated once.
 */
export class HistoryReader implements AsyncIterable<HistoryEvent> {
  readonly header: HistoryHeader;
  private readonly parser: HistoryParser;
  private readonly chunks: AsyncGenerator<Buffer, void, undefined>;

  private constructor(
    header: HistoryHeader,
    parser: HistoryParser,
    chunks: AsyncGenerator<Buffer, void, undefined>,
  ) {
    this.header = header;
    this.parser = parser;
    this.chunks = chunks;
  }

  /** Opens a file and reads its header. @throws HistoryError */
  static async open(file: string): Promise<HistoryReader> {
    const parser = new HistoryParser(file);
    const chunks = fileChunks(file);
    while (parser.header === undefined) {
      const { done, value } = await chunks.next();
      if (done) parser.end();
      else parser.feed(value);
    }
    return new HistoryReader(parser.header, parser, chunks);
  }

  /** After the iteration; undefined if the file was cut off. */
  get footer(): HistoryFooter | undefined {
    return this.parser.footer;
  }

  /** After the iteration: where the file was cut off, if it was. */
  get cutOff(): History['cutOff'] {
    return this.parser.cutOff;
  }

  /** Events in groups, as they come from the file: ten times less overhead than one by one. @throws HistoryError */
  async *batches(): AsyncGenerator<HistoryEvent[], void, undefined> {
    for (;;) {
      const events = this.parser.take();
      if (events.length > 0) yield events;
      const { done, value } = await this.chunks.next();
      if (done) break;
      this.parser.feed(value);
    }
    this.parser.end();
    const events = this.parser.take();
    if (events.length > 0) yield events;
  }

  /** @throws HistoryError */
  async *[Symbol.asyncIterator](): AsyncGenerator<HistoryEvent, void, undefined> {
    for await (const events of this.batches()) yield* events;
  }
}

/** Reads a whole history file of our own. Cost: linear, about 2 µs an event. @throws HistoryError */
export async function readHistory(file: string): Promise<History> {
  const parser = new HistoryParser(file);
  for await (const chunk of fileChunks(file)) parser.feed(chunk);
  return historyOf(parser);
}

/** The same for a file that is in memory already; `name` stands for the file in messages. @throws HistoryError */
export function parseHistory(content: string | Uint8Array, name?: string): History {
  const parser = new HistoryParser(name);
  parser.feed(Buffer.from(content));
  return historyOf(parser);
}

/** Ends the parser and collects what it found, if nobody took events before. @throws HistoryError */
export function historyOf(parser: HistoryParser): History {
  parser.end();
  const { header, footer, cutOff } = parser;
  if (header === undefined) throw new Error('unreachable: a file without header is refused at its end');
  const events = parser.take();
  return footer === undefined ? { header, events, cutOff } : { header, events, footer };
}
