import type { Json } from '../../histories/index.ts';
import type { Checker } from '../checker.ts';
import { finalFrom } from '../shared/final-reads.ts';
import { Reports } from '../shared/reports.ts';
import { HARMLESS_OPTION, type HarmlessOption, structuresOf } from '../shared/structures.ts';
import { timelessReason } from '../shared/timeless.ts';
import { isBeyond } from '../shared/timeline.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { conversationOf } from './conversation.ts';
import { judgeEnd } from './end.ts';
import { judgeOrder } from './order.ts';
import { judgeSessions } from './sessions.ts';

export interface MessagesOptions extends HarmlessOption {
  /** Judge losses also of a system that does not claim durability. */
  readonly unclaimed?: boolean;
}

/**
 * Conversations of several devices: `send` message, `read` -> [message...] in the order in which the device shows them. A device is named by the `node` of its completions, else it is a process.
 * - `phantom`: a message is shown that nobody had tried to send before the read was over; `duplicate`: one is shown twice;
 * - `device-order`: a message is shown without the one that its device had sent before it, or before that one;
 * - `causal-order`: a message is shown without one that its sender had been shown, or before that one;
 * - `own-missing`: a device does not show what it has sent; `vanished`: it no longer shows what it has shown;
 * - `reordered`: two messages are shown in one order here and in the other one there, judged by the longest read at the end;
 * - `lost`: at the end no device shows an acknowledged message; `diverged`: some do and some do not.
 *
 * Losses are not judged where the system claims no durability, nor divergence where the plan may exceed its tolerance. Conversations in which a message was sent twice are not judged. Unknown if
 * there are none left, nothing was acknowledged, or nothing was read at the end.
 */
export const messages: Checker<MessagesOptions> = {
  name: 'messages',
  summary:
    'conversations of several devices: each one’s order, cause before effect, and agreement at the end',
  cost: 'linear in the lengths of all reads, times the sessions',
  options: {
    type: 'object',
    properties: {
      unclaimed: {
        description: 'judge losses also of a system that does not claim durability',
        type: 'boolean',
        default: false,
      },
      ...HARMLESS_OPTION,
    },
    additionalProperties: false,
  },
  check(history, options) {
    const { structures, figures, reason } = structuresOf(history, ['send', 'read'], options);
    const timeless = timelessReason(history);
    if (timeless !== undefined) return verdictOf(this.name, { anomalies: [], reason: timeless }, figures);
    const from = finalFrom(history);
    const reports = new Reports();
    const counts = { sent: 0, acknowledged: 0, reads: 0, finalReads: 0, keysReadAtEnd: 0 };
    let repeated = 0;
    for (const structure of structures) {
      const conversation = conversationOf(structure);
      if (conversation === undefined) {
        repeated++;
        continue;
      }
      const final = conversation.readings.filter(({ pair }) => pair.invocation.index >= from);
      const sends = conversation.messages.flatMap(({ send }) => (send === undefined ? [] : [send]));
      const acknowledged = sends.filter(({ completion }) => completion?.type === 'ok').length;
      counts.sent += sends.length;
      counts.acknowledged += acknowledged;
      counts.reads += conversation.readings.length;
      counts.finalReads += final.length;
      if (final.length > 0 && acknowledged > 0) counts.keysReadAtEnd++;
      judgeOrder(conversation, final, reports);
      judgeSessions(conversation, reports);
      const losses = options.unclaimed === true || history.header.claims?.durability !== false;
      judgeEnd(conversation, final, { losses, divergence: !isBeyond(history) }, reports);
    }
    const told: { [name: string]: Json } = { ...figures, ...counts, ...(repeated > 0 && { repeated }) };
    const why = reason ?? missing(counts, repeated);
    return verdictOf(
      this.name,
      { anomalies: reports.anomalies, ...(why !== undefined && { reason: why }) },
      told,
    );
  },
};

function missing(
  counts: { readonly sent: number; readonly acknowledged: number; readonly keysReadAtEnd: number },
  repeated: number,
): string | undefined {
  if (counts.sent === 0 && repeated > 0) return 'in every conversation a message was sent twice';
  if (counts.acknowledged === 0) return 'no send was acknowledged';
  return counts.keysReadAtEnd > 0
    ? undefined
    : 'no conversation with an acknowledged message was read at the end';
}
