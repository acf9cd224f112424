import type { Runtime } from './runtime.ts';

/** What a pattern found: where, and what its captures hold (a text, or a place for `()`). */
export interface Match {
  readonly start: number;
  readonly end: number;
  /** @throws LuaError of one that was never closed */
  captures(): (string | number)[];
}

/** Whether a byte is in a class of C's ctype. */
const CLASSES: Readonly<Record<string, (code: number) => boolean>> = {
  a: (code) => isLower(code) || isUpper(code),
  c: (code) => code < 0x20 || code === 0x7f,
  d: (code) => isDigit(code),
  l: (code) => isLower(code),
  p: (code) => code > 0x20 && code < 0x7f && !isDigit(code) && !isLower(code) && !isUpper(code),
  s: (code) => code === 0x20 || (code >= 0x09 && code <= 0x0d),
  u: (code) => isUpper(code),
  w: (code) => isDigit(code) || isLower(code) || isUpper(code),
  x: (code) => isDigit(code) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x66),
  z: (code) => code === 0,
};
const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
const isLower = (code: number): boolean => code >= 0x61 && code <= 0x7a;
const isUpper = (code: number): boolean => code >= 0x41 && code <= 0x5a;

const OPEN = -1;
const PLACE = -2;
const CAPTURES_MAX = 32;
/** Recursion of a hopeless pattern ends here, with an error. */
const STEPS_MAX = 1_000_000;

interface Capture {
  start: number;
  length: number;
}

/** Lua 5.1's patterns (manual, 5.4.1), by backtracking. */
export class Pattern {
  private readonly pattern: string;
  private readonly runtime: Runtime;
  private text = '';
  private captures: Capture[] = [];
  private steps = 0;

  constructor(pattern: string, runtime: Runtime) {
    this.pattern = pattern;
    this.runtime = runtime;
  }

  get isAnchored(): boolean {
    return this.pattern.startsWith('^');
  }

  /** The first match from this place on; with an anchor, there alone. */
  find(text: string, from: number): Match | null {
    this.text = text;
    for (let start = from; start <= text.length; start++) {
      const found = this.matchAt(text, start);
      if (found !== null || this.isAnchored) return found;
    }
    return null;
  }

  matchAt(text: string, start: number): Match | null {
    this.text = text;
    this.captures = [];
    this.steps = 0;
    const end = this.match(start, this.isAnchored ? 1 : 0);
    if (end < 0) return null;
    const { captures } = this;
    return { start, end, captures: () => captures.map((one) => this.valueOf(one)) };
  }

  private valueOf({ start, length }: Capture): string | number {
    if (length === PLACE) return start + 1;
    if (length === OPEN) throw this.runtime.error('unfinished capture');
    return this.text.slice(start, start + length);
  }

  private match(textFrom: number, patternFrom: number): number {
    if (++this.steps > STEPS_MAX) throw this.runtime.error('pattern too complex');
    const { pattern, text } = this;
    let s = textFrom;
    let p = patternFrom;
    for (;;) {
      if (p >= pattern.length) return s;
      const mark = pattern[p]!;
      if (mark === '(')
        return pattern[p + 1] === ')' ? this.open(s, p + 2, PLACE) : this.open(s, p + 1, OPEN);
      if (mark === ')') return this.close(s, p + 1);
      if (mark === '$' && p + 1 === pattern.length) return s === text.length ? s : -1;
      if (mark === '%') {
        const next = pattern[p + 1];
        if (next === 'b') {
          s = this.balance(s, p + 2);
          if (s < 0) return -1;
          p += 4;
          continue;
        }
        if (next === 'f') {
          p += 2;
          if (pattern[p] !== '[') throw this.runtime.error("missing '[' after '%f' in pattern");
          const end = this.classEnd(p);
          const [before, here] = [text[s - 1] ?? '\0', text[s] ?? '\0'];
          if (this.inSet(before, p, end - 1) || !this.inSet(here, p, end - 1)) return -1;
          p = end;
          continue;
        }
        if (next !== undefined && next >= '0' && next <= '9') {
          const captured = this.back(next);
          if (!text.startsWith(captured, s)) return -1;
          s += captured.length;
          p += 2;
          continue;
        }
      }
      const end = this.classEnd(p);
      const suffix = pattern[end];
      if (suffix === '*' || suffix === '+' || suffix === '-') return this.repeat(s, p, end, suffix);
      const fits = s < text.length && this.single(text[s]!, p, end);
      if (suffix === '?') {
        if (fits) {
          const rest = this.match(s + 1, end + 1);
          if (rest >= 0) return rest;
        }
        p = end + 1;
        continue;
      }
      if (!fits) return -1;
      s++;
      p = end;
    }
  }

