import type { HistoryErrorCode } from '../error.ts';
import { DEPTH_MAX, TOO_DEEP } from '../json-value.ts';
import type { Json } from '../operation.ts';
import { ednNumber } from './number.ts';
import { CHARACTER, ENDS_TOKEN, TUPLE_TAG } from './syntax.ts';

/** Something that is not EDN, at an offset of the text. */
export class EdnFault extends Error {
  readonly code: HistoryErrorCode;
  readonly at: number;
  /** What was looked at ends with the text: with more text, nothing may be wrong. */
  readonly cut: boolean;
  constructor(code: HistoryErrorCode, at: number, message: string, cut: boolean) {
    super(message);
    this.code = code;
    this.at = at;
    this.cut = cut;
  }
}

const { SPACE, QUOTE, HASH, OPEN_LIST, CLOSE_LIST, PLUS, COMMA, MINUS, ZERO, NINE, COLON, SEMICOLON } =
  CHARACTER;
const { OPEN_VECTOR, BACKSLASH, CLOSE_VECTOR, UNDERSCORE, OPEN_MAP, CLOSE_MAP } = CHARACTER;

const TOKEN = /[^\s,;()[\]{}"]+/y;
/** Longest part of a token that a message quotes. */
const QUOTED_MAX = 30;

const CHARACTERS: { readonly [name: string]: string } = {
  newline: '\n',
  return: '\r',
  space: ' ',
  tab: '\t',
  backspace: '\b',
  formfeed: '\f',
};
const ESCAPES: { readonly [character: string]: string } = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  '"': '"',
  '\\': '\\',
  "'": "'",
};

/**
 * Reads EDN (the notation of Clojure's data) as JSON values, character by character:
 * keywords, symbols and characters become texts (`:read` is `"read"`), vectors, lists and sets arrays in their order, maps
 * objects whose names are their keys as text, numbers see `ednNumber`; tags are dropped and what they tag is kept;
 * comments and discarded forms (`#_`) are passed over. Cost: linear.
 */
export class EdnScanner {
  text = '';
  at = 0;
  /** False if more text may follow: then a token at the end of the text may go on in it. */
  complete = true;
  /** Words seen before, by a hash of their characters: histories have few, each very often. */
  private readonly words: string[] = new Array<string>(1024).fill('');

