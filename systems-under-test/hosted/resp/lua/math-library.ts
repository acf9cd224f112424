import { library } from './arguments.ts';
import type { Runtime } from './runtime.ts';

const RAND_MAX = 0x7fffffff;

/** The generator of `drand48`, which Redis gives to scripts: of one fixed seed, and it goes on from script to script. */
class Drand48 {
  private state = 0x1234abcd330en;
  seed(value: number): void {
    this.state = (BigInt.asUintN(32, BigInt(Math.trunc(value))) << 16n) | 0x330en;
  }
  next(): number {
    this.state = BigInt.asUintN(48, this.state * 0x5deece66dn + 0xbn);
    return Number(this.state >> 17n);
  }
}

export function addMathLibrary(runtime: Runtime): void {
  const random = new Drand48();
  const draw = (): number => (random.next() % RAND_MAX) / RAND_MAX;
  const one = (compute: (x: number) => number) => (args: { number(nth: number): number }) => [
    compute(args.number(1)),
  ];
  const table = library(runtime, {
    abs: one(Math.abs),
    ceil: one(Math.ceil),
    exp: one(Math.exp),
    floor: one(Math.floor),
    fmod: (args) => [args.number(1) % args.number(2)],
    log: one(Math.log),
    log10: one(Math.log10),
    max: (args) => [Math.max(...args.values.map((_, at) => args.number(at + 1)), args.number(1))],
    min: (args) => [Math.min(...args.values.map((_, at) => args.number(at + 1)), args.number(1))],
    modf: (args) => {
      const value = args.number(1);
      return [Math.trunc(value), Number.isFinite(value) ? value - Math.trunc(value) : 0];
    },
    pow: (args) => [args.number(1) ** args.number(2)],
    random: (args) => {
      const fraction = draw();
      if (args.count === 0) return [fraction];
      const [low, high] = args.count === 1 ? [1, args.integer(1)] : [args.integer(1), args.integer(2)];
      if (low > high) throw args.fail(args.count, 'interval is empty');
      return [Math.floor(fraction * (high - low + 1)) + low];
    },
    randomseed: (args) => {
      random.seed(args.number(1));
      return [];
    },
    sqrt: one(Math.sqrt),
  });
  table.set('huge', Number.POSITIVE_INFINITY);
  table.set('pi', Math.PI);
  runtime.globals.set('math', table);
}
