import type { Generator, Random, Request, Workload } from '../../contract/index.ts';
import { nothing } from '../generator.ts';
import { generate } from '../once.ts';
import { finalReads } from './final-reads.ts';

/** One kind of operation of an object, with its relative frequency. */
export interface Kind {
  readonly f: string;
  readonly share: number;
  /** Its argument; `fresh` is a number from 1 on that no other operation has. */
  argument(random: Random, fresh: number): Request['value'];
}

export interface ObjectFamily {
  readonly name: string;
  readonly summary: string;
  readonly kinds: readonly Kind[];
  /** The operation that clients end with, if any. */
  readonly finalRead?: string;
  readonly checkers: ReturnType<Workload['checkers']>;
  readonly competitive?: boolean;
}

/** `keys`, and for each kind of operation its share: `addShare`, `readShare`, ... */
export type ObjectOptions = { readonly keys: number } & { readonly [share: `${string}Share`]: number };

/** Objects with a few kinds of operations, named `k0`, `k1`, ..., drawn independently. An operation follows from its thread and number alone. */
export function objects({
  name,
  summary,
  kinds,
  finalRead,
  checkers,
  competitive = false,
}: ObjectFamily): Workload<ObjectOptions> {
  const keysDefault = 1;
  const shares = kinds.map(({ f, share }) => [`${f}Share`, { type: 'number', minimum: 0, default: share }]);
  return {
    name,
    summary,
    options: {
      type: 'object',
      additionalProperties: false,
      properties: {
        keys: { type: 'integer', minimum: 1, maximum: 100_000, default: keysDefault },
        ...Object.fromEntries(shares),
      },
    },
    operations: [...new Set([...kinds.map(({ f }) => f), ...(finalRead === undefined ? [] : [finalRead])])],
    main: (options) => traffic(name, kinds, options, options.keys ?? keysDefault),
    final: ({ keys = keysDefault }) => (finalRead === undefined ? nothing : finalReads(keys, finalRead)),
    checkers: () => checkers,
    competitive,
  };
}

function traffic(name: string, kinds: readonly Kind[], options: ObjectOptions, keys: number): Generator {
  const shares = kinds.map(({ f, share }) => options[`${f}Share`] ?? share);
  const total = shares.reduce((sum, share) => sum + share, 0);
  if (!(total > 0)) throw new RangeError(`${name}: expected a positive share, got ${shares.join(', ')}`);
  return generate((context) => {
    const thread = context.free[0]!;
    const random = context.draws(thread);
    const fresh = context.emitted[thread]! * context.processes.length + thread + 1;
    const key = `k${random.integer(0, keys - 1)}`;
    let left = random.fraction() * total;
    const drawn = shares.findIndex((share) => {
      left -= share;
      return left < 0;
    });
    const kind = kinds[drawn] ?? kinds.at(-1)!;
    return { f: kind.f, key, value: kind.argument(random, fresh), thread };
  });
}

/** For operations without an argument. */
export const noArgument = (): null => null;
