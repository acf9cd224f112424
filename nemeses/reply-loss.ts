import { messageLoss } from './message-loss.ts';

/**
 * The last of the six ways in which a reply goes missing: the request was carried out and its reply is lost.
 * May break: the knowledge of whoever asked; if it asks again, the same thing may be done twice.
 * Must survive: requests, datagrams, connections, all state.
 */
export const replyLoss = messageLoss(
  'reply',
  'reply-loss',
  'a share of the replies of these hosts is lost on the way back',
);
