import type { Generator, Workload } from '../../contract/index.ts';
import { concat } from '../concat.ts';
import { nothing } from '../generator.ts';
import { noArgument, type ObjectOptions, objects } from './objects.ts';

/** Indeterminate dequeues in a row after which a queue is given up at the end. */
const MOST_UNANSWERED = 20;

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
  final({ keys = 1 }) {
    return concat(...Array.from({ length: keys }, (_, key) => emptying(`k${key}`, undefined, 0)));
  },
};

/** `open`: the thread of the dequeue that is under way, one at a time. */
function emptying(key: string, open: number | undefined, unanswered: number): Generator {
  return {
    next(context) {
      const thread = context.free[0];
      if (open !== undefined || thread === undefined) return 'pending';
      return { emit: { f: 'dequeue', key, value: null, thread }, rest: emptying(key, thread, unanswered) };
    },
    update({ type, thread, value }) {
      if (type === 'invoke' || thread !== open) return this;
      if (type === 'ok') return (value ?? null) === null ? nothing : emptying(key, undefined, 0);
      if (type === 'fail' || unanswered + 1 >= MOST_UNANSWERED) return nothing;
      return emptying(key, undefined, unanswered + 1);
    },
  };
}
