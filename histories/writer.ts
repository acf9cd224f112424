import { closeSync, openSync, writeSync } from 'node:fs';
import { HistoryError, refuse } from './error.ts';
import { eventFault } from './event-form.ts';
import type { History, HistoryFooter, HistoryHeader } from './history.ts';
import { LineEncoder } from './line-encoder.ts';
import type { HistoryEvent } from './operation.ts';
import { NO_FOOTER } from './parser.ts';
import { HistoryRules } from './rules.ts';
import { footerFault, headerFault } from './schema.ts';
import { eventText, footerText, headerText } from './serialize.ts';

/** What is known only at the end of a run. The sink adds the number of events and the content digest. */
export type Ending = Omit<HistoryFooter, 'events' | 'content'>;

/** Where a history goes, event by event. */
export interface HistorySink {
  /**
   * Takes the next event.
   * @throws HistoryError if the event is malformed or breaks a rule of histories; nothing of it is kept then.
   */
  append(event: HistoryEvent): void;
  /** Adds the footer and ends the history. */
  finish(ending?: Ending): HistoryFooter;
  /** Ends the history as it is: without footer if `finish` was not called. Harmless a second time. */
  close(): void;
}

/** Checks what it is given and makes lines of it; where they go is a matter of the subclass. */
abstract class LineSink implements HistorySink {
  protected readonly encoder = new LineEncoder();
  private readonly rules = new HistoryRules();
  private readonly file: string | undefined;
  private line = 1;
  private ended = false;

  constructor(header: HistoryHeader, file: string | undefined) {
    this.file = file;
    this.guarded(() => {
      refuse(headerFault(header));
      this.encoder.put(headerText(header));
      this.encoder.skip();
    });
  }

  /** Keeps the line that stands in the encoder. */
  protected abstract keep(): void;
  protected abstract end(): void;

  append(event: HistoryEvent): void {
    this.guarded(() => {
      refuse(eventFault(event));
      this.encoder.put(eventText(event));
      const broken = this.rules.accept(event);
      if (broken !== undefined) this.encoder.drop();
      refuse(broken);
    });
    this.keepLine();
  }

  finish(ending: Ending = {}): HistoryFooter {
    const footer = { events: this.rules.events, content: '', ...ending };
    this.guarded(() => {
      footer.content = this.encoder.digest();
      refuse(footerFault(footer));
      this.encoder.put(footerText(footer));
    });
    this.keepLine();
    this.close();
    return footer;
  }

  close(): void {
    if (this.ended) return;
    this.ended = true;
    this.end();
  }

  protected keepLine(): void {
    try {
      this.keep();
    } catch (error) {
      // Part of the line may have been written: what comes after it would not be readable.
      this.close();
      throw new HistoryError('unwritable', reasonOf(error), { file: this.file, line: this.line });
    }
    this.line++;
  }

  private guarded(action: () => void): void {
    const place = { file: this.file, line: this.line };
    if (this.ended)
      throw new HistoryError('finished', 'expected nothing more after the end of the history', place);
    try {
      action();
    } catch (error) {
      throw error instanceof HistoryError ? error.within(place) : error;
    }
  }
}

/**
 * Writes a history file as it happens. When `append` returns, the event has been handed to the operating system: it
 * survives the death of this process, by whatever signal, though not that of the machine. An existing file is replaced.
 * The digest is SHA-256. Cost: one `write` per event, 2 to 4 µs.
 */
export class HistoryWriter extends LineSink {
  private readonly descriptor: number;

  /** @throws HistoryError `unwritable` */
  constructor(file: string, header: HistoryHeader) {
    super(header, file);
    try {
      this.descriptor = openSync(file, 'w');
    } catch (error) {
      throw new HistoryError('unwritable', reasonOf(error), { file });
    }
    this.keepLine();
  }

  protected override keep(): void {
    const { bytes, to } = this.encoder;
    let { from } = this.encoder;
    while (from < to) from += writeSync(this.descriptor, bytes, from, to - from);
  }

  protected override end(): void {
    closeSync(this.descriptor);
  }
}

/** Keeps a history in memory, with the bytes that its file would have if asked to. */
export class HistoryRecorder extends LineSink {
  private readonly header: HistoryHeader;
  private readonly events: HistoryEvent[] = [];
  private readonly chunks: Buffer[] | undefined;
  private footer: HistoryFooter | undefined;

  constructor(header: HistoryHeader, options: { readonly bytes?: boolean } = {}) {
    super(header, undefined);
    this.header = header;
    this.chunks = options.bytes ? [] : undefined;
    this.keepLine();
  }

  /** What was recorded so far. Before `finish` it is a history that was cut off. */
  history(): History {
    const { header, events, footer } = this;
    if (footer !== undefined) return { header, events, footer };
    return { header, events, cutOff: { line: events.length + 2, reason: NO_FOOTER } };
  }

  /** The file so far; empty unless `bytes` was asked for. */
  bytes(): Buffer {
    return Buffer.concat(this.chunks ?? []);
  }

  override append(event: HistoryEvent): void {
    super.append(event);
    this.events.push(event);
  }

  override finish(ending: Ending = {}): HistoryFooter {
    this.footer = super.finish(ending);
    return this.footer;
  }

  protected override keep(): void {
    const { bytes, from, to } = this.encoder;
    this.chunks?.push(Buffer.from(bytes.subarray(from, to)));
  }

  protected override end(): void {}
}

/**
 * Writes a whole history, replacing the file. One that was cut off stays so: it gets no footer. The digest of the content
 * is made anew, the rest of the footer is kept.
 * @throws HistoryError
 */
export function writeHistory(file: string, history: History): void {
  const writer = new HistoryWriter(file, history.header);
  try {
    for (const event of history.events) writer.append(event);
    if (history.cutOff === undefined) {
      const { events: _events, content: _content, ...ending } = history.footer ?? { events: 0, content: '' };
      writer.finish(ending);
    }
  } finally {
    writer.close();
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
