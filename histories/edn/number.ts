const INTEGER = /^[+-]?(?:0|[1-9]\d*)N?$/;
const HEXADECIMAL = /^[+-]?0[xX][\da-fA-F]+N?$/;
const FLOAT = /^[+-]?(?:0|[1-9]\d*)(?:\.\d*)?(?:[eE][+-]?\d+)?$/;
const DECIMAL = /^([+-]?(?:0|[1-9]\d*)(?:\.\d*)?(?:[eE][+-]?\d+)?)M$/;
const RATIO = /^[+-]?\d+\/\d+$/;

/**
 * A number of EDN as JSON; undefined for what is none. No digit is ever lost:
 * - integers within ±(2^53-1), and floats, are numbers;
 * - integers beyond (64-bit values, bigints), ratios and exact decimals of more than 15 digits are texts of their digits, without
 *   sign `+` and without the suffixes `N` and `M`.
 */
export function ednNumber(token: string): number | string | undefined {
  if (INTEGER.test(token) || HEXADECIMAL.test(token)) return integer(token);
  if (FLOAT.test(token)) {
    const number = Number(token);
    return Number.isFinite(number) ? number : undefined;
  }
  if (RATIO.test(token)) return withoutPlus(token);
  const decimal = DECIMAL.exec(token)?.[1];
  if (decimal === undefined) return undefined;
  const digits = decimal
    .replace(/[eE].*$/, '')
    .replace(/\D/g, '')
    .replace(/^0+/, '');
  const number = Number(decimal);
  return digits.length <= 15 && Number.isFinite(number) ? number : withoutPlus(decimal);
}

function integer(token: string): number | string {
  const digits = token.replace(/^[+-]/, '').replace(/N$/, '');
  const exact = token.startsWith('-') ? -BigInt(digits) : BigInt(digits);
  const number = Number(exact);
  return Number.isSafeInteger(number) ? number : exact.toString();
}

function withoutPlus(token: string): string {
  return token.replace(/^\+/, '');
}
