import { messageLoss } from './message-loss.ts';

/**
 * The first of the six ways in which a reply goes missing: requests to the targeted hosts are lost on their way.
 * May break: requests that are not repeated. They certainly have no effect, but who asks cannot know that.
 * Must survive: replies, datagrams, connections, all state.
 */
export const requestLoss = messageLoss(
  'request',
  'request-loss',
  'a share of the requests to these hosts is lost on the way',
);
