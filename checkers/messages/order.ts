import type { OperationPair } from '../../histories/index.ts';
import type { Reports } from '../shared/reports.ts';
import { describeOperation, indicesOf, inWords, ofKey } from '../shared/words.ts';
import { type Conversation, type Reading, sessionOf } from './conversation.ts';

/** What each read shows by itself, and the order that all of them share. */
export function judgeOrder(conversation: Conversation, final: readonly Reading[], reports: Reports): void {
  const longest = (final.length > 0 ? final : conversation.readings).reduce<Reading | undefined>(
    (most, reading) => (most === undefined || reading.shown.length > most.shown.length ? reading : most),
    undefined,
  );
  const order = longest && positionsOf(longest);
  for (const reading of conversation.readings) {
    judgePhantoms(conversation, reading, reports);
    const positions = positionsOf(reading);
    const twice = reading.shown.find((message, at) => positions.get(message) !== at);
    if (twice !== undefined) {
      reports.add('duplicate', () => ({
        ...common(conversation),
        explanation: `${describeOperation(reading.pair)} shows ${named(conversation, twice)} twice.`,
        operations: indicesOf([reading.pair]),
      }));
    }
    judgeBefore(conversation, reading, positions, reports);
    if (longest !== undefined && order !== undefined)
      judgeSameOrder(conversation, reading, longest, order, reports);
  }
}

/** The last place of each message. */
function positionsOf({ shown }: Reading): Map<number, number> {
  return new Map(shown.map((message, at) => [message, at]));
}

function judgePhantoms(conversation: Conversation, { pair, shown }: Reading, reports: Reports): void {
  for (const message of shown) {
    const { send } = conversation.messages[message]!;
    const isPossible =
      send !== undefined && send.completion?.type !== 'fail' && send.invocation.index < pair.completion.index;
    if (isPossible) continue;
    const why =
      send === undefined
        ? 'nobody ever tried to send it'
        : send.completion?.type === 'fail'
          ? `the only one who tried to send it certainly failed: ${describeOperation(send)}`
          : `it was sent only later: ${describeOperation(send)}`;
    reports.add('phantom', () => ({
      ...common(conversation),
      explanation: `${describeOperation(pair)} shows ${named(conversation, message)}, but ${why}.`,
      operations: indicesOf(send === undefined ? [pair] : [send, pair]),
    }));
  }
}

/** Cause before effect. */
function judgeBefore(
  conversation: Conversation,
  { pair, shown }: Reading,
  positions: ReadonlyMap<number, number>,
  reports: Reports,
): void {
  for (const [at, message] of shown.entries()) {
    const { before, send } = conversation.messages[message]!;
    const cause = before.find((earlier) => (positions.get(earlier) ?? at) >= at && earlier !== message);
    if (cause === undefined || send === undefined) continue;
    const first = conversation.messages[cause]!.send;
    const isOwn = first !== undefined && sessionOf(first) === sessionOf(send);
    const how = positions.has(cause) ? 'before it' : 'without it';
    const operations = [first, send, pair].filter((each): each is OperationPair => each !== undefined);
    reports.add(isOwn ? 'device-order' : 'causal-order', () => ({
      ...common(conversation),
      explanation: `${named(conversation, message)} was sent (${describeOperation(send)}) by a device that had ${isOwn ? 'sent' : 'been shown'} ${named(conversation, cause)} before. But ${describeOperation(pair)} shows the one ${how}.`,
      operations: indicesOf(operations),
    }));
    return;
  }
}

function judgeSameOrder(
  conversation: Conversation,
  { pair, shown }: Reading,
  longest: Reading,
  order: ReadonlyMap<number, number>,
  reports: Reports,
): void {
  let last: number | undefined;
  for (const message of shown) {
    const place = order.get(message);
    if (place === undefined) continue;
    if (last !== undefined && order.get(last)! > place) {
      const other = last;
      reports.add('reordered', () => ({
        ...common(conversation),
        explanation: `${describeOperation(pair)} shows ${named(conversation, other)} before ${named(conversation, message)}, but ${describeOperation(longest.pair)} shows them the other way round.`,
        operations: indicesOf([pair, longest.pair]),
      }));
      return;
    }
    last = message;
  }
}

function named({ messages, key }: Conversation, message: number): string {
  return `${inWords(messages[message]!.value)}${ofKey(key)}`;
}

function common({ key }: Conversation) {
  return key === undefined ? {} : { key };
}
