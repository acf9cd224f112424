import type { Generator, Workload } from '../../contract/index.ts';
import { finalReads } from './final-reads.ts';
import { registerTraffic } from './register-traffic.ts';

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
  main: (options) => traffic({ ...DEFAULTS, ...options }),
  final: ({ keys = DEFAULTS.keys }) => finalReads(keys),
  checkers: ({ between = DEFAULTS.between }) => [{ name: 'monotonic', options: { between } }],
};

function traffic({ keys, readShare, casShare }: MonotonicOptions): Generator {
  const total = readShare + casShare;
  if (!(total > 0))
    throw new RangeError(`monotonic: expected a positive share, got ${readShare}, ${casShare}`);
  return registerTraffic({
    keys,
    draw({ random, known }) {
      const reads = random.fraction() * total < readShare;
      const step = random.integer(1, STEP_MAX);
      const number = typeof known === 'number' ? known : undefined;
      return reads ? { f: 'read', value: null } : { f: 'cas', value: [number ?? null, (number ?? 0) + step] };
    },
    learns: (value, known) => typeof value === 'number' && (typeof known !== 'number' || value > known),
  });
}
