import type { Generator, Workload } from '../../contract/index.ts';
import { eachProcess } from '../each-thread.ts';
import { nothing } from '../generator.ts';

export type LockOptions = {
  /** Number of independent locks, named `k0`, `k1`, ... */
  readonly keys: number;
};

const KEYS = 1;

/** Each client acquires a lock and releases it as soon as it has it, or tries again; after an indeterminate operation it begins afresh. */
export const lock: Workload<LockOptions> = {
  name: 'lock',
  summary: 'acquisitions and releases of locks, with fencing tokens where there are any',
  options: {
    type: 'object',
    additionalProperties: false,
    properties: { keys: { type: 'integer', minimum: 1, maximum: 100_000, default: KEYS } },
  },
  operations: ['acquire', 'release'],
  competitive: true,
  main: ({ keys = KEYS }) => eachProcess(client(keys, undefined)),
  final: () => nothing,
  checkers: () => [{ name: 'fenced-lock' }],
};

/** `held`: the key of the lock that it holds. */
function client(keys: number, held: string | undefined): Generator {
  return {
    next(context) {
      const thread = context.free[0];
      if (thread === undefined) return 'pending';
      const key = held ?? `k${context.draws(thread).integer(0, keys - 1)}`;
      return {
        emit: { f: held === undefined ? 'acquire' : 'release', key, value: null, thread },
        rest: this,
      };
    },
    update({ type, request: { f, key } }) {
      if (type !== 'ok' || typeof key !== 'string') return this;
      return client(keys, f === 'acquire' ? key : undefined);
    },
  };
}
