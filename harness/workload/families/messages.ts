import { noArgument, objects } from './objects.ts';

/** Conversations: as many reads as messages, since what a device shows is what counts. */
export const messages = objects({
  name: 'messages',
  summary: 'messages sent to conversations, and reads of all that a device shows of one',
  kinds: [
    { f: 'send', share: 1, argument: (_, fresh) => fresh },
    { f: 'read', share: 1, argument: noArgument },
  ],
  finalRead: 'read',
  checkers: [{ name: 'messages' }],
});
