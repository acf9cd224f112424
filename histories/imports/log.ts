import { createHash } from 'node:crypto';
import { EdnFault, EdnScanner } from '../edn/scanner.ts';
import { HistoryError } from '../error.ts';
import type { History, HistoryHeader } from '../history.ts';
import { LINE_BYTES_MAX } from '../line-encoder.ts';
import type { HistoryEvent, Json } from '../operation.ts';
import { HistoryBuilder, type ImportOptions } from './builder.ts';
import { type ForeignOperation, nothing } from './foreign-operation.ts';
import type { Ending, Import } from './import-reader.ts';
import { TextDecoding } from './text-decoding.ts';

/** `process :type :f value error?` after whatever the logger puts before it. */
const OPERATION = /(?:^|\s)(\d+|:nemesis)\s+:(invoke|ok|fail|info)\s+:([^\s:]+)(?:\s+(\S.*))?$/;
/** A line that speaks of an operation must be one. */
const MENTIONS_TYPE = /(?:^|\s)(?:\d+|:nemesis)\s+:(?:invoke|ok|fail|info)(?:\s|$)/;

/** Whether a line of text is an operation as Jepsen logs it. */
export function isLogLine(line: string): boolean {
  return OPERATION.test(line.trimEnd());
}

/**
 * Reads the text log of Jepsen: one operation a line, `process :type :f value`, where value is EDN; an error may follow. Other lines
 * of the log are passed over. A completion with the value `:timed-out` is `info`, whatever its type says: a
 * timeout tells nothing about what happened.
 * Every method throws HistoryError with the line.
 */
export class LogImport implements Import {
  private readonly builder: HistoryBuilder;
  private readonly decoding: TextDecoding;
  private readonly scanner = new EdnScanner();
  private readonly hash = createHash('sha256');
  private readonly file: string | undefined;
  private rest = '';
  private line = 0;
  private passed = 0;

  constructor(file: string | undefined, options: ImportOptions) {
    this.file = file;
    this.builder = new HistoryBuilder(options);
    this.decoding = new TextDecoding(file);
  }

  get notes(): readonly string[] {
    if (this.passed === 0) return this.builder.notes;
    return [...this.builder.notes, `${this.passed} other lines of the log were passed over`];
  }

  feed(chunk: Buffer): void {
    this.hash.update(chunk);
    const lines = (this.rest + this.decoding.decode(chunk)).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.read(line);
    if (this.rest.length > LINE_BYTES_MAX) {
      const message = `expected a line of at most ${LINE_BYTES_MAX} characters, got a longer one`;
      throw new HistoryError('line-too-long', message, { file: this.file, line: this.line + 1 });
    }
  }

  end(): History {
    this.readRest();
    return this.builder.finish(this.digest());
  }

  get header(): HistoryHeader {
    return this.builder.header;
  }

  take(): HistoryEvent[] {
    return this.builder.take();
  }

  readRest(): void {
    const last = this.rest + this.decoding.end();
    if (last.trim() !== '') this.read(last);
    if (this.builder.size === 0)
      throw new HistoryError('empty', 'expected operations, got none', { file: this.file });
  }

  close(): Ending {
    return { footer: this.builder.close(this.digest()) };
  }

  private digest(): string {
    return `sha256:${this.hash.digest('hex')}`;
  }

  private read(text: string): void {
    this.line++;
    const line = text.trimEnd();
    const [, process, type, f, rest = ''] = OPERATION.exec(line) ?? [];
    const place = { file: this.file, line: this.line };
    if (process === undefined || type === undefined) {
      if (MENTIONS_TYPE.test(line)) {
        throw new HistoryError(
          'not-a-log',
          `expected "process :type :f value", got ${JSON.stringify(line.slice(0, 100))}`,
          place,
        );
      }
      if (line !== '') this.passed++;
      return;
    }
    try {
      const [value = null, error] = this.forms(rest);
      const operation: ForeignOperation = {
        ...nothing(),
        process: process.startsWith(':') ? process.slice(1) : Number(process),
        type,
        f,
        value,
        error,
      };
      this.builder.add(
        operation.type !== 'invoke' && value === 'timed-out' ? timedOut(operation) : operation,
      );
    } catch (error) {
      if (error instanceof HistoryError) throw error.within(place);
      if (!(error instanceof EdnFault)) throw error;
      throw new HistoryError(error.code, error.message, {
        ...place,
        column: line.length - rest.length + error.at + 1,
      });
    }
  }

  /** The value and what follows it. */
  private forms(text: string): Json[] {
    const { scanner } = this;
    scanner.text = `${text}\n`;
    scanner.at = 0;
    const forms: Json[] = [];
    while (scanner.skip() !== -1) forms.push(scanner.value());
    if (forms.length > 2)
      throw new HistoryError('not-a-log', `expected a value and perhaps an error, got ${forms.length} forms`);
    return forms;
  }
}

function timedOut(operation: ForeignOperation): ForeignOperation {
  return { ...operation, type: 'info', value: null, error: 'timed-out' };
}
