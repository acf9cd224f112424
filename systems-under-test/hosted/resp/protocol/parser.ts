import { fromBytes } from './bytes.ts';

/** The client broke the protocol: it gets the text as an error, and its connection is closed. */
export class ProtocolError extends Error {}

const INLINE_MAX = 64 * 1024;
const MULTIBULK_MAX = 1024 * 1024;
const BULK_MAX = 512 * 1024 * 1024;

/**
 * Cuts a stream of bytes, as it comes, into commands: arrays of bulk strings, or inline ones (words on a line). Cost: linear in the bytes;
 * what is incomplete is kept until more comes.
 */
export class RespParser {
  private buffer = '';
  private at = 0;
  private wanted = -1;
  private words: string[] = [];

  feed(bytes: Uint8Array): void {
    this.buffer = this.buffer.slice(this.at) + fromBytes(bytes);
    this.at = 0;
  }

  /** Bytes given and not yet part of a command. */
  get unread(): number {
    return this.buffer.length - this.at;
  }

  /** The rest as it is, taken out. */
  takeRest(): string {
    const rest = this.buffer.slice(this.at);
    this.buffer = '';
    this.at = 0;
    return rest;
  }

  /** The next whole command, or null; an empty one (an empty line) is left out. @throws ProtocolError */
  next(): string[] | null {
    for (;;) {
      if (this.wanted < 0) {
        if (this.at >= this.buffer.length) return null;
        if (this.buffer[this.at] !== '*') {
          const words = this.inline();
          if (words === null || words.length > 0) return words;
          continue;
        }
        const count = this.length('*', 'invalid multibulk length', MULTIBULK_MAX);
        if (count === null) return null;
        if (count <= 0) continue;
        this.wanted = count;
        this.words = [];
      }
      while (this.words.length < this.wanted) {
        const word = this.bulk();
        if (word === null) return null;
        this.words.push(word);
      }
      this.wanted = -1;
      return this.words;
    }
  }

  private line(what: string): string | null {
    const end = this.buffer.indexOf('\r\n', this.at);
    if (end < 0) {
      if (this.buffer.length - this.at > INLINE_MAX) throw new ProtocolError(`Protocol error: ${what}`);
      return null;
    }
    return this.buffer.slice(this.at, end);
  }

  private length(mark: string, what: string, most: number): number | null {
    const tooLong = mark === '*' ? 'too big mbulk count string' : 'too big bulk count string';
    const line = this.line(tooLong);
    if (line === null) return null;
    if (line[0] !== mark)
      throw new ProtocolError(`Protocol error: expected '${mark}', got '${line[0] ?? '\r'}'`);
    const digits = line.slice(1);
    const value = /^-?[0-9]{1,18}$/.test(digits) ? Number(digits) : Number.NaN;
    if (Number.isNaN(value) || value > most) throw new ProtocolError(`Protocol error: ${what}`);
    this.at += line.length + 2;
    return value;
  }

  private bulk(): string | null {
    const start = this.at;
    if (start >= this.buffer.length) return null;
    const length = this.length('$', 'invalid bulk length', BULK_MAX);
    if (length === null) return null;
    if (length < 0) throw new ProtocolError('Protocol error: invalid bulk length');
    if (this.buffer.length < this.at + length + 2) {
      this.at = start;
      return null;
    }
    const word = this.buffer.slice(this.at, this.at + length);
    this.at += length + 2;
    return word;
  }

  private inline(): string[] | null {
    const end = this.buffer.indexOf('\n', this.at);
    if (end < 0) {
      if (this.buffer.length - this.at > INLINE_MAX)
        throw new ProtocolError('Protocol error: too big inline request');
      return null;
    }
    const line = this.buffer.slice(this.at, end).replace(/\r$/, '');
    this.at = end + 1;
    return splitWords(line);
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07' };

/** Words of an inline command, with quotes as of a shell. @throws ProtocolError */
function splitWords(line: string): string[] {
  const unbalanced = new ProtocolError('Protocol error: unbalanced quotes in request');
  const words: string[] = [];
  let at = 0;
  while (at < line.length) {
    if (/\s/.test(line[at]!)) {
      at++;
      continue;
    }
    let word = '';
    for (; at < line.length && !/\s/.test(line[at]!); at++) {
      const quote = line[at]!;
      if (quote !== '"' && quote !== "'") {
        word += quote;
        continue;
      }
      for (at++; line[at] !== quote; at++) {
        if (at >= line.length) throw unbalanced;
        if (line[at] !== '\\') word += line[at];
        else if (quote === "'") word += line[at + 1] === "'" ? line[++at] : '\\';
        else {
          const hexadecimal = /^x([0-9a-f]{2})/i.exec(line.slice(at + 1, at + 4));
          if (hexadecimal) word += String.fromCharCode(Number.parseInt(hexadecimal[1]!, 16));
          else word += ESCAPES[line[at + 1] ?? ''] ?? line[at + 1] ?? '';
          at += hexadecimal ? 3 : 1;
        }
      }
      if (at + 1 < line.length && !/\s/.test(line[at + 1]!)) throw unbalanced;
    }
    words.push(word);
  }
  return words;
}
