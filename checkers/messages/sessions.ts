import type { OperationPair } from '../../histories/index.ts';
import type { Reports } from '../shared/reports.ts';
import { endOfPair } from '../shared/structures.ts';
import { describeOperation, indicesOf, inWords, ofKey } from '../shared/words.ts';
import { type Conversation, type Reading, sessionOf } from './conversation.ts';

/** A device goes on showing what it has sent, and what it has shown. */
export function judgeSessions(conversation: Conversation, reports: Reports): void {
  const { messages, key } = conversation;
  const common = key === undefined ? {} : { key };
  const sendsOf = new Map<string, { readonly message: number; readonly send: OperationPair }[]>();
  messages.forEach(({ send }, message) => {
    if (send?.completion?.type !== 'ok') return;
    const session = sessionOf(send);
    sendsOf.set(session, [...(sendsOf.get(session) ?? []), { message, send }]);
  });
  const lastOf = new Map<string, Reading>();
  const inOrder = [...conversation.readings].sort(
    (a, b) => a.pair.completion.index - b.pair.completion.index,
  );
  for (const reading of inOrder) {
    const { pair, session } = reading;
    const shown = new Set(reading.shown);
    const own = (sendsOf.get(session) ?? []).find(
      ({ message, send }) => endOfPair(send) < pair.invocation.index && !shown.has(message),
    );
    if (own !== undefined) {
      reports.add('own-missing', () => ({
        ...common,
        explanation: `${describeOperation(pair)} does not show ${inWords(messages[own.message]!.value)}${ofKey(key)}, which the same device had sent before (${describeOperation(own.send)}).`,
        operations: indicesOf([own.send, pair]),
      }));
    }
    const last = lastOf.get(session);
    const gone =
      last !== undefined && last.pair.completion.index < pair.invocation.index
        ? last.shown.find((message) => !shown.has(message))
        : undefined;
    if (gone !== undefined && last !== undefined) {
      reports.add('vanished', () => ({
        ...common,
        explanation: `${describeOperation(pair)} no longer shows ${inWords(messages[gone]!.value)}${ofKey(key)}, which the same device had shown before (${describeOperation(last.pair)}).`,
        operations: indicesOf([last.pair, pair]),
      }));
    }
    lastOf.set(session, reading);
  }
}
