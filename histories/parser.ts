import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { abbreviate, HistoryError, type HistoryErrorCode, type Place, refuse } from './error.ts';
import { eventFault } from './event-form.ts';
import { FORMAT_VERSION, type History, type HistoryFooter, type HistoryHeader } from './history.ts';
import { syntaxFault } from './json-syntax.ts';
import { isModest, jsonFault, numberFault } from './json-value.ts';
import { LINE_BYTES_MAX } from './line-encoder.ts';
import type { HistoryEvent, Json } from './operation.ts';
import { HistoryRules } from './rules.ts';
import { footerFault, headerFault } from './schema.ts';

/** Why a history without footer is taken as cut off. */
export const NO_FOOTER = 'the file ends without a footer';

const NEWLINE = 0x0a;

/**
 * Takes the bytes of a history file piece by piece and gives header, events and footer. Holds of the file only the line
 * that is not complete yet, and refuses a line of more than 16 MiB before it has come in.
 * Every method throws HistoryError; the parser is of no use after that.
 */
export class HistoryParser {
  header: HistoryHeader | undefined;
  footer: HistoryFooter | undefined;
  cutOff: History['cutOff'];

  private readonly file: string | undefined;
  private readonly rules = new HistoryRules();
  private readonly hash = createHash('sha256');
  /** Number of the line that is read now, from 1. */
  private line = 1;
  private rest: Buffer = Buffer.alloc(0);
  private found: HistoryEvent[] = [];

  constructor(file?: string) {
    this.file = file;
  }

  /** The bytes that come next. They may be overwritten after the call. */
  feed(chunk: Buffer): void {
    const bytes = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    let from = 0;
    // Events are hashed in one go for all that stand side by side.
    let hashFrom = 0;
    for (;;) {
      const end = bytes.indexOf(NEWLINE, from);
      if ((end < 0 ? bytes.length : end) - from > LINE_BYTES_MAX) {
        throw this.error(
          'line-too-long',
          `expected a line of at most ${LINE_BYTES_MAX} bytes, got a longer one`,
        );
      }
      if (end < 0) break;
      const line = this.parse(this.text(bytes, from, end));
      if (this.header === undefined) {
        this.takeHeader(line);
        hashFrom = end + 1;
      } else if (isFooter(line)) {
        if (this.footer !== undefined) {
          throw this.error('after-footer', 'expected nothing after the footer, got a second one');
        }
        this.hash.update(bytes.subarray(hashFrom, from));
        hashFrom = bytes.length;
        this.takeFooter(line);
      } else {
        this.takeEvent(line);
      }
      this.line++;
      from = end + 1;
    }
    if (hashFrom < from) this.hash.update(bytes.subarray(hashFrom, from));
    this.rest = Buffer.from(bytes.subarray(from));
  }

  /** The file is at its end. */
  end(): void {
    const { rest } = this;
    if (rest.length > 0) this.takeUnterminated(rest);
    else if (this.header === undefined) {
      throw new HistoryError('empty', 'expected a history, got an empty file', { file: this.file });
    }
    if (this.footer === undefined) this.cutOff ??= { line: this.line, reason: NO_FOOTER };
  }

  /** The events found since the last call. */
  take(): HistoryEvent[] {
    const { found } = this;
    this.found = [];
    return found;
  }

  /** What follows the end of the last line: a line cut off, or a whole one that lacks its end alone. */
  private takeUnterminated(rest: Buffer): void {
    const text = withoutZeros(rest).toString();
    const fault = isJson(text) ? undefined : syntaxFault(text);
    if (fault === undefined || !fault.cut || this.footer !== undefined) {
      this.feed(Buffer.of(NEWLINE));
    } else if (this.header === undefined) {
      throw this.error('missing-header', 'expected a header, got only the beginning of a line');
    } else {
      this.cutOff = {
        line: this.line,
        reason: `the file ends within this line, after ${withoutZeros(rest).length} of its bytes`,
      };
    }
  }

  private takeHeader(line: unknown): void {
    const version = versionOf(line);
    if (version === undefined) {
      const message = `expected a header {"sixways":${FORMAT_VERSION},...}, got ${abbreviate(line as Json)}`;
      throw this.error('missing-header', message);
    }
    if (typeof version === 'number' && version > FORMAT_VERSION) {
      const message = `expected format version ${FORMAT_VERSION} or an older one, got ${version}: a newer sixways wrote this`;
      throw this.error('newer-version', message, { pointer: '/sixways' });
    }
    refuse(headerFault(line), this.place());
    this.header = line as HistoryHeader;
  }

  private takeEvent(line: unknown): void {
    if (this.footer !== undefined) {
      throw this.error('after-footer', `expected nothing after the footer, got ${abbreviate(line as Json)}`);
    }
    refuse(eventFault(line), this.place());
    const event = line as HistoryEvent;
    refuse(this.rules.accept(event), this.place());
    this.found.push(event);
  }

  private takeFooter(line: object): void {
    refuse(footerFault(line), this.place());
    const footer = line as HistoryFooter;
    const { events } = this.rules;
    if (footer.events !== events) {
      const message = `expected ${footer.events} events as the footer says, got ${events}: the file is damaged`;
      throw this.error('damaged', message, { pointer: '/events' });
    }
    const content = `sha256:${this.hash.digest('hex')}`;
    if (footer.content !== content) {
      const message = `expected events with the digest ${footer.content} as the footer says, got ${content}: the file is damaged`;
      throw this.error('damaged', message, { pointer: '/content' });
    }
    this.footer = footer;
  }

  private text(bytes: Buffer, from: number, to: number): string {
    const text = bytes.toString('utf8', from, to);
    if (text.includes('\ufffd') && !isUtf8(bytes.subarray(from, to))) {
      throw this.error('binary', 'expected text in UTF-8, got other bytes');
    }
    return this.line === 1 && text.startsWith('\ufeff') ? text.slice(1) : text;
  }

  private parse(text: string): unknown {
    let line: unknown;
    try {
      line = JSON.parse(text);
    } catch {
      if (text.trim() === '') throw this.error('empty-line', 'expected an event, got an empty line');
      const { message, column } = syntaxFault(text) ?? { message: 'expected JSON', column: 1 };
      throw this.error('not-json', message, { column });
    }
    if (!isModest(line as Json)) {
      refuse(jsonFault(line), this.place());
      const fault = numberFault(text);
      if (fault !== undefined) throw this.error(fault.code, fault.message, { column: fault.column });
    }
    return line;
  }

  private error(code: HistoryErrorCode, message: string, more: Place = {}): HistoryError {
    return new HistoryError(code, message, { ...this.place(), ...more });
  }

  private place(): Place {
    return { file: this.file, line: this.line };
  }
}

function isObject(line: unknown): line is object {
  return typeof line === 'object' && line !== null && !Array.isArray(line);
}

/** Some file systems leave zeros behind what was written last when the power goes. */
function withoutZeros(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}

/** What a header says its version is; undefined for what is no header. */
function versionOf(line: unknown): unknown {
  return isObject(line) && 'sixways' in line ? line.sixways : undefined;
}

/** Only a footer counts events, and no footer has an index. */
function isFooter(line: unknown): line is object {
  return isObject(line) && 'events' in line && !('index' in line);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
