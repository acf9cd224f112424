import { noArgument, objects } from './objects.ts';

const read = { f: 'read', share: 1, argument: noArgument };
const checkers = [{ name: 'counter' }];

/** Counters that only grow. */
export const counter = objects({
  name: 'counter',
  summary: 'adds of 1 to 5 to counters, and reads',
  kinds: [{ f: 'add', share: 1, argument: (random) => random.integer(1, 5) }, read],
  finalRead: 'read',
  checkers,
});

/** Counters that go up and down. */
export const pnCounter = objects({
  name: 'pn-counter',
  summary: 'adds of -5 to 5 to counters, and reads',
  kinds: [{ f: 'add', share: 1, argument: (random) => random.integer(-5, 5) }, read],
  finalRead: 'read',
  checkers,
});
