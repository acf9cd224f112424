import type { Workload } from '../../contract/index.ts';
import { retry } from '../retry.ts';
import { noArgument, type ObjectOptions, objects } from './objects.ts';

/** Elements are added once each, and the whole set is read: seldom, since a read is as long as the set. */
const once: Workload<ObjectOptions> = objects({
  name: 'set',
  summary: 'adds of unique elements to sets, and reads of whole sets',
  kinds: [
    { f: 'add', share: 4, argument: (_, fresh) => fresh },
    { f: 'read', share: 1, argument: noArgument },
  ],
  finalRead: 'read',
  checkers: [{ name: 'set-full' }],
});

export type SetOptions = ObjectOptions & {
  /** How often an operation is tried, all in all, while it is not ok: what a user does whose order was not confirmed. 1 if absent. */
  readonly attempts?: number;
};

/**
 * With `attempts` above 1 an add that failed or was not answered is sent again, with the same element. A system that carries out such a request
 * twice shows it by an element that is in the set twice.
 */
export const set: Workload<SetOptions> = {
  ...once,
  options: {
    ...once.options,
    properties: {
      ...(once.options.properties as object),
      attempts: { type: 'integer', minimum: 1, maximum: 100, default: 1 },
    },
  },
  main({ attempts = 1, ...options }) {
    const adds = once.main(options);
    return attempts === 1 ? adds : retry(attempts, adds);
  },
};
