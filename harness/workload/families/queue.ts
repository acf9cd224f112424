import type { Workload } from '../../contract/index.ts';
import { emptying } from './emptying.ts';
import { noArgument, type ObjectOptions, objects } from './objects.ts';

const family = objects({
  name: 'queue',
  summary: 'enqueues of unique elements and dequeues; at the end the queues are emptied',
  kinds: [
    { f: 'enqueue', share: 1, argument: (_, fresh) => fresh },
    { f: 'dequeue', share: 1, argument: noArgument },
  ],
  checkers: [{ name: 'total-queue' }],
});

/** Elements go in once each and come out; at the end dequeues follow each other until one finds the queue empty. */
export const queue: Workload<ObjectOptions> = {
  ...family,
  final: ({ keys = 1 }) => emptying('dequeue', keys),
};
