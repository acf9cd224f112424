import { noArgument, objects } from './objects.ts';

/** Few enough that elements are removed and added again. */
const ELEMENTS = 20;

const read = { f: 'read', share: 1, argument: noArgument };

/** Sets of replicas that need not agree at once. */
export const crdtSet = objects({
  name: 'crdt-set',
  summary: 'adds and removes of elements of sets, and reads, judged when replicas have settled',
  kinds: [
    { f: 'add', share: 4, argument: (random) => random.integer(1, ELEMENTS) },
    { f: 'remove', share: 2, argument: (random) => random.integer(1, ELEMENTS) },
    read,
  ],
  finalRead: 'read',
  checkers: [{ name: 'crdt-set' }],
});

/** Counters of replicas that need not agree at once. */
export const crdtCounter = objects({
  name: 'crdt-counter',
  summary: 'adds of -5 to 5 to counters, and reads, judged when replicas have settled',
  kinds: [{ f: 'add', share: 2, argument: (random) => random.integer(-5, 5) }, read],
  finalRead: 'read',
  checkers: [{ name: 'crdt-counter' }],
});
