import { DEPTH_MAX } from './json-value.ts';

/** Where a text stops being JSON. The messages of `JSON.parse` name no place that one could rely on. */
export interface SyntaxFault {
  /** From 1, in UTF-16 units. */
  readonly column: number;
  readonly message: string;
  /** The text is the beginning of a JSON value: nothing is wrong with it but that it ends. */
  readonly cut: boolean;
}

const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** A number or the beginning of one, up to the end of the text. */
const NUMBER_AT_END = /-?(?:(?:0|[1-9]\d*)(?:\.\d*)?(?:[eE][+-]?\d*)?)?$/y;
const STRING = /"(?:[ !#-[\]-\uffff]|\\["\\/bfnrt]|\\u[\da-fA-F]{4})*/y;
const ESCAPE_AT_END = /\\(?:u[\da-fA-F]{0,3})?$/y;
const TOKEN = /[^\s,\][{}":]{1,30}/y;
const WORDS = ['true', 'false', 'null'];

/**
 * Looks for the first thing that keeps a text from being one JSON value; undefined if there is none.
 * Meant for texts that `JSON.parse` has refused. Cost: linear.
 */
export function syntaxFault(text: string): SyntaxFault | undefined {
  try {
    new Scanner(text).whole();
    return undefined;
  } catch (error) {
    if (error instanceof Stop)
      return { column: error.at + 1, message: error.message, cut: error.at >= text.length };
    throw error;
  }
}

class Stop extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

class Scanner {
  private at = 0;
  private readonly text: string;
  constructor(text: string) {
    this.text = text;
  }

  whole(): void {
    this.value(0);
    this.match(SPACE);
    if (this.at < this.text.length) throw this.unexpected('the end of the line');
  }

  private value(depth: number): void {
    if (depth > DEPTH_MAX) throw new Stop(this.at, `expected values nested at most ${DEPTH_MAX} deep`);
    this.match(SPACE);
    const first = this.text[this.at];
    if (first === '{') this.object(depth);
    else if (first === '[') this.array(depth);
    else if (first === '"') this.string();
    else if (first === undefined) throw this.unexpected('a JSON value');
    else if (this.match(NUMBER_AT_END) === '' && this.match(NUMBER) === '') this.word();
  }

  private object(depth: number): void {
    this.at++;
    if (this.next('}')) return;
    do {
      this.match(SPACE);
      if (this.text[this.at] !== '"') throw this.unexpected('a name in quotes');
      this.string();
      if (!this.next(':')) throw this.unexpected('":"');
      this.value(depth + 1);
    } while (this.next(','));
    if (!this.next('}')) throw this.unexpected('"," or "}"');
  }

  private array(depth: number): void {
    this.at++;
    if (this.next(']')) return;
    do this.value(depth + 1);
    while (this.next(','));
    if (!this.next(']')) throw this.unexpected('"," or "]"');
  }

  private string(): void {
    this.match(STRING);
    this.match(ESCAPE_AT_END);
    if (this.text[this.at] !== '"') throw this.unexpected('the end of a text in quotes');
    this.at++;
  }

  private word(): void {
    const from = this.at;
    const token = this.match(TOKEN);
    if (WORDS.includes(token)) return;
    const begun = this.at === this.text.length && WORDS.some((word) => word.startsWith(token));
    if (!begun) this.at = from;
    throw this.unexpected('a JSON value');
  }

  private next(character: string): boolean {
    this.match(SPACE);
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  private unexpected(expected: string): Stop {
    const from = this.at;
    if (from >= this.text.length) return new Stop(from, `expected ${expected}, got the end of the line`);
    const got = this.match(TOKEN) || String.fromCodePoint(this.text.codePointAt(from)!);
    return new Stop(from, `expected ${expected}, got ${JSON.stringify(got)}`);
  }
}
