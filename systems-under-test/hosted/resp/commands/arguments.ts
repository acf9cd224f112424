import { failure, notFloat, notInteger, syntaxError } from '../protocol/errors.ts';
import { parseDouble, parseInt64 } from '../protocol/numbers.ts';
import type { Argv } from '../session.ts';

/** A 64-bit integer. @throws CommandError, by default that it is none */
export function int64(text: string, otherwise: () => Error = notInteger): bigint {
  const value = parseInt64(text);
  if (value === null) throw otherwise();
  return value;
}

/** The same as a plain number: for what counts or measures. */
export function integer(text: string, otherwise: () => Error = notInteger): number {
  return Number(int64(text, otherwise));
}

export function double(text: string, otherwise: () => Error = notFloat): number {
  const value = parseDouble(text);
  if (value === null) throw otherwise();
  return value;
}

/** Seconds of a blocking command, to milliseconds since the epoch at which it ends; 0: never. */
export function blockUntil(text: string, now: number): number {
  const seconds = double(text, () => failure('ERR timeout is not a float or out of range'));
  // Infinity overflows there, too.
  if (seconds < 0 || seconds * 1000 > 2 ** 63) throw failure('ERR timeout is negative');
  return seconds === 0 ? 0 : now + Math.ceil(seconds * 1000);
}

/** `numkeys key ...` from a place on. @throws CommandError if there are not so many words */
export function countedKeys(argv: Argv, at: number, zero: string): string[] {
  const count = integer(argv[at]!, () => failure(zero));
  if (count <= 0) throw failure(zero);
  if (count > argv.length - at - 1) throw syntaxError();
  return argv.slice(at + 1, at + 1 + count);
}

/** Options after the fixed words: each by its name, in any case. */
export class Options {
  private readonly argv: Argv;
  private at: number;
  constructor(argv: Argv, from: number) {
    this.argv = argv;
    this.at = from;
  }
  get left(): number {
    return this.argv.length - this.at;
  }
  /** The next option's name in lower case; null at the end. */
  next(): string | null {
    return this.at < this.argv.length ? this.argv[this.at++]!.toLowerCase() : null;
  }
  /** The option's value. @throws CommandError (syntax) if there is none */
  value(): string {
    if (this.at >= this.argv.length) throw syntaxError();
    return this.argv[this.at++]!;
  }
}

/** Start and end of a range by places, negative ones from the end; null if it is empty. */
export function clampRange(start: number, end: number, length: number): readonly [number, number] | null {
  const from = Math.max(0, start < 0 ? length + start : start);
  const to = Math.min(length - 1, end < 0 ? length + end : end);
  return from > to || from >= length ? null : [from, to];
}
