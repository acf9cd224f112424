import {
  type History,
  type HistoryEvent,
  isOperation,
  type Json,
  type Operation,
} from '../../histories/index.ts';
import { UncheckableHistory } from '../linearizable/pairing.ts';
import { inWords } from '../shared/words.ts';

export type Key = string | number;

/** The operations of each key, in order of first appearance; those without one under `undefined`. */
export type OperationsByKey = Map<Key | undefined, Operation[]>;

/**
 * Splits the operations by their key. With `tagged`, the key is in the value, `[key, value]`, as Jepsen's `independent` writes it, and is taken out; a
 * completion with another value belongs to its invocation's key all the same. Cost: linear.
 *
 * @throws UncheckableHistory for an invocation whose value is not `[key, value]`, if so it should be.
 */
export function splitByKey({ events }: History, tagged: boolean): OperationsByKey {
  const keys: OperationsByKey = new Map();
  const open = new Map<number, Key>();
  for (const event of events) {
    if (!isOperation(event)) continue;
    const operation = tagged ? untagged(event, open) : event;
    const of = keys.get(operation.key);
    if (of === undefined) keys.set(operation.key, [operation]);
    else of.push(operation);
  }
  return keys;
}

function untagged(operation: Operation, open: Map<number, Key>): Operation {
  const { process, value } = operation;
  if (operation.type === 'invoke') {
    if (!isPair(value)) {
      throw new UncheckableHistory(
        `operation ${operation.index}: expected a value [key, value] whose key is a text or a number, got ${inWords(value)}`,
      );
    }
    open.set(process, value[0]);
    return { ...operation, key: value[0], value: value[1] };
  }
  const key = open.get(process);
  if (key === undefined) {
    throw new UncheckableHistory(
      `operation ${operation.index}: process ${process} completes (${operation.type}) what it has not invoked`,
    );
  }
  open.delete(process);
  return { ...operation, key, value: isPair(value) && value[0] === key ? value[1] : value };
}

function isPair(value: Json): value is readonly [Key, Json] {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    (typeof value[0] === 'string' || typeof value[0] === 'number')
  );
}

/** Two parts of a history, each in the order of their indices, as one. Cost: linear. */
export function merge(some: readonly HistoryEvent[], others: readonly HistoryEvent[]): HistoryEvent[] {
  if (others.length === 0) return [...some];
  const all: HistoryEvent[] = [];
  let next = 0;
  for (const event of some) {
    while (next < others.length && others[next]!.index < event.index) all.push(others[next++]!);
    all.push(event);
  }
  while (next < others.length) all.push(others[next++]!);
  return all;
}
