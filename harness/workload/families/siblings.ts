import type { Json } from '../../../histories/index.ts';
import type { Generator, Workload } from '../../contract/index.ts';
import { concat } from '../concat.ts';
import { eachThread } from '../each-thread.ts';
import { onFirstThreads } from '../on-threads.ts';
import { once } from '../once.ts';

export type SiblingsOptions = {
  /** Number of independent keys, named `k0`, `k1`, ... */
  readonly keys: number;
  /** Relative frequencies: gets, puts that follow from what was shown, puts that have seen nothing. */
  readonly getShare: number;
  readonly putShare: number;
  readonly blindShare: number;
};

const DEFAULTS: SiblingsOptions = { keys: 4, getShare: 4, putShare: 4, blindShare: 1 };

/** Clients that read each key at the end. */
const FINAL_READERS = 3;

const share = { type: 'number', minimum: 0 } as const;

/**
 * Values that are kept side by side where they were written concurrently: `get` shows all of a key, `put` `[value, seen]` replaces those that the last get of the same client
 * showed, or none (`seen` is empty). No value is put twice.
 */
export const siblings: Workload<SiblingsOptions> = {
  name: 'siblings',
  summary: 'gets of all concurrent values of a key, and puts that replace what was seen',
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      keys: { type: 'integer', minimum: 1, maximum: 100_000, default: DEFAULTS.keys },
      getShare: { ...share, default: DEFAULTS.getShare },
      putShare: { ...share, default: DEFAULTS.putShare },
      blindShare: { ...share, default: DEFAULTS.blindShare },
    },
  },
  operations: ['get', 'put'],
  main: (options) => traffic({ ...DEFAULTS, ...options }, new Map()),
  final({ keys = DEFAULTS.keys }) {
    const gets = Array.from({ length: keys }, (_, key) => once({ f: 'get', key: `k${key}`, value: null }));
    return onFirstThreads(FINAL_READERS, eachThread(concat(...gets)));
  },
  checkers: () => [{ name: 'siblings' }],
};

/** What a client was shown last, until it has put something for it. */
type Shown = { readonly key: string; readonly values: readonly Json[] };

function traffic(options: SiblingsOptions, shown: ReadonlyMap<number, Shown>): Generator {
  const { keys, getShare, putShare, blindShare } = options;
  const total = getShare + putShare + blindShare;
  if (!(total > 0))
    throw new RangeError(`siblings: expected a positive share, got ${getShare}, ${putShare}, ${blindShare}`);
  return {
    next(context) {
      const thread = context.free[0];
      if (thread === undefined) return 'pending';
      const random = context.draws(thread);
      const key = `k${random.integer(0, keys - 1)}`;
      const drawn = random.fraction() * total;
      const fresh = context.emitted[thread]! * context.processes.length + thread + 1;
      const last = shown.get(thread);
      const emit =
        drawn < blindShare
          ? { f: 'put', key, value: [fresh, []], thread }
          : last !== undefined && drawn < blindShare + putShare
            ? { f: 'put', key: last.key, value: [fresh, last.values], thread }
            : { f: 'get', key, value: null, thread };
      return { emit, rest: this };
    },
    update({ type, thread, request: { f, key }, value }) {
      if (type === 'invoke') return this;
      const next = new Map(shown);
      // A client whose operation is indeterminate starts anew, and knows of nothing.
      if (f === 'get' && type === 'ok' && typeof key === 'string' && Array.isArray(value))
        next.set(thread, { key, values: value as readonly Json[] });
      else if (f === 'put' || type === 'info') next.delete(thread);
      else return this;
      return traffic(options, next);
    },
  };
}