  /** Passes over blanks, comments and discarded forms. Gives the code of the character there; -1 at the end. */
  skip(depth = 0): number {
    const { text } = this;
    let at = this.at;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code <= SPACE || code === COMMA) at++;
      else if (code === SEMICOLON) {
        const end = text.indexOf('\n', at);
        this.at = at;
        if (end < 0) throw this.end('the end of a comment');
        at = end + 1;
      } else if (code === HASH && text.charCodeAt(at + 1) === UNDERSCORE) {
        this.at = at + 2;
        this.value(depth);
        if (this.at >= text.length && !this.complete) throw this.end('the end of a discarded form');
        at = this.at;
      } else {
        this.at = at;
        return at < text.length ? code : -1;
      }
    }
  }

  /** The next form. @throws EdnFault */
  value(depth = 0): Json {
    if (depth > DEPTH_MAX) throw new EdnFault('too-deep', this.at, TOO_DEEP, false);
    const code = this.skip(depth);
    switch (code) {
      case COLON:
        return this.keyword();
      case QUOTE:
        return this.string();
      case OPEN_VECTOR:
        return this.sequence(CLOSE_VECTOR, depth);
      case OPEN_LIST:
        return this.sequence(CLOSE_LIST, depth);
      case OPEN_MAP:
        return this.map('', depth);
      case HASH:
        return this.dispatch(depth);
      case BACKSLASH:
        return this.character();
      case -1:
        throw this.end('a value');
    }
    if (code >= ZERO && code <= NINE) return this.number();
    if (code === MINUS || code === PLUS) {
      const next = this.text.charCodeAt(this.at + 1);
      if (next >= ZERO && next <= NINE) return this.number();
    }
    const word = this.word(this.at);
    if (word === '') throw this.unexpected('a value');
    return word === 'nil' ? null : word === 'true' ? true : word === 'false' ? false : word;
  }

  /** A keyword, without its colon. The scanner stands on the colon. */
  keyword(): string {
    const word = this.word(this.at + 1);
    if (word === '') throw this.unexpected('a name after ":"');
    return word;
  }

  /** Whether a tuple of key and value follows, marked as such by a tag; then the tag is passed over. */
  tupleTag(): boolean {
    const from = this.at;
    if (this.skip() !== HASH) return false;
    if (TUPLE_TAG.test(this.word(this.at + 1)) && this.skip() === OPEN_VECTOR) return true;
    this.at = from;
    return false;
  }

  /** Passes over the tag of a record or another tagged map. The scanner stands on the `#`. */
  mapTag(): boolean {
    const from = this.at;
    if (this.word(this.at + 1) !== '') {
      const next = this.skip();
      if (next === OPEN_MAP) return true;
      // What the tag belongs to may be in text that comes yet.
      if (next === -1) throw this.end('a map after a tag');
    }
    this.at = from;
    return false;
  }

  unexpected(expected: string): EdnFault {
    const { at, text } = this;
    if (at >= text.length) return this.end(expected);
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0] ?? '';
    const cut = token !== '' && at + token.length >= text.length;
    const got = JSON.stringify(token.slice(0, QUOTED_MAX) || String.fromCodePoint(text.codePointAt(at)!));
    return new EdnFault('not-edn', at, `expected ${expected}, got ${got}`, cut);
  }

  private end(expected: string): EdnFault {
    return new EdnFault('not-edn', this.text.length, `expected ${expected}, got the end of the text`, true);
  }

  /** The token that begins there, empty if none does. */
  private word(from: number): string {
    const { text, words } = this;
    let hash = 0;
    let at = from;
    for (;;) {
      const code = text.charCodeAt(at);
      // Beyond the end of the text the code is NaN, which is not below anything.
      if (code < 128 ? ENDS_TOKEN[code] === 1 : at >= text.length) break;
      hash = (hash * 31 + code) | 0;
      at++;
    }
    this.at = at;
    const slot = hash & 1023;
    const known = words[slot]!;
    if (known.length === at - from && text.startsWith(known, from)) return known;
    // The name of a property is kept once by the engine: comparing such words is comparing addresses.
    const [word] = Object.keys({ [text.slice(from, at)]: 0 });
    words[slot] = word!;
    return word!;
  }

  private number(): Json {
    const { text } = this;
    const from = this.at;
    let at = from;
    let code = text.charCodeAt(at);
    const negative = code === MINUS;
    if (negative) code = text.charCodeAt(++at);
    const digits = at;
    let number = 0;
    while (code >= ZERO && code <= NINE) {
      number = number * 10 + code - ZERO;
      code = text.charCodeAt(++at);
    }
    const ended = code < 128 ? ENDS_TOKEN[code] === 1 : at >= text.length;
    const plain = at - digits === 1 || text.charCodeAt(digits) !== ZERO;
    if (ended && plain && at > digits && at - digits <= 15) {
      this.at = at;
      return negative && number > 0 ? -number : number;
    }
    const token = this.word(from);
    const result = ednNumber(token);
    if (result === undefined) {
      throw new EdnFault(
        'not-edn',
        from,
        `expected a number, got ${JSON.stringify(token)}`,
        this.at >= text.length,
      );
    }
    return result;
  }

  private string(): string {
    const { text } = this;
    const from = this.at + 1;
    const end = text.indexOf('"', from);
    if (end < 0) throw this.end('the end of a text in quotes');
    const plain = text.slice(from, end);
    if (!plain.includes('\\')) {
      this.at = end + 1;
      return plain;
    }
    return this.escapedString(from);
  }

  private escapedString(from: number): string {
    const { text } = this;
    let result = '';
    let at = from;
    for (;;) {
      const character = text[at];
      if (character === undefined) throw this.end('the end of a text in quotes');
      if (character === '"') break;
      if (character !== '\\') {
        result += character;
        at++;
        continue;
      }
      const unicode = /^u[\da-fA-F]{4}/.exec(text.slice(at + 1, at + 6))?.[0];
      const plain = ESCAPES[text[at + 1] ?? ''];
      if (unicode === undefined && plain === undefined) {
        this.at = at;
        const got = JSON.stringify(text.slice(at, at + 2));
        throw new EdnFault(
          'not-edn',
          at,
          `expected an escape such as \\n or \\u00e9, got ${got}`,
          at + 6 >= text.length,
        );
      }
      result += unicode === undefined ? plain : String.fromCharCode(Number.parseInt(unicode.slice(1), 16));
      at += unicode === undefined ? 2 : 6;
    }
    this.at = at + 1;
    return result;
  }

  private sequence(close: number, depth: number): Json[] {
    this.at++;
    const items: Json[] = [];
    for (;;) {
      const code = this.skip(depth);
      if (code === close) break;
      if (code === CLOSE_LIST || code === CLOSE_VECTOR || code === CLOSE_MAP) {
        throw this.unexpected(`"${String.fromCharCode(close)}"`);
      }
      items.push(this.value(depth + 1));
    }
    this.at++;
    return items;
  }

  private map(namespace: string, depth: number): Json {
    this.at++;
    const map: { [name: string]: Json } = {};
    for (;;) {
      const code = this.skip(depth);
      if (code === CLOSE_MAP) break;
      if (code === CLOSE_LIST || code === CLOSE_VECTOR) throw this.unexpected('"}"');
      const from = this.at;
      const key = this.value(depth + 1);
      const text = typeof key === 'string' ? key : JSON.stringify(key);
      const name = code === COLON && !text.includes('/') ? namespace + text : text;
      if (Object.hasOwn(map, name)) {
        throw new EdnFault(
          'not-edn',
          from,
          `expected keys that differ as text, got ${JSON.stringify(name)} twice`,
          this.at >= this.text.length,
        );
      }
      if (this.skip(depth) === CLOSE_MAP)
        throw this.unexpected(`a value for the key ${JSON.stringify(name)}`);
      const value = this.value(depth + 1);
      // Assigning to this name would set the prototype.
      if (name === '__proto__')
        Object.defineProperty(map, name, { value, enumerable: true, writable: true, configurable: true });
      else map[name] = value;
    }
    this.at++;
    return map;
  }

  private dispatch(depth: number): Json {
    const from = this.at;
    const next = this.text.charCodeAt(from + 1);
    if (next === OPEN_MAP) {
      this.at++;
      return this.sequence(CLOSE_MAP, depth);
    }
    if (next === QUOTE) {
      this.at++;
      return this.string();
    }
    const tag = this.word(from + 1);
    if (tag === '##Inf' || /^#(Inf|-Inf|NaN)$/.test(tag)) {
      throw new EdnFault(
        'not-finite',
        from,
        `expected a finite number, got #${tag}`,
        this.at >= this.text.length,
      );
    }
    if (!/^[:'\p{L}]/u.test(tag)) {
      this.at = from;
      throw this.unexpected('a tag, a set or a discarded form after "#"');
    }
    if (tag.startsWith("'")) return tag.slice(1);
    if (tag.startsWith(':') && this.skip(depth) === OPEN_MAP) return this.map(`${tag.slice(1)}/`, depth);
    return this.value(depth + 1);
  }

  private character(): string {
    const from = this.at;
    // The character itself may be one that ends tokens: a bracket, a quote.
    const rest = this.word(from + 2);
    const first = this.text[from + 1];
    if (first === undefined) throw this.end('a character after "\\"');
    const name = first + rest;
    if ([...name].length === 1) return name;
    const code = /^u([\da-fA-F]{4})$/.exec(name)?.[1];
    const octal = /^o([0-3]?[0-7]{1,2})$/.exec(name)?.[1];
    const known = CHARACTERS[name];
    if (known !== undefined) return known;
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    throw new EdnFault(
      'not-edn',
      from,
      `expected a character, got ${JSON.stringify(`\\${name}`)}`,
      this.at >= this.text.length,
    );
  }
}
