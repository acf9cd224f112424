import { noArgument, objects } from './objects.ts';

/** Elements are added once each, and the whole set is read: seldom, since a read is as long as the set. */
export const set = objects({
  name: 'set',
  summary: 'adds of unique elements to sets, and reads of whole sets',
  kinds: [
    { f: 'add', share: 4, argument: (_, fresh) => fresh },
    { f: 'read', share: 1, argument: noArgument },
  ],
  finalRead: 'read',
  checkers: [{ name: 'set-full' }],
});
