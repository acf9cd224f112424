import { library } from './arguments.ts';
import type { Runtime } from './runtime.ts';

/** To a signed number of 32 bits, as the library BitOp does it. */
const bits = (value: number): number =>
  Number(BigInt.asIntN(32, BigInt(Number.isFinite(value) ? Math.round(value) : 0)));

export function addBitLibrary(runtime: Runtime): void {
  const fold =
    (combine: (a: number, b: number) => number) => (args: { number(nth: number): number; count: number }) => {
      let result = bits(args.number(1));
      for (let nth = 2; nth <= args.count; nth++) result = combine(result, bits(args.number(nth)));
      return [result | 0];
    };
  const shift = (apply: (a: number, by: number) => number) => (args: { number(nth: number): number }) => [
    apply(bits(args.number(1)), args.number(2) & 31) | 0,
  ];
  runtime.globals.set(
    'bit',
    library(runtime, {
      arshift: shift((a, by) => a >> by),
      band: fold((a, b) => a & b),
      bnot: (args) => [~bits(args.number(1))],
      bor: fold((a, b) => a | b),
      bxor: fold((a, b) => a ^ b),
      lshift: shift((a, by) => a << by),
      rol: shift((a, by) => (a << by) | (a >>> (32 - by))),
      ror: shift((a, by) => (a >>> by) | (a << (32 - by))),
      rshift: shift((a, by) => a >>> by),
      tobit: (args) => [bits(args.number(1))],
      tohex: (args) => {
        const digits = args.count > 1 ? args.integer(2) : 8;
        const text = (bits(args.number(1)) >>> 0).toString(16).padStart(8, '0').slice(-Math.abs(digits));
        return [digits < 0 ? text.toUpperCase() : text];
      },
    }),
  );
}
