const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

export function isInt64(value: bigint): boolean {
  return value >= INT64_MIN && value <= INT64_MAX;
}

/** A 64-bit integer in its one canonical form (no sign before zero, no leading zeros, no blanks), or null. */
export function parseInt64(text: string): bigint | null {
  if (text.length === 0 || text.length > 20 || !/^(?:0|-?[1-9][0-9]*)$/.test(text)) return null;
  const value = BigInt(text);
  return isInt64(value) ? value : null;
}

/** What strtod takes as a whole: decimal, hexadecimal, infinity. Null for anything else, NaN included. */
export function parseDouble(text: string): number | null {
  if (/^[+-]?(?:inf|infinity)$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?$/i.test(text)) return Number(text);
  const hexadecimal = /^([+-]?)(0x[0-9a-f]+)$/i.exec(text);
  if (hexadecimal) return Number(hexadecimal[2]) * (hexadecimal[1] === '-' ? -1 : 1);
  return null;
}

/** Digits beyond those asked for by which a tie is known: of a double that is not one, some differ. */
const BEYOND = 30;

/**
 * A decimal text of too many digits, cut by so many: to the nearest, and a tie to the even digit, as C does it (JavaScript rounds it up).
 * `rounded` is what JavaScript makes of it.
 */
function tieToEven(long: string, rounded: string, digits: number): string {
  const tail = long.slice(-digits);
  if (!/^50*$/.test(tail)) return rounded;
  const cut = long.slice(0, -digits).replace(/\.$/, '');
  return Number(cut.at(-1)) % 2 === 0 ? cut : rounded;
}

/** C's `%.<digits>f`, of a finite number. */
export function formatFixed(value: number, digits: number): string {
  if (Math.abs(value) >= 1e21) return BigInt(value).toString() + (digits > 0 ? `.${'0'.repeat(digits)}` : '');
  return digits + BEYOND > 100
    ? value.toFixed(digits)
    : tieToEven(value.toFixed(digits + BEYOND), value.toFixed(digits), BEYOND);
}

/** C's `%.<digits>e`, of a finite number, as mantissa and exponent. */
export function exponentParts(value: number, digits: number): readonly [string, number] {
  const [rounded, power] = value.toExponential(digits).split('e') as [string, string];
  if (digits + BEYOND > 100) return [rounded, Number(power)];
  const [long, truePower] = value.toExponential(digits + BEYOND).split('e') as [string, string];
  const even = tieToEven(long, rounded, BEYOND);
  return [even, Number(even === rounded ? power : truePower)];
}

/** C's `%.<digits>g`. */
export function formatGeneral(value: number, digits: number): string {
  if (Number.isNaN(value)) return Object.is(Math.sign(value), -0) ? '-nan' : 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa, exponent] = exponentParts(value, digits - 1);
  const short = (text: string): string =>
    text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text;
  if (exponent < -4 || exponent >= digits) {
    const size = String(Math.abs(exponent)).padStart(2, '0');
    return `${short(mantissa)}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  return short(formatFixed(value, Math.max(0, digits - 1 - exponent)));
}

/** As scores and other doubles are written: `%.17g`. */
export function formatDouble(value: number): string {
  return formatGeneral(value, 17);
}
