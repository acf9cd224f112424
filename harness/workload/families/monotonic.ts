import type { Json } from '../../../histories/index.ts';
import type { Generator, Workload } from '../../contract/index.ts';
import { concat } from '../concat.ts';
import { eachThread } from '../each-thread.ts';
import { onThreads } from '../on-threads.ts';
import { once } from '../once.ts';

export type MonotonicOptions = {
  /** Number of independent registers, named `k0`, `k1`, ... */
  readonly keys: number;
  /** Relative frequencies. */
  readonly readShare: number;
  readonly casShare: number;
  /** Which reads may not go back, as in the checker's option. */
  readonly between: 'process' | 'client' | 'realtime';
};

const DEFAULTS: MonotonicOptions = { keys: 3, readShare: 2, casShare: 1, between: 'process' };

/** Largest step from one number to the next. */
const STEP_MAX = 5;

/** Clients that read each key at the end. */
const FINAL_READERS = 3;

const share = { type: 'number', minimum: 0 } as const;

/**
 * Registers that hold numbers, and are only ever set to a larger one: by a compare-and-set from the number that was seen last. Whatever becomes of it,
 * and whenever it takes effect, the register does not go back.
 */
export const monotonic: Workload<MonotonicOptions> = {
  name: 'monotonic',
  summary: 'reads of registers with numbers, and compare-and-sets to larger ones',
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      keys: { type: 'integer', minimum: 1, maximum: 100_000, default: DEFAULTS.keys },
      readShare: { ...share, default: DEFAULTS.readShare },
      casShare: { ...share, default: DEFAULTS.casShare },
      between: { enum: ['process', 'client', 'realtime'], default: DEFAULTS.between },
    },
  },
  operations: ['read', 'cas'],
  main: (options) => traffic({ ...DEFAULTS, ...options }, new Map()),
  final({ keys = DEFAULTS.keys }) {
    const reads = Array.from({ length: keys }, (_, key) => once({ f: 'read', key: `k${key}`, value: null }));
    return onThreads((thread) => thread < FINAL_READERS, eachThread(concat(...reads)));
  },
  checkers: ({ between = DEFAULTS.between }) => [{ name: 'monotonic', options: { between } }],
};

/** `seen`: the largest number of each key that was read or set with success. All else of an operation follows from its thread and number alone. */
function traffic(options: MonotonicOptions, seen: ReadonlyMap<string, number>): Generator {
  const { keys, readShare, casShare } = options;
  const total = readShare + casShare;
  if (!(total > 0))
    throw new RangeError(`monotonic: expected a positive share, got ${readShare}, ${casShare}`);
  return {
    next(context) {
      const thread = context.free[0];
      if (thread === undefined) return 'pending';
      const random = context.draws(thread);
      const key = `k${random.integer(0, keys - 1)}`;
      const reads = random.fraction() * total < readShare;
      const step = random.integer(1, STEP_MAX);
      const known = seen.get(key);
      const emit = reads
        ? { f: 'read', key, value: null, thread }
        : { f: 'cas', key, value: [known ?? null, (known ?? 0) + step], thread };
      return { emit, rest: this };
    },
    update({ type, request: { f, key, value }, value: result }) {
      if (type !== 'ok' || typeof key !== 'string') return this;
      const number = f === 'read' ? result : (value as readonly Json[])[1];
      const known = seen.get(key);
      if (typeof number !== 'number' || (known !== undefined && number <= known)) return this;
      return traffic(options, new Map(seen).set(key, number));
    },
  };
}
