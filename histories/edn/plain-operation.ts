import { type ForeignOperation, set } from '../imports/foreign-operation.ts';
import type { Json } from '../operation.ts';
import { CHARACTER, ENDS_TOKEN, TUPLE_TAG } from './syntax.ts';

const { SPACE, QUOTE, HASH, OPEN_LIST, CLOSE_LIST, COMMA, MINUS, ZERO, NINE, COLON } = CHARACTER;
const { OPEN_VECTOR, BACKSLASH, CLOSE_VECTOR, CLOSE_MAP } = CHARACTER;

/** Deeper values are left to the scanner. */
const DEPTH_MAX = 16;
const SLOTS = 4096;
const WORD_MAX = 48;

/**
 * Reads the usual operation of a history out of bytes of ASCII: a map from keywords to integers, keywords, plain texts, `nil`, `true`, `false`, and
 * vectors or lists of these. What is not so simple, not complete or wrong is left to `EdnScanner`, which reads all of EDN, a few times slower, and
 * names the mistake. What is read here is read the same there: a property test compares the two.
 */
export class PlainOperations {
  private bytes: Buffer = Buffer.alloc(0);
  private at = 0;
  /** Set when something is not simple. */
  private failed = false;
  /** Words seen before, by a hash of their characters: histories have few, each very often. */
  private readonly words: string[] = new Array<string>(SLOTS).fill('');
  /** Items of the sequences that are being read, those of inner ones on top: so that each array is made once, in its size. */
  private readonly stack: Json[] = [];
  private top = 0;

  /** Reads the map whose brace opens at `from`. Gives the offset after it; -1 if it is left to the scanner. */
  read(bytes: Buffer, from: number, operation: ForeignOperation): number {
    this.bytes = bytes;
    this.at = from + 1;
    this.failed = false;
    this.top = 0;
    for (;;) {
      const code = this.skip();
      if (code === CLOSE_MAP) return this.at + 1;
      if (code !== COLON) return -1;
      const name = this.word(this.at + 1);
      let next = this.skip();
      if (next === HASH && name === 'value') {
        if (!TUPLE_TAG.test(this.word(this.at + 1))) return -1;
        next = this.skip();
        if (next !== OPEN_VECTOR) return -1;
        operation.tuple = true;
      }
      const value = this.value(next, 0);
      if (this.failed || name === '' || !set(operation, name, value)) return -1;
    }
  }

  /** Passes over blanks. Gives the code of the character there; undefined at the end. */
  private skip(): number | undefined {
    const { bytes } = this;
    let { at } = this;
    let code = bytes[at];
    while (code !== undefined && (code <= SPACE || code === COMMA)) code = bytes[++at];
    this.at = at;
    return code;
  }

  private value(code: number | undefined, depth: number): Json {
    if (code === undefined) return this.fail();
    if (code >= ZERO && code <= NINE) return this.integer(code);
    switch (code) {
      case COLON:
        return this.word(this.at + 1) || this.fail();
      case OPEN_VECTOR:
        return this.sequence(CLOSE_VECTOR, depth);
      case OPEN_LIST:
        return this.sequence(CLOSE_LIST, depth);
      case QUOTE:
        return this.text();
      case MINUS:
        return this.integer(code);
    }
    // Letters without capitals: what else may begin a symbol is rare.
    if (code < 97 || code > 122) return this.fail();
    const word = this.word(this.at);
    return word === 'nil' ? null : word === 'true' ? true : word === 'false' ? false : word;
  }

  private fail(): null {
    this.failed = true;
    return null;
  }

  private integer(first: number): Json {
    const { bytes } = this;
    const negative = first === MINUS;
    const from = negative ? this.at + 1 : this.at;
    let at = from;
    let number = 0;
    let code = bytes[at];
    while (code !== undefined && code >= ZERO && code <= NINE) {
      number = number * 10 + code - ZERO;
      code = bytes[++at];
    }
    const digits = at - from;
    if (code === undefined || ENDS_TOKEN[code] === 0 || digits === 0 || digits > 15) return this.fail();
    if (bytes[from] === ZERO && digits > 1) return this.fail();
    this.at = at;
    return negative && number > 0 ? -number : number;
  }

  private sequence(close: number, depth: number): Json {
    if (depth >= DEPTH_MAX) return this.fail();
    this.at++;
    const { stack } = this;
    const from = this.top;
    for (;;) {
      const code = this.skip();
      if (code === close) break;
      const item = this.value(code, depth + 1);
      if (this.failed) return null;
      stack[this.top++] = item;
    }
    this.at++;
    const count = this.top - from;
    this.top = from;
    if (count === 2) return [stack[from]!, stack[from + 1]!];
    if (count === 3) return [stack[from]!, stack[from + 1]!, stack[from + 2]!];
    return stack.slice(from, from + count);
  }

  private text(): Json {
    const { bytes } = this;
    const from = this.at + 1;
    let at = from;
    let code = bytes[at];
    while (code !== undefined && code !== QUOTE && code !== BACKSLASH) code = bytes[++at];
    if (code !== QUOTE) return this.fail();
    this.at = at + 1;
    if (at - from > WORD_MAX) return bytes.toString('latin1', from, at);
    let hash = 0;
    for (let i = from; i < at; i++) hash = (hash * 31 + bytes[i]!) | 0;
    return this.known(hash, from, at);
  }

  /** The token that begins there, empty if none does. */
  private word(from: number): string {
    const { bytes } = this;
    let hash = 0;
    let at = from;
    let code = bytes[at];
    while (code !== undefined && ENDS_TOKEN[code] === 0) {
      hash = (hash * 31 + code) | 0;
      code = bytes[++at];
    }
    this.at = at;
    return at === from ? '' : this.known(hash, from, at);
  }

  private known(hash: number, from: number, to: number): string {
    const { bytes, words } = this;
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    const known = words[slot]!;
    if (known.length === to - from) {
      let at = from;
      while (at < to && known.charCodeAt(at - from) === bytes[at]) at++;
      if (at === to) return known;
    }
    // The name of a property is kept once by the engine: comparing such words is comparing addresses.
    const [word] = Object.keys({ [bytes.toString('latin1', from, to)]: 0 });
    words[slot] = word!;
    return word!;
  }
}
