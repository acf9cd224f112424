import type { Generator, Json, Workload } from '../../contract/index.ts';
import { nothing } from '../generator.ts';
import { generate } from '../once.ts';

export type LongForkOptions = {
  /** Keys that are read together. */
  readonly groupSize: number;
  /** Groups in use at the same time. */
  readonly groups: number;
  /** Relative frequency of reads; that of writes is 1. */
  readonly readShare: number;
};

/**
 * Writes of single keys, each once in the whole run, and reads of a whole group of keys at once. Groups take turns: when as many operations were made
 * as write every key of those in use and read them often, the next ones begin.
 */
export const longFork: Workload<LongForkOptions> = {
  name: 'long-fork',
  summary: 'each key is written once, groups of keys are read at once',
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      groupSize: { type: 'integer', minimum: 2, maximum: 1000, default: 2 },
      groups: { type: 'integer', minimum: 1, maximum: 1000, default: 2 },
      readShare: { type: 'number', exclusiveMinimum: 0, default: 3 },
    },
  },
  operations: ['txn', 'txn/r', 'txn/w'],
  main: (options) => traffic(options),
  final: () => nothing,
  checkers: () => [{ name: 'long-fork' }],
};

/**
 * Each generation of groups has the operations of its own: with n keys in use, `n (1 + readShare)` of them. The thread and number of an
 * operation say which it is, so that no two write the same key, however the threads interleave.
 */
function traffic({ groupSize, groups, readShare }: LongForkOptions): Generator {
  const keys = groupSize * groups;
  const length = Math.ceil(keys * (1 + readShare));
  return generate((context) => {
    const thread = context.free[0]!;
    const random = context.draws(thread);
    const nth = context.emitted[thread]! * context.processes.length + thread;
    const first = Math.floor(nth / length) * keys;
    const place = nth % length;
    // Writes are spread evenly among the reads, in another order in each generation.
    const write = Math.floor(((place + 1) * keys) / length) - 1;
    if (write >= 0 && Math.floor((place * keys) / length) <= write) {
      const key = first + ((write * step(keys) + first) % keys);
      return { f: 'txn', value: [['w', key, 1]], thread };
    }
    const group = first + random.integer(0, groups - 1) * groupSize;
    const members = random.shuffle(Array.from({ length: groupSize }, (_, member) => group + member));
    return { f: 'txn', value: members.map((key): Json => ['r', key, null]), thread };
  });
}

/** About the golden section of n, without a common divisor: the multiples run through all remainders, neighbours far apart. */
function step(n: number): number {
  let size = Math.max(1, Math.round(n * 0.618));
  while (divisor(size, n) > 1) size++;
  return size;
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}
