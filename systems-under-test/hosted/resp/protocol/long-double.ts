/**
 * Sums as INCRBYFLOAT makes them: in the x86's extended format of 64 bits of mantissa, written with 17 decimals. A number is
 * mantissa * 2^exponent.
 */
interface Extended {
  readonly mantissa: bigint;
  readonly exponent: number;
}

const BITS = 64;
const DECIMALS = 17n;

const bitLength = (value: bigint): number => (value === 0n ? 0 : value.toString(2).length);

/** numerator / denominator * 2^exponent, to the nearest, half to even. */
function rounded(numerator: bigint, denominator: bigint, exponent: number): Extended {
  if (numerator === 0n) return { mantissa: 0n, exponent: 0 };
  const negative = numerator < 0n;
  let top = negative ? -numerator : numerator;
  let bottom = denominator;
  let shift = BITS - (bitLength(top) - bitLength(bottom));
  for (;;) {
    const [a, b] = shift >= 0 ? [top << BigInt(shift), bottom] : [top, bottom << BigInt(-shift)];
    const quotient = a / b;
    if (bitLength(quotient) > BITS) {
      shift--;
      continue;
    }
    top = a - quotient * b;
    bottom = b;
    const twice = top * 2n;
    const up = twice > bottom || (twice === bottom && quotient % 2n === 1n);
    const mantissa = up ? quotient + 1n : quotient;
    return { mantissa: negative ? -mantissa : mantissa, exponent: exponent - shift };
  }
}

/** Of a decimal number as `parseDouble` takes it; null for what is none or not finite. */
function parse(text: string): Extended | null {
  const match = /^([+-]?)([0-9]*)\.?([0-9]*)(?:e([+-]?[0-9]{1,4}))?$/i.exec(text);
  if (!match || match[2]! + match[3]! === '') return null;
  const digits = BigInt(match[2]! + match[3]!) * (match[1] === '-' ? -1n : 1n);
  const power = Number(match[4] ?? 0) - match[3]!.length;
  return power >= 0
    ? rounded(digits * 10n ** BigInt(power), 1n, 0)
    : rounded(digits, 10n ** BigInt(-power), 0);
}

function format({ mantissa, exponent }: Extended): string {
  const negative = mantissa < 0n;
  const size = negative ? -mantissa : mantissa;
  const scaled = size * 10n ** DECIMALS;
  let units: bigint;
  if (exponent >= 0) units = scaled << BigInt(exponent);
  else {
    const divisor = 1n << BigInt(-exponent);
    units = scaled / divisor;
    const twice = (scaled % divisor) * 2n;
    if (twice > divisor || (twice === divisor && units % 2n === 1n)) units++;
  }
  const digits = units.toString().padStart(Number(DECIMALS) + 1, '0');
  const whole = digits.slice(0, -Number(DECIMALS));
  const fraction = digits.slice(-Number(DECIMALS)).replace(/0+$/, '');
  const text = fraction === '' ? whole : `${whole}.${fraction}`;
  return negative && text !== '0' ? `-${text}` : text;
}

/** The sum in its shortest form of at most 17 decimals; null if either is no finite decimal number. */
export function addDecimals(one: string, other: string): string | null {
  const a = parse(one);
  const b = parse(other);
  if (a === null || b === null) return null;
  const exponent = Math.min(a.exponent, b.exponent);
  const sum = (a.mantissa << BigInt(a.exponent - exponent)) + (b.mantissa << BigInt(b.exponent - exponent));
  return format(rounded(sum, 1n, exponent));
}
