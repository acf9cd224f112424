import { abbreviate, HistoryError } from '../error.ts';
import type { History } from '../history.ts';
import { HistoryParser } from '../parser.ts';
import { fileChunks, HistoryReader, historyOf } from '../reader.ts';
import type { ImportOptions } from './builder.ts';
import { EdnImport } from './edn.ts';
import { type HistorySource, ImportReader } from './import-reader.ts';
import { isLogLine, LogImport } from './log.ts';

/**
 * - `sixways`: our own;
 * - `edn`: maps of EDN, as Jepsen, Knossos, Elle and Porcupine write them;
 * - `log`: the text log of Jepsen.
 */
export type HistoryFormat = 'sixways' | 'edn' | 'log';

export interface ReadAnyOptions extends ImportOptions {
  /** What the file is; found out from its beginning if absent. */
  readonly format?: HistoryFormat;
}

export interface AnyHistory {
  readonly history: History;
  readonly format: HistoryFormat;
  /** What an import had to change or pass over, in sentences. Empty for our own format. */
  readonly notes: readonly string[];
}

/** How much of a file is looked at to find out what it is. */
const SNIFF_BYTES = 64 * 1024;

/**
 * What a text is, by its first characters: a JSON object is ours, lines with `process :type :f` are a log, anything else
 * that begins like EDN is that.
 * @throws HistoryError `unknown-format`
 */
export function sniffFormat(beginning: string, file?: string): HistoryFormat {
  const text = beginning.replace(/^\ufeff/, '');
  const start = text.replace(/^(?:\s|;.*\n)+/, '');
  if (/^\{\s*"/.test(start)) return 'sixways';
  if (/^[[(]?\s*#?[\w./]*\{/.test(start)) return 'edn';
  if (text.split('\n').some(isLogLine)) return 'log';
  if (/^[;#[({]/.test(start)) return 'edn';
  const message = `expected a history (our JSON Lines, EDN or a log of Jepsen), got a text that begins ${abbreviate(start.slice(0, 40))}`;
  throw new HistoryError('unknown-format', message, { file });
}

/**
 * Reads a history of any format we know, by its content alone; its name says nothing.
 * Cost: linear; holds the operations, not the text.
 * @throws HistoryError with file, line and, for EDN, column
 */
export async function readAnyHistory(file: string, options: ReadAnyOptions = {}): Promise<AnyHistory> {
  const chunks = fileChunks(file);
  const { value: first = Buffer.alloc(0) } = await chunks.next();
  const format = options.format ?? sniffFormat(first.toString('utf8', 0, SNIFF_BYTES), file);
  const reader =
    format === 'sixways'
      ? new OwnImport(file)
      : format === 'edn'
        ? new EdnImport(file, options)
        : new LogImport(file, options);
  reader.feed(first);
  for await (const chunk of chunks) reader.feed(chunk);
  return { history: reader.end(), format, notes: reader.notes };
}

/**
 * The same event by event, in bounded memory, for files that are larger than it. What an import can only know of the whole file is decided
 * by its first megabyte: see `HistoryBuilder.take`. `notes` are complete after the iteration.
 * @throws HistoryError with file, line and, for EDN, column
 */
export async function openAnyHistory(
  file: string,
  options: ReadAnyOptions = {},
): Promise<HistorySource & { readonly format: HistoryFormat; readonly notes: readonly string[] }> {
  const chunks = fileChunks(file);
  const { value: first = Buffer.alloc(0) } = await chunks.next();
  const format = options.format ?? sniffFormat(first.toString('utf8', 0, SNIFF_BYTES), file);
  if (format === 'sixways') {
    await chunks.return();
    return Object.assign(await HistoryReader.open(file), { format, notes: [] });
  }
  const reader = format === 'edn' ? new EdnImport(file, options) : new LogImport(file, options);
  return Object.assign(await ImportReader.open(reader, first, chunks), { format });
}

class OwnImport {
  readonly notes: readonly string[] = [];
  private readonly parser: HistoryParser;
  constructor(file: string) {
    this.parser = new HistoryParser(file);
  }
  feed(chunk: Buffer): void {
    this.parser.feed(chunk);
  }
  end(): History {
    return historyOf(this.parser);
  }
}
