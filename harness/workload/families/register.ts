import type { Generator, Workload } from '../../contract/index.ts';
import { finalReads } from './final-reads.ts';
import { registerTraffic } from './register-traffic.ts';

export type RegisterOptions = {
  /** Number of independent registers, named `k0`, `k1`, ... */
  readonly keys: number;
  /** Relative frequencies. */
  readonly readShare: number;
  readonly writeShare: number;
  readonly casShare: number;
  /** `unique`: no value is written twice, so that each read names its write; `small`: 0 to 4, so that cas often meets its value. */
  readonly valueMode: 'unique' | 'small';
};

const DEFAULTS: RegisterOptions = { keys: 5, readShare: 2, writeShare: 2, casShare: 1, valueMode: 'unique' };

/** Largest value in mode `small`. */
const SMALL_MAX = 4;

const share = { type: 'number', minimum: 0 } as const;

/** Reads, writes and compare-and-sets of independent registers. */
export const register: Workload<RegisterOptions> = {
  name: 'register',
  summary: 'reads, writes and compare-and-sets of independent registers',
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      keys: { type: 'integer', minimum: 1, maximum: 100_000, default: DEFAULTS.keys },
      readShare: { ...share, default: DEFAULTS.readShare },
      writeShare: { ...share, default: DEFAULTS.writeShare },
      casShare: { ...share, default: DEFAULTS.casShare },
      valueMode: { enum: ['unique', 'small'], default: DEFAULTS.valueMode },
    },
  },
  operations: ['read', 'write', 'cas'],
  needs: ({ casShare = DEFAULTS.casShare }) => (casShare > 0 ? ['read', 'write', 'cas'] : ['read', 'write']),
  main: (options) => traffic({ ...DEFAULTS, ...options }),
  final: ({ keys = DEFAULTS.keys }) => finalReads(keys),
  checkers: () => [],
};

function traffic({ keys, readShare, writeShare, casShare, valueMode }: RegisterOptions): Generator {
  const total = readShare + writeShare + casShare;
  if (!(total > 0))
    throw new RangeError(`register: expected a positive share, got ${readShare}, ${writeShare}, ${casShare}`);
  return registerTraffic({
    keys,
    draw({ random, fresh, known }) {
      const drawn = random.fraction() * total;
      const value = valueMode === 'small' ? random.integer(0, SMALL_MAX) : fresh;
      if (drawn < readShare) return { f: 'read', value: null };
      // What was seen last is the best guess for a cas.
      return drawn < readShare + writeShare
        ? { f: 'write', value }
        : { f: 'cas', value: [known ?? null, value] };
    },
    learns: (value, known) => value !== known,
  });
}
