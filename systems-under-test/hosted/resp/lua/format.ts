import { exponentParts, formatFixed, formatGeneral } from '../protocol/numbers.ts';
import type { Arguments } from './arguments.ts';
import type { Runtime } from './runtime.ts';

interface Directive {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | null;
}

function pad(text: string, { flags, width }: Directive, isNumber: boolean): string {
  if (text.length >= width) return text;
  if (flags.includes('-')) return text.padEnd(width);
  if (!isNumber || !flags.includes('0')) return text.padStart(width);
  const sign = /^[+\- ]?/.exec(text)![0];
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}

const signed = (text: string, { flags }: Directive): string =>
  text.startsWith('-') ? text : flags.includes('+') ? `+${text}` : flags.includes(' ') ? ` ${text}` : text;

function exponential(value: number, digits: number): string {
  const [mantissa, exponent] = exponentParts(value, digits);
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function float(value: number, conversion: string, { precision }: Directive): string {
  if (!Number.isFinite(value)) return formatGeneral(value, 14);
  const digits = precision ?? 6;
  const kind = conversion.toLowerCase();
  const text =
    kind === 'f'
      ? formatFixed(value, digits)
      : kind === 'e'
        ? exponential(value, digits)
        : formatGeneral(value, Math.max(1, digits));
  return kind === conversion ? text : text.toUpperCase();
}

/** An integer as C's `long long` takes a double. */
const integer = (value: number): bigint =>
  Number.isFinite(value) ? BigInt(Math.trunc(value)) : -(2n ** 63n);

const quoted = (text: string): string =>
  `"${text.replace(/["\\\n\r\0]/g, (one) => (one === '\r' ? '\\r' : one === '\0' ? '\\000' : `\\${one}`))}"`;

/** string.format. @throws LuaError */
export function formatText(runtime: Runtime, args: Arguments): string {
  const pattern = args.text(1);
  let nth = 1;
  return pattern.replace(
    /%(?:%|([-+ #0]*)([0-9]*)(?:\.([0-9]*))?([\s\S]?))/g,
    (whole, flags: string | undefined, width: string, digits: string | undefined, conversion: string) => {
      if (whole === '%%') return '%';
      const directive = {
        flags: flags ?? '',
        width: Number(width),
        precision: digits === undefined ? null : Number(digits),
      };
      if (directive.flags.length > 5 || directive.width > 99 || (directive.precision ?? 0) > 99)
        throw runtime.error('invalid format (width or precision too long)');
      nth++;
      switch (conversion) {
        case 'd':
        case 'i':
        case 'u': {
          const value = integer(args.number(nth));
          const size = (value < 0n ? -value : value).toString().padStart(directive.precision ?? 1, '0');
          return pad(
            signed(value < 0n ? `-${size}` : size, directive),
            directive,
            directive.precision === null,
          );
        }
        case 'c':
          return pad(String.fromCharCode(args.integer(nth) & 0xff), directive, false);
        case 'o':
        case 'x':
        case 'X': {
          const value = BigInt.asUintN(64, integer(args.number(nth)));
          let text = value.toString(conversion === 'o' ? 8 : 16).padStart(directive.precision ?? 1, '0');
          if (directive.flags.includes('#') && value !== 0n) text = (conversion === 'o' ? '0' : '0x') + text;
          return pad(conversion === 'X' ? text.toUpperCase() : text, directive, true);
        }
        case 'e':
        case 'E':
        case 'f':
        case 'g':
        case 'G': {
          return pad(signed(float(args.number(nth), conversion, directive), directive), directive, true);
        }
        case 'q':
          return quoted(args.text(nth));
        case 's': {
          const text = args.text(nth);
          return pad(
            directive.precision === null ? text : text.slice(0, directive.precision),
            directive,
            false,
          );
        }
        default:
          throw runtime.error(`invalid option '%${conversion}' to 'format'`);
      }
    },
  );
}
