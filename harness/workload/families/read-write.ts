import type { Nanos, Workload } from '../../contract/index.ts';
import { concat } from '../concat.ts';
import { eachThread } from '../each-thread.ts';
import { onThreads } from '../on-threads.ts';
import { generate, once } from '../once.ts';
import { sleep } from '../time-limit.ts';

export type ReadWriteOptions = {
  /** Number of independent registers, named `k0`, `k1`, ... */
  readonly keys: number;
  /** Share of the operations that read; the others write. */
  readonly readShare: number;
  /** Silence before the final reads, in nanoseconds, in which copies may agree. */
  readonly settle: Nanos;
  /** Clients that read each key at the end. */
  readonly readers: number;
};

const DEFAULTS: ReadWriteOptions = { keys: 5, readShare: 0.6, settle: 0, readers: 3 };

/** Reads and writes of independent registers, no value written twice: what every store with keys understands, so that unlike ones can be compared. */
export const readWrite: Workload<ReadWriteOptions> = {
  name: 'read-write',
  summary:
    'reads and writes of independent registers, no value written twice; a silence before the final reads',
  options: {
    type: 'object',
    additionalProperties: false,
    properties: {
      keys: { type: 'integer', minimum: 1, maximum: 100_000, default: DEFAULTS.keys },
      readShare: { type: 'number', minimum: 0, maximum: 1, default: DEFAULTS.readShare },
      settle: {
        type: 'integer',
        minimum: 0,
        default: DEFAULTS.settle,
        $comment: 'duration',
        description: 'silence before the final reads',
      },
      readers: { type: 'integer', minimum: 1, maximum: 1000, default: DEFAULTS.readers },
    },
  },
  operations: ['read', 'write'],
  main(options) {
    const { keys, readShare } = { ...DEFAULTS, ...options };
    // An operation follows from its thread and number alone: the same for every system.
    return generate((context) => {
      const thread = context.free[0]!;
      const random = context.draws(thread);
      const key = `k${random.integer(0, keys - 1)}`;
      return random.chance(readShare)
        ? { f: 'read', key, value: null, thread }
        : {
            f: 'write',
            key,
            value: context.emitted[thread]! * context.processes.length + thread + 1,
            thread,
          };
    });
  },
  final(options) {
    const { keys, settle, readers } = { ...DEFAULTS, ...options };
    const reads = Array.from({ length: keys }, (_, key) => once({ f: 'read', key: `k${key}`, value: null }));
    return concat(
      sleep(settle),
      onThreads((thread) => thread < readers, eachThread(concat(...reads))),
    );
  },
  checkers: () => [],
};
