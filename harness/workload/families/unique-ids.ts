import { noArgument, objects } from './objects.ts';

/** Nothing but requests for ids. */
export const uniqueIds = objects({
  name: 'unique-ids',
  summary: 'requests for ids that nobody else gets',
  kinds: [{ f: 'generate', share: 1, argument: noArgument }],
  checkers: [{ name: 'unique-ids' }],
});
