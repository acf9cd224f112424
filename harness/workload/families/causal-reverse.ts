import type { Generator, Workload } from '../../contract/index.ts';
import { nothing } from '../generator.ts';
import { generate } from '../once.ts';

export type CausalReverseOptions = {
  /** Tables that are read by themselves. */
  readonly keys: number;
  /** About so many rows are written to a table before another takes its place. */
  readonly writesPerKey: number;
  /** Relative frequencies. */
  readonly readShare: number;
  readonly writeShare: number;
};

const count = { type: 'integer', minimum: 1, maximum: 100_000 } as const;
const share = { type: 'number', minimum: 0, default: 1 } as const;

/** Blind writes of unique values, and reads of all that were written to a table. */
export const causalReverse: Workload<CausalReverseOptions> = {
  name: 'causal-reverse',
  summary: 'blind inserts of unique values, and reads of all values of a table',
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      keys: { ...count, default: 1 },
      writesPerKey: { ...count, default: 100 },
      readShare: share,
      writeShare: share,
    },
  },
  operations: ['read', 'write'],
  main: traffic,
  final: () => nothing,
  checkers: () => [{ name: 'causal-reverse' }],
};

/** An operation follows from its thread and number alone. */
function traffic({ keys, writesPerKey, readShare, writeShare }: CausalReverseOptions): Generator {
  const total = readShare + writeShare;
  if (!(total > 0))
    throw new RangeError(`causal-reverse: expected a positive share, got ${readShare}, ${writeShare}`);
  return generate((context) => {
    const thread = context.free[0]!;
    const random = context.draws(thread);
    const nth = context.emitted[thread]! * context.processes.length + thread;
    const generation = Math.floor((nth * writeShare) / (total * keys * writesPerKey));
    const key = `t${generation * keys + random.integer(0, keys - 1)}`;
    if (random.fraction() * total < readShare) return { f: 'read', key, value: null, thread };
    return { f: 'write', key, value: nth + 1, thread };
  });
}
