import {
  type HistoryEvent,
  isOperation,
  type Json,
  type Operation,
  type OperationPair,
} from '../../histories/index.ts';
import type { Anomaly } from '../checker.ts';
import { describeOperation, indicesOf, inWords, list, seconds, whatOf } from '../shared/words.ts';
import type { SearchLimits } from './configurations.ts';
import type { Part } from './parts.ts';
import { findPossibilities, type Possibilities } from './possibilities.ts';
import type { KeyCalls } from './preparation.ts';

/** How many operations before the unplaceable one an order is shown with. */
const TAIL = 5;

/**
 * Says in words why the operation has no place: which states the object can have been in while it was open, and an order of the
 * operations that leads to each. Every order shown has been found and replayed; that the list of states is complete is
 * said only where each other one has been ruled out by a search.
 */
export function explain(
  { calls, model, initial }: Part,
  operation: number,
  events: readonly HistoryEvent[],
  limits: SearchLimits,
): Anomaly {
  const found = findPossibilities(calls, operation, model, { initial }, limits);
  const pair = pairOf(calls, operation, events);
  const open = found.open.map((n) => pairOf(calls, n, events));
  const orders = found.possible.map(({ order }) =>
    order?.slice(-TAIL * 4 - 1).map((n) => pairOf(calls, n, events)),
  );
  const shown = [pair, ...open, ...orders.flatMap((order) => order?.slice(-2) ?? [])];
  return {
    name: 'nonlinearizable',
    ...(calls.key === undefined ? {} : { key: calls.key }),
    explanation: inSentences(pair, calls, found, orders, open),
    operations: indicesOf(shown),
    data: {
      operation: asData(pair),
      exhaustive: found.exhaustive,
      states: found.possible.map(({ state }, i) => ({
        state,
        ...(orders[i] && { order: orders[i].slice(-TAIL * 4).map(asData) }),
      })),
      open: open.map(asData),
    },
  };
}

function inSentences(
  pair: OperationPair,
  calls: KeyCalls,
  found: Possibilities,
  orders: readonly (readonly OperationPair[] | undefined)[],
  open: readonly OperationPair[],
): string {
  const { invocation, completion } = pair;
  const subject = calls.subject ?? (calls.key === undefined ? 'the object' : String(calls.key));
  const brief = calls.inWords ?? inBrief;
  const states = list(
    found.possible.map(({ state }) => brief(state)),
    8,
  ).replace(/ and (?=[^ ]*$)/, ' or ');
  const when = `(operations ${invocation.index} and ${completion!.index}, ${seconds(invocation.time)} - ${seconds(completion!.time)})`;
  const sentences = [
    `Process ${invocation.process}: ${whatOf(pair)} ${when} has no place in any order of the operations that keeps to real time.`,
  ];
  if (found.nobody) sentences.push(`Nobody wrote ${inWords(found.needed!)} before it completed.`);
  if (found.possible.length > 0) {
    sentences.push(
      found.exhaustive
        ? `Every order leaves ${subject} at ${states} wherever it could have taken effect:`
        : `Orders were found that leave ${subject} at ${states} where it could have taken effect; none was found in which it fits:`,
    );
    const lines = found.possible
      .slice(0, 4)
      .flatMap((one, i) => (orders[i] ? `${brief(one.state)} after ${tail(orders[i])}` : []));
    sentences.push(`${lines.join('; ')}.`);
  }
  if (open.length > 0) sentences.push(`Open when it completed: ${list(open.map(describeOperation))}.`);
  return sentences.join(' ');
}

/** As `inWords`, but long strings keep their ends: what was appended last tells them apart. */
function inBrief(state: Json): string {
  const text = JSON.stringify(state);
  return typeof state === 'string' && text.length > 60 ? `"...${text.slice(-50)}` : inWords(state);
}

function tail(order: readonly OperationPair[]): string {
  const happened = order.filter(({ completion }) => completion?.type !== 'fail');
  if (happened.length === 0) return 'no operation at all';
  const steps = happened.slice(-TAIL).map((one) => `${whatOf(one)} by process ${one.invocation.process}`);
  return `${happened.length > TAIL ? '..., ' : ''}${steps.join(', ')}`;
}

export function pairOf(calls: KeyCalls, n: number, events: readonly HistoryEvent[]): OperationPair {
  const invocation = events[calls.invoked[n]!] as Operation;
  const completion = events[calls.completed[n]!];
  return completion !== undefined && isOperation(completion) ? { invocation, completion } : { invocation };
}

export function asData({ invocation, completion }: OperationPair): Json {
  const { index, process, f, value, time } = invocation;
  const until =
    completion === undefined
      ? null
      : { index: completion.index, type: completion.type, time: completion.time, value: completion.value };
  return { index, process, f, value, time, completion: until };
}
