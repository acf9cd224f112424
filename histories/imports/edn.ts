import { createHash } from 'node:crypto';
import { PlainOperations } from '../edn/plain-operation.ts';
import { EdnFault, EdnScanner } from '../edn/scanner.ts';
import { HistoryError } from '../error.ts';
import type { History, HistoryHeader } from '../history.ts';
import { LINE_BYTES_MAX } from '../line-encoder.ts';
import type { HistoryEvent } from '../operation.ts';
import { HistoryBuilder, type ImportOptions } from './builder.ts';
import { clear, nothing, set } from './foreign-operation.ts';
import type { Ending, Import } from './import-reader.ts';
import { TextDecoding } from './text-decoding.ts';

const HASH = 35;
const OPEN_LIST = 40;
const CLOSE_LIST = 41;
const COLON = 58;
const OPEN_VECTOR = 91;
const CLOSE_VECTOR = 93;
const OPEN_MAP = 123;
const CLOSE_MAP = 125;

/**
 * Reads operations as maps of EDN, as Jepsen, Knossos and Elle write them: one after the other, or in vectors or lists; a map may be
 * a tagged record. Takes the file piece by piece, and holds of it only the form that is not complete.
 * Every method throws HistoryError with line and column.
 */
export class EdnImport implements Import {
  private readonly scanner = new EdnScanner();
  private readonly plain = new PlainOperations();
  /** The scanner's text as bytes, if it is ASCII. */
  private bytes: Buffer | undefined;
  private readonly builder: HistoryBuilder;
  private readonly decoding: TextDecoding;
  private readonly hash = createHash('sha256');
  private readonly file: string | undefined;
  /** The operation that is read: one for all, as there are millions. */
  private readonly foreign = nothing();
  /** Place of the beginning of the text that is held, from 1. */
  private line = 1;
  private column = 1;
  /** Character that ends the vector or list in which the operations stand; 0 outside. */
  private closing = 0;
  private cutOff: History['cutOff'];

  constructor(file: string | undefined, options: ImportOptions) {
    this.file = file;
    this.builder = new HistoryBuilder(options);
    this.decoding = new TextDecoding(file);
  }

  get notes(): readonly string[] {
    return this.builder.notes;
  }

  feed(chunk: Buffer): void {
    this.hash.update(chunk);
    this.extend(this.decoding.decode(chunk));
    this.read(false);
    if (this.scanner.text.length > LINE_BYTES_MAX) {
      const message = `expected an operation of at most ${LINE_BYTES_MAX} characters, got a longer one`;
      throw new HistoryError('line-too-long', message, this.place(0));
    }
  }

  end(): History {
    this.readRest();
    const { footer, ...history } = this.builder.finish(this.digest());
    return this.cutOff === undefined ? { ...history, footer } : { ...history, cutOff: this.cutOff };
  }

  get header(): HistoryHeader {
    return this.builder.header;
  }

  take(): HistoryEvent[] {
    return this.builder.take();
  }

  readRest(): void {
    this.extend(this.decoding.end());
    this.read(true);
    if (this.cutOff === undefined && this.closing !== 0)
      this.cut(this.scanner.text.length, 'the vector or list of operations does not end');
    if (this.builder.size === 0)
      throw new HistoryError('empty', 'expected operations, got none', { file: this.file });
  }

  close(): Ending {
    const footer = this.builder.close(this.digest());
    return this.cutOff === undefined ? { footer } : { cutOff: this.cutOff };
  }

  private digest(): string {
    return `sha256:${this.hash.digest('hex')}`;
  }

  /** Reads forms up to the end of the text, or up to one that is not complete. */
  private read(last: boolean): void {
    const { scanner } = this;
    scanner.complete = last;
    let begun = 0;
    let between = true;
    try {
      for (;;) {
        begun = scanner.at;
        between = true;
        const code = scanner.skip();
        if (code === -1) break;
        begun = scanner.at;
        between = false;
        if (code === OPEN_MAP) this.operation();
        else if (code === this.closing) this.leave();
        else if (this.closing === 0 && (code === OPEN_VECTOR || code === OPEN_LIST)) this.enter(code);
        else if (code === HASH && scanner.mapTag()) this.operation();
        else throw this.foreignForm(code);
      }
    } catch (error) {
      if (error instanceof EdnFault) {
        if (!error.cut) throw new HistoryError(error.code, error.message, this.place(error.at));
        // A comment on the last line needs no end; anything else does.
        const comment = between && scanner.text[scanner.at] === ';';
        if (last && !comment) this.cut(begun, 'the file ends within the form that begins here');
        scanner.at = begun;
      } else if (error instanceof HistoryError) {
        throw error.within(this.place(begun));
      } else {
        throw error;
      }
    }
  }

  /** What is no operation stays none with more text, unless it is a tag. */
  private foreignForm(code: number): EdnFault {
    const { message, at, cut } = this.scanner.unexpected('an operation as a map');
    return new EdnFault('not-edn', at, message, cut && code === HASH);
  }

  private enter(code: number): void {
    this.closing = code === OPEN_VECTOR ? CLOSE_VECTOR : CLOSE_LIST;
    this.scanner.at++;
  }

  private leave(): void {
    this.closing = 0;
    this.scanner.at++;
  }

  private operation(): void {
    const { scanner, foreign: operation, bytes } = this;
    clear(operation);
    const after = bytes === undefined ? -1 : this.plain.read(bytes, scanner.at, operation);
    if (after >= 0) scanner.at = after;
    else this.scanned();
    this.builder.add(operation);
  }

  private scanned(): void {
    const { scanner, foreign: operation } = this;
    clear(operation);
    scanner.at++;
    for (;;) {
      const code = scanner.skip();
      if (code === CLOSE_MAP) break;
      if (code !== COLON) throw scanner.unexpected('a keyword such as :process, or "}"');
      const from = scanner.at;
      const name = scanner.keyword();
      if (scanner.skip() === CLOSE_MAP) throw scanner.unexpected(`a value for :${name}`);
      if (name === 'value' && scanner.tupleTag()) operation.tuple = true;
      if (!set(operation, name, scanner.value())) {
        throw new EdnFault('not-edn', from, `expected each key once, got :${name} twice`, false);
      }
    }
    scanner.at++;
  }

  /** Forgets what was read and adds new text. */
  private extend(text: string): void {
    const { scanner } = this;
    const { line, column = 1 } = this.place(scanner.at);
    this.line = line ?? 1;
    this.column = column;
    const flat = this.decoding.flat(scanner.text.slice(scanner.at) + text);
    scanner.text = flat.text;
    scanner.at = 0;
    this.bytes = flat.bytes;
  }

  private cut(at: number, reason: string): void {
    // Between operations a form that is discarded may be what is cut: it begins after blanks and comments.
    const blank = /(?:[\s,]|;[^\n]*\n)*/y;
    blank.lastIndex = at;
    blank.test(this.scanner.text);
    const { line = 1 } = this.place(blank.lastIndex);
    this.cutOff = { line, reason };
  }

  private place(at: number): { file: string | undefined; line: number; column: number } {
    const { text } = this.scanner;
    let { line, column } = this;
    let from = 0;
    for (;;) {
      const end = text.indexOf('\n', from);
      if (end < 0 || end >= at) break;
      line++;
      column = 1;
      from = end + 1;
    }
    return { file: this.file, line, column: column + at - from };
  }
}
