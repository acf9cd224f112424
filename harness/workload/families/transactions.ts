import type { Generator, GeneratorContext, Json, Workload } from '../../contract/index.ts';
import { generate } from '../once.ts';

export type TransactionOptions = {
  /** Keys in use at the same time. */
  readonly keys: number;
  /** Micro-operations in a transaction, least and most. */
  readonly opsMin: number;
  readonly opsMax: number;
  /** About so many writes are made to a key before another takes its place: old keys stay short, and cheap to judge. */
  readonly writesPerKey: number;
  /** Relative frequencies of micro-operations. */
  readonly readShare: number;
  readonly writeShare: number;
  /** `exponential`: half of the micro-operations are on the hottest key, a quarter on the next one, ...; `uniform`: all alike. */
  readonly distribution: 'exponential' | 'uniform';
};

const DEFAULTS: TransactionOptions = {
  keys: 10,
  opsMin: 1,
  opsMax: 4,
  writesPerKey: 32,
  readShare: 1,
  writeShare: 1,
  distribution: 'exponential',
};

const share = { type: 'number', minimum: 0 } as const;
const count = { type: 'integer', minimum: 1, maximum: 100_000 } as const;

/**
 * Transactions of reads and of one kind of write, as Elle's generators make them: short rows of micro-operations on a pool of keys, every
 * value written once. Keys are numbers; those of a pool of 10 that are replaced go on as 10, 20, ...: key 3 as 13, then 23.
 */
export function transactions(name: string, write: string, summary: string): Workload<TransactionOptions> {
  return {
    name,
    summary,
    options: {
      type: 'object',
      additionalProperties: false,
      properties: {
        keys: { ...count, default: DEFAULTS.keys },
        opsMin: { ...count, default: DEFAULTS.opsMin },
        opsMax: { ...count, default: DEFAULTS.opsMax },
        writesPerKey: { ...count, default: DEFAULTS.writesPerKey },
        readShare: { ...share, default: DEFAULTS.readShare },
        writeShare: { ...share, default: DEFAULTS.writeShare },
        distribution: { enum: ['exponential', 'uniform'], default: DEFAULTS.distribution },
      },
    },
    operations: ['txn', 'txn/r', `txn/${write}`],
    main: (options) => traffic(name, write, { ...DEFAULTS, ...options }),
    final: (options) => finalReads({ ...DEFAULTS, ...options }),
    checkers: () => [{ name }],
  };
}

/** An operation follows from its thread and number alone. */
function traffic(name: string, write: string, options: TransactionOptions): Generator {
  const { opsMin, opsMax, readShare, writeShare } = options;
  const total = readShare + writeShare;
  if (!(total > 0))
    throw new RangeError(`${name}: expected a positive share, got ${readShare}, ${writeShare}`);
  if (opsMin > opsMax) throw new RangeError(`${name}: expected opsMin <= opsMax, got ${opsMin}, ${opsMax}`);
  const shares = sharesOf(options);
  return generate((context) => {
    const thread = context.free[0]!;
    const random = context.draws(thread);
    const nth = context.emitted[thread]! * context.processes.length + thread;
    const length = random.integer(opsMin, opsMax);
    const micros = Array.from({ length }, (_, position): Json => {
      const key = keyOf(options, shares, indexOf(shares, random.fraction()), written(options, nth));
      return random.fraction() * total < readShare
        ? ['r', key, null]
        : [write, key, nth * opsMax + position + 1];
    });
    return { f: 'txn', value: micros, thread };
  });
}

/** Each of the last keys once, and those before them, which a slower thread may have written last. */
function finalReads(options: TransactionOptions): Generator {
  const shares = sharesOf(options);
  const lastKeys = ({ emitted, processes }: GeneratorContext): number[] => {
    const writes = written(options, Math.max(...emitted) * processes.length);
    return shares.flatMap((_, index) => {
      const last = keyOf(options, shares, index, writes);
      return last < options.keys ? [last] : [last - options.keys, last];
    });
  };
  const reading = (keys: readonly number[]): Generator => {
    const [key, ...rest] = keys;
    return {
      next: ({ free }) => {
        if (key === undefined) return undefined;
        if (free.length === 0) return 'pending';
        return { emit: { f: 'txn', value: [['r', key, null]] }, rest: reading(rest) };
      },
      update() {
        return this;
      },
    };
  };
  return {
    next: (context) => reading(lastKeys(context)).next(context),
    update() {
      return this;
    },
  };
}

/** The share of each key of the pool in all micro-operations. */
function sharesOf({ keys, distribution }: TransactionOptions): number[] {
  const weights = Array.from({ length: keys }, (_, key) => (distribution === 'uniform' ? 1 : 2 ** -key));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

function indexOf(shares: readonly number[], drawn: number): number {
  let left = drawn;
  for (let index = 0; index < shares.length; index++) {
    left -= shares[index]!;
    if (left < 0) return index;
  }
  return shares.length - 1;
}

/** Writes that so many operations make on average. */
function written({ opsMin, opsMax, readShare, writeShare }: TransactionOptions, operations: number): number {
  return (operations * ((opsMin + opsMax) / 2) * writeShare) / (readShare + writeShare);
}

function keyOf(
  { keys, writesPerKey }: TransactionOptions,
  shares: readonly number[],
  index: number,
  writes: number,
): number {
  return index + keys * Math.floor((writes * shares[index]!) / writesPerKey);
}
