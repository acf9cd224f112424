import { library } from './arguments.ts';
import { type Runtime, typeName } from './runtime.ts';
import { LuaTable } from './table.ts';
import { formatNumber, type LuaValue, Opaque } from './values.ts';

export const JSON_NULL = new Opaque('userdata: NULL');
const DEPTH_MAX = 1000;
/** A table whose keys leave more gaps than this is no array (cjson's defaults: more than 2 in 3 missing, above key 10). */
const SPARSE_RATIO = 2;
const SPARSE_SAFE = 10;

const ESCAPES: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
  '/': '\\/',
  '\x7f': '\\u007f',
};

function quote(text: string): string {
  let quoted = '';
  for (const one of text) {
    const isControl = one.charCodeAt(0) < 0x20;
    quoted += ESCAPES[one] ?? (isControl ? `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}` : one);
  }
  return `"${quoted}"`;
}

/** The length of the array that a table is, or -1 if it is an object. @throws LuaError: too sparse */
function arrayLength(runtime: Runtime, table: LuaTable): number {
  let [most, items] = [0, 0];
  for (const [key] of table.entries()) {
    if (typeof key !== 'number' || !Number.isInteger(key) || key <= 0) return -1;
    most = Math.max(most, key);
    items++;
  }
  if (most > items * SPARSE_RATIO && most > SPARSE_SAFE)
    throw runtime.error('Cannot serialise table: excessively sparse array');
  return most;
}

function encode(runtime: Runtime, value: LuaValue, depth: number): string {
  if (depth > DEPTH_MAX) throw runtime.error(`Cannot serialise, excessive depth (${depth})`);
  if (value === undefined || value === JSON_NULL) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw runtime.error('Cannot serialise number: must not be NaN or Inf');
    return formatNumber(value);
  }
  if (typeof value === 'string') return quote(value);
  if (!(value instanceof LuaTable))
    throw runtime.error(`Cannot serialise ${typeName(value)}: type not supported`);
  const length = arrayLength(runtime, value);
  if (length > 0) {
    const items: string[] = [];
    for (let at = 1; at <= length; at++) items.push(encode(runtime, value.get(at), depth + 1));
    return `[${items.join(',')}]`;
  }
  const fields: string[] = [];
  for (const [key, item] of value.entries()) {
    if (typeof key !== 'string' && typeof key !== 'number')
      throw runtime.error('Cannot serialise table: table key must be a number or string');
    fields.push(`${quote(runtime.toText(key))}:${encode(runtime, item, depth + 1)}`);
  }
  return `{${fields.join(',')}}`;
}

