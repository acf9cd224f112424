import { LuaError } from './values.ts';

export type TokenKind = 'name' | 'number' | 'string' | 'symbol' | 'keyword' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** A keyword, symbol or name as written; of a string, its bytes. */
  readonly text: string;
  readonly number: number;
  readonly line: number;
}

const KEYWORDS = new Set(
  'and break do else elseif end false for function if in local nil not or repeat return then true until while'.split(
    ' ',
  ),
);
const SYMBOLS = '... == ~= <= >= .. + - * / % ^ # < > = ( ) { } [ ] ; : , .'.split(' ');
const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** The tokens of a chunk. @throws LuaError as Lua's own message */
export function tokenize(source: string, chunk: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  const fail = (what: string, near: string): LuaError =>
    new LuaError(`${chunk}:${line}: ${what} near '${near}'`, line);

  /** The inside of `[==[ ... ]==]` at this place, or null. */
  const longBracket = (what: string): string | null => {
    const open = /^\[(=*)\[/.exec(source.slice(at, at + 64));
    if (!open) return null;
    const close = `]${open[1]}]`;
    const end = source.indexOf(close, at + open[0].length);
    if (end < 0) throw fail(`unfinished long ${what}`, '<eof>');
    const inside = source.slice(at + open[0].length, end).replace(/\r\n?/g, '\n');
    line += inside.split('\n').length - 1;
    at = end + close.length;
    return inside.replace(/^\n/, '');
  };

  const quoted = (): string => {
    const start = at;
    const quote = source[at++]!;
    let text = '';
    for (;;) {
      const character = source[at];
      if (character === undefined) throw fail('unfinished string', '<eof>');
      if (character === '\n') throw fail('unfinished string', source.slice(start, at));
      at++;
      if (character === quote) return text;
      if (character !== '\\') {
        text += character;
        continue;
      }
      const digits = /^[0-9]{1,3}/.exec(source.slice(at, at + 3));
      if (digits) {
        if (Number(digits[0]) > 255) throw fail('escape sequence too large', source.slice(start, at + 3));
        text += String.fromCharCode(Number(digits[0]));
        at += digits[0].length;
        continue;
      }
      const escaped = source[at++];
      if (escaped === '\n') line++;
      if (escaped !== undefined) text += ESCAPES[escaped] ?? escaped;
    }
  };

  const add = (kind: TokenKind, text: string, number = 0): void => {
    tokens.push({ kind, text, number, line });
  };

  const numberAt = /(?:0x[0-9a-f]*|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]*)?)[0-9a-z_.]*/iy;
  const nameAt = /[A-Za-z_][A-Za-z0-9_]*/y;
  if (source.startsWith('#')) while (at < source.length && source[at] !== '\n') at++;
  while (at < source.length) {
    const character = source[at]!;
    if (character === '\n') line++;
    if (/\s/.test(character)) {
      at++;
      continue;
    }
    if (source.startsWith('--', at)) {
      at += 2;
      if (longBracket('comment') === null) while (at < source.length && source[at] !== '\n') at++;
      continue;
    }
    nameAt.lastIndex = at;
    const name = nameAt.exec(source)?.[0];
    if (name !== undefined) {
      at += name.length;
      add(KEYWORDS.has(name) ? 'keyword' : 'name', name);
      continue;
    }
    if (/[0-9]/.test(character) || (character === '.' && /[0-9]/.test(source[at + 1] ?? ''))) {
      numberAt.lastIndex = at;
      const text = numberAt.exec(source)![0];
      const value = Number(text);
      if (Number.isNaN(value)) throw fail('malformed number', text);
      at += text.length;
      add('number', text, value);
      continue;
    }
    if (character === '"' || character === "'") {
      const text = quoted();
      add('string', text);
      continue;
    }
    if (character === '[') {
      const text = longBracket('string');
      if (text !== null) {
        add('string', text);
        continue;
      }
    }
    const symbol = SYMBOLS.find((one) => source.startsWith(one, at));
    if (symbol === undefined) throw fail('unexpected symbol', character);
    at += symbol.length;
    add('symbol', symbol);
  }
  add('end', '<eof>');
  return tokens;
}
