import { noArgument, objects } from './objects.ts';

/** Clients stand for election, again and again; what they are told is the term in which they lead. */
export const election = objects({
  name: 'election',
  summary: 'candidatures, each of which says in which term the client leads',
  kinds: [{ f: 'elect', share: 1, argument: noArgument }],
  checkers: [{ name: 'leader-election' }],
  competitive: true,
});