  private repeat(s: number, p: number, end: number, suffix: '*' | '+' | '-'): number {
    const { text } = this;
    const fits = (at: number): boolean => at < text.length && this.single(text[at]!, p, end);
    if (suffix === '-') {
      for (let at = s; ; at++) {
        const rest = this.match(at, end + 1);
        if (rest >= 0) return rest;
        if (!fits(at)) return -1;
      }
    }
    let most = s;
    while (fits(most)) most++;
    for (let at = most; at >= (suffix === '+' ? s + 1 : s); at--) {
      const rest = this.match(at, end + 1);
      if (rest >= 0) return rest;
    }
    return -1;
  }

  private open(s: number, p: number, length: typeof OPEN | typeof PLACE): number {
    if (this.captures.length >= CAPTURES_MAX) throw this.runtime.error('too many captures');
    this.captures.push({ start: s, length });
    const end = this.match(s, p);
    if (end < 0) this.captures.pop();
    return end;
  }

  private close(s: number, p: number): number {
    const capture = this.captures.findLast(({ length }) => length === OPEN);
    if (capture === undefined) throw this.runtime.error('invalid pattern capture');
    capture.length = s - capture.start;
    const end = this.match(s, p);
    if (end < 0) capture.length = OPEN;
    return end;
  }

  private back(digit: string): string {
    const capture = this.captures[Number(digit) - 1];
    if (capture === undefined || capture.length === OPEN) throw this.runtime.error('invalid capture index');
    return this.text.slice(capture.start, capture.start + Math.max(0, capture.length));
  }

  private balance(s: number, p: number): number {
    const { text, pattern } = this;
    const [open, close] = [pattern[p], pattern[p + 1]];
    if (open === undefined || close === undefined) throw this.runtime.error('unbalanced pattern');
    if (text[s] !== open) return -1;
    let depth = 1;
    for (let at = s + 1; at < text.length; at++) {
      if (text[at] === close) {
        if (--depth === 0) return at + 1;
      } else if (text[at] === open) depth++;
    }
    return -1;
  }

  /** Where the single-character class at this place ends. */
  private classEnd(from: number): number {
    const { pattern } = this;
    let p = from + 1;
    if (pattern[from] === '%') {
      if (p >= pattern.length) throw this.runtime.error("malformed pattern (ends with '%')");
      return p + 1;
    }
    if (pattern[from] !== '[') return p;
    if (pattern[p] === '^') p++;
    do {
      if (p >= pattern.length) throw this.runtime.error("malformed pattern (missing ']')");
      if (pattern[p++] === '%') p++;
    } while (pattern[p] !== ']');
    return p + 1;
  }

  private single(character: string, p: number, end: number): boolean {
    const mark = this.pattern[p]!;
    if (mark === '.') return true;
    if (mark === '%') return inClass(character, this.pattern[p + 1]!);
    return mark === '[' ? this.inSet(character, p, end - 1) : mark === character;
  }

  /** Whether a character is in the set that begins at one place and has its bracket at another. */
  private inSet(character: string, from: number, bracket: number): boolean {
    const { pattern } = this;
    let p = from + 1;
    const negated = pattern[p] === '^';
    if (negated) p++;
    for (; p < bracket; p++) {
      if (pattern[p] === '%') {
        if (inClass(character, pattern[++p]!)) return !negated;
      } else if (pattern[p + 1] === '-' && p + 2 < bracket) {
        if (character >= pattern[p]! && character <= pattern[p + 2]!) return !negated;
        p += 2;
      } else if (pattern[p] === character) return !negated;
    }
    return negated;
  }
}

function inClass(character: string, name: string): boolean {
  const set = CLASSES[name.toLowerCase()];
  if (set === undefined) return name === character;
  return set(character.charCodeAt(0)) === (name === name.toLowerCase());
}