/** UTF-8 of a code point, as a byte string. */
function utf8(code: number): string {
  if (code < 0x80) return String.fromCharCode(code);
  if (code < 0x800) return String.fromCharCode(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
  if (code < 0x10000)
    return String.fromCharCode(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
  return String.fromCharCode(
    0xf0 | (code >> 18),
    0x80 | ((code >> 12) & 0x3f),
    0x80 | ((code >> 6) & 0x3f),
    0x80 | (code & 0x3f),
  );
}

const UNESCAPED: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  '"': '"',
  '\\': '\\',
  '/': '/',
};

class Reader {
  private readonly text: string;
  private readonly runtime: Runtime;
  private at = 0;
  constructor(text: string, runtime: Runtime) {
    this.text = text;
    this.runtime = runtime;
  }

  whole(): LuaValue {
    const value = this.value(0);
    this.blanks();
    if (this.at < this.text.length) throw this.expected('the end');
    return value;
  }

  private blanks(): void {
    while (/[ \t\n\r]/.test(this.text[this.at] ?? '')) this.at++;
  }

  /** The kinds of token that cjson's messages know. */
  private found(): string {
    const rest = this.text.slice(this.at, this.at + 8);
    if (rest === '') return 'T_END';
    if (rest[0] === '{') return 'T_OBJ_BEGIN';
    if (rest[0] === '}') return 'T_OBJ_END';
    if (rest[0] === '[') return 'T_ARR_BEGIN';
    if (rest[0] === ']') return 'T_ARR_END';
    if (rest[0] === ',') return 'T_COMMA';
    if (rest[0] === ':') return 'T_COLON';
    if (rest[0] === '"') return 'T_STRING';
    if (/^[0-9-]/.test(rest)) return 'T_NUMBER';
    if (/^(?:true|false)/.test(rest)) return 'T_BOOLEAN';
    return rest.startsWith('null') ? 'T_NULL' : 'invalid token';
  }

  private expected(what: string): Error {
    return this.runtime.error(`Expected ${what} but found ${this.found()} at character ${this.at + 1}`);
  }

  private value(depth: number): LuaValue {
    if (depth > DEPTH_MAX) throw this.runtime.error(`Found too many nested data structures (${depth})`);
    this.blanks();
    const { text } = this;
    switch (text[this.at]) {
      case '{':
        return this.object(depth);
      case '[':
        return this.array(depth);
      case '"':
        return this.string();
    }
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', JSON_NULL],
    ] as const) {
      if (text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    const number = /^-?(?:0x[0-9a-f]+|[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?)/i.exec(
      text.slice(this.at, this.at + 400),
    );
    if (!number) throw this.expected('value');
    this.at += number[0].length;
    return Number(number[0]);
  }

  private object(depth: number): LuaTable {
    const table = new LuaTable();
    this.at++;
    this.blanks();
    if (this.text[this.at] === '}') {
      this.at++;
      return table;
    }
    for (;;) {
      this.blanks();
      if (this.text[this.at] !== '"') throw this.expected('object key string');
      const key = this.string();
      this.blanks();
      if (this.text[this.at] !== ':') throw this.expected('colon');
      this.at++;
      table.set(key, this.value(depth + 1));
      this.blanks();
      const mark = this.text[this.at];
      if (mark !== '}' && mark !== ',') throw this.expected('comma or object end');
      this.at++;
      if (mark === '}') return table;
    }
  }

  private array(depth: number): LuaTable {
    const table = new LuaTable();
    this.at++;
    this.blanks();
    if (this.text[this.at] === ']') {
      this.at++;
      return table;
    }
    for (let place = 1; ; place++) {
      table.set(place, this.value(depth + 1));
      this.blanks();
      const mark = this.text[this.at];
      if (mark !== ']' && mark !== ',') throw this.expected('comma or array end');
      this.at++;
      if (mark === ']') return table;
    }
  }

  private string(): string {
    const start = this.at;
    const invalid = (): Error =>
      this.runtime.error(`Expected value but found invalid token at character ${start + 1}`);
    let result = '';
    for (this.at++; ; ) {
      const character = this.text[this.at++];
      if (character === undefined) throw invalid();
      if (character === '"') return result;
      if (character !== '\\') {
        result += character;
        continue;
      }
      const escaped = this.text[this.at++] ?? '';
      if (escaped === 'u') result += this.codePoint(invalid);
      else {
        const plain = UNESCAPED[escaped];
        if (plain === undefined) throw invalid();
        result += plain;
      }
    }
  }

  private codePoint(invalid: () => Error): string {
    const unit = (): number => {
      const digits = this.text.slice(this.at, this.at + 4);
      if (!/^[0-9a-f]{4}$/i.test(digits)) throw invalid();
      this.at += 4;
      return Number.parseInt(digits, 16);
    };
    const first = unit();
    if (first < 0xd800 || first >= 0xe000) return utf8(first);
    if (first >= 0xdc00 || !this.text.startsWith('\\u', this.at)) throw invalid();
    this.at += 2;
    const second = unit();
    if (second < 0xdc00 || second >= 0xe000) throw invalid();
    return utf8(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00));
  }
}

/** The library `cjson`, with its defaults. */
export function addCjson(runtime: Runtime): void {
  const table = library(runtime, {
    decode: (args) => [new Reader(args.text(1), runtime).whole()],
    encode: (args) => [encode(runtime, args.any(1), 1)],
  });
  table.set('null', JSON_NULL);
  runtime.globals.set('cjson', table);
}
