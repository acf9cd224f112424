import type { Workload } from '../../contract/index.ts';
import { nothing } from '../generator.ts';
import { generate } from '../once.ts';

/** Pairs of inserts for one key, at about the same time, of which at most one may succeed. */
export const g2: Workload<Record<never, never>> = {
  name: 'g2',
  summary: 'pairs of inserts for one key, each on condition that there is none yet',
  options: { type: 'object', additionalProperties: false, properties: {} },
  operations: ['insert'],
  main: () =>
    generate((context) => {
      const thread = context.free[0]!;
      const { length } = context.processes;
      const nth = context.emitted[thread]! * length + thread;
      // Two neighbours, of the same round of the threads if there are several.
      const key = Math.floor(nth / 2);
      const value = nth % 2 === 0 ? [nth + 1, null] : [null, nth + 1];
      return { f: 'insert', key, value, thread };
    }),
  final: () => nothing,
  checkers: () => [{ name: 'adya-g2' }],
};
