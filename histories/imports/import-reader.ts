import type { History, HistoryFooter, HistoryHeader } from '../history.ts';
import type { HistoryEvent } from '../operation.ts';

/** How a file ended. */
export interface Ending {
  readonly footer?: HistoryFooter;
  readonly cutOff?: History['cutOff'];
}

/** What takes a file of others piece by piece and makes events of ours of it. Every method throws HistoryError with its place. */
export interface Import {
  readonly header: HistoryHeader;
  readonly notes: readonly string[];
  feed(chunk: Buffer): void;
  /** Reads what is left at the end of the file. */
  readRest(): void;
  /** The events since the last time. */
  take(): HistoryEvent[];
  /** After the last `take`. */
  close(): Ending;
  /** Instead of taking piece by piece: everything. */
  end(): History;
}

/** A history that is read event by event, in bounded memory, whatever its format. It can be iterated once. */
export interface HistorySource extends AsyncIterable<HistoryEvent> {
  readonly header: HistoryHeader;
  /** Events in groups, as they come from the file. @throws HistoryError */
  batches(): AsyncGenerator<HistoryEvent[], void, undefined>;
  /** After the iteration; undefined if the file was cut off. */
  readonly footer: HistoryFooter | undefined;
  /** After the iteration. */
  readonly cutOff: History['cutOff'];
}

/** An import as a source of events. */
export class ImportReader implements HistorySource {
  private readonly reader: Import;
  private readonly chunks: AsyncGenerator<Buffer, void, undefined>;
  private first: HistoryEvent[] | undefined;
  private ending: Ending = {};
  private ended = false;

  private constructor(reader: Import, chunks: AsyncGenerator<Buffer, void, undefined>) {
    this.reader = reader;
    this.chunks = chunks;
  }

  /** Reads the first operations: they tell the header. */
  static async open(
    reader: Import,
    first: Buffer,
    chunks: AsyncGenerator<Buffer, void, undefined>,
  ): Promise<ImportReader> {
    const source = new ImportReader(reader, chunks);
    reader.feed(first);
    source.first = reader.take();
    while (source.first.length === 0 && !source.ended) source.first = await source.next();
    return source;
  }

  get header(): HistoryHeader {
    return this.reader.header;
  }

  get footer(): HistoryFooter | undefined {
    return this.ending.footer;
  }

  get cutOff(): History['cutOff'] {
    return this.ending.cutOff;
  }

  /** What had to be changed or passed over: complete after the iteration. */
  get notes(): readonly string[] {
    return this.reader.notes;
  }

  async *batches(): AsyncGenerator<HistoryEvent[], void, undefined> {
    for (let events = this.first ?? []; ; events = await this.next()) {
      this.first = undefined;
      if (events.length > 0) yield events;
      if (this.ended) break;
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<HistoryEvent, void, undefined> {
    for await (const events of this.batches()) yield* events;
  }

  private async next(): Promise<HistoryEvent[]> {
    const { done, value } = await this.chunks.next();
    if (!done) {
      this.reader.feed(value);
      return this.reader.take();
    }
    this.reader.readRest();
    const events = this.reader.take();
    this.ending = this.reader.close();
    this.ended = true;
    return events;
  }
}
