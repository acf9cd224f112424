import type { Json } from '../../../histories/index.ts';
import type { Generator, Random, Request, Workload } from '../../contract/index.ts';
import { concat } from '../concat.ts';
import { eachThread } from '../each-thread.ts';
import { onThreads } from '../on-threads.ts';
import { once } from '../once.ts';

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

/** Clients that read each key at the end. */
const FINAL_READERS = 3;

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
  main: (options) => traffic({ ...DEFAULTS, ...options }, new Map()),
  final({ keys = DEFAULTS.keys }) {
    const reads = Array.from({ length: keys }, (_, key) => once({ f: 'read', key: `k${key}`, value: null }));
    return onThreads((thread) => thread < FINAL_READERS, eachThread(concat(...reads)));
  },
  checkers: () => [],
};

/**
 * `seen`: the value of each key as it was last read or written with success, the best guess for a cas. Everything else about
 * an operation follows from its thread and number alone.
 */
function traffic(options: RegisterOptions, seen: ReadonlyMap<string, Json>): Generator {
  const { keys, readShare, writeShare, casShare, valueMode } = options;
  const total = readShare + writeShare + casShare;
  if (!(total > 0))
    throw new RangeError(`register: expected a positive share, got ${readShare}, ${writeShare}, ${casShare}`);
  return {
    next(context) {
      const thread = context.free[0];
      if (thread === undefined) return 'pending';
      const random: Random = context.draws(thread);
      const key = `k${random.integer(0, keys - 1)}`;
      const drawn = random.fraction() * total;
      const fresh =
        valueMode === 'small'
          ? random.integer(0, SMALL_MAX)
          : context.emitted[thread]! * context.processes.length + thread + 1;
      const emit =
        drawn < readShare
          ? { f: 'read', key, value: null, thread }
          : drawn < readShare + writeShare
            ? { f: 'write', key, value: fresh, thread }
            : { f: 'cas', key, value: [seen.get(key) ?? null, fresh], thread };
      return { emit, rest: this };
    },
    update(event) {
      if (event.type !== 'ok') return this;
      const { f, key } = event.request;
      const value = valueAfter(event.request, event.value);
      if (typeof key !== 'string' || (f !== 'read' && seen.get(key) === value)) return this;
      return seen.get(key) === value ? this : traffic(options, new Map(seen).set(key, value));
    },
  };
}

/** The register's value right after a successful operation. */
function valueAfter({ f, value }: Request, result: Json | undefined): Json {
  if (f === 'read') return result ?? null;
  return f === 'cas' && Array.isArray(value) ? (value as readonly Json[])[1]! : value;
}
