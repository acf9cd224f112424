import {
  type History,
  type HistoryEvent,
  type Json,
  type Operation,
  pairOperations,
} from '../../histories/index.ts';

import { UncheckableHistory } from '../linearizable/pairing.ts';
import { int32s, uint8s } from './arrays.ts';

/** It certainly happened. */
export const OK = 0;
/** It may have happened, and may still happen at any later time. */
export const INDETERMINATE = 1;
/** It certainly did not happen. */
export const FAILED = 2;

/** The transactions of a history, numbered in the order of invocation. */
export interface TransactionTable {
  readonly count: number;
  /** Whether the order of the events says anything about real time. */
  readonly realtime: boolean;
  /** Events of the whole history. */
  readonly events: number;
  /** Operations of clients whose value is no list of micro-operations, and which therefore play no part. */
  readonly others: number;
  /** `OK`, `INDETERMINATE` or `FAILED`. */
  readonly outcome: Uint8Array;
  /** Position of the invocation among the events. */
  readonly invokedAt: Int32Array;
  /** Position of the completion, -1 if there is none. */
  readonly completedAt: Int32Array;
  invocation(transaction: number): Operation;
  completion(transaction: number): Operation | undefined;
  processOf(transaction: number): number;
  /** The list of micro-operations: as completed if that is known, otherwise as invoked. */
  valueOf(transaction: number): Json;
}

/** Reads an operation of another kind as a transaction: its micro-operations, or `undefined` if it is none. */
type Single = (invocation: Operation, completion: Operation | undefined) => Json | undefined;

/**
 * Finds the transactions: operations named `txn`, any other whose invocation carries a list of lists, and those that `single` understands.
 * Cost: linear. @throws HistoryError if invocations and completions do not pair up; UncheckableHistory if the transactions have
 * several keys, as those of independent stores do.
 */
export function transactionsOf(history: History, single: Single = () => undefined): TransactionTable {
  const { events } = history;
  const { invocations, completionOf } = pairOperations(events);
  const size = invocations.length;
  const outcome = uint8s(size);
  const invokedAt = int32s(size);
  const completedAt = int32s(size);
  let count = 0;
  let first: Operation | undefined;
  for (let i = 0; i < size; i++) {
    const at = invocations[i]!;
    const operation = operationAt(events, at);
    if (isTransaction(operation)) {
      first ??= operation;
      if (operation.key !== first.key) throw severalStores(first, operation);
    } else if (single(operation, undefined) === undefined) {
      continue;
    }
    const end = completionOf[at]!;
    invokedAt[count] = at;
    completedAt[count] = end;
    outcome[count] = end < 0 ? INDETERMINATE : OUTCOMES[operationAt(events, end).type];
    count++;
  }
  const invocation = (t: number): Operation => operationAt(events, invokedAt[t]!);
  const completion = (t: number): Operation | undefined =>
    completedAt[t]! < 0 ? undefined : operationAt(events, completedAt[t]!);
  return {
    count,
    realtime: history.header.realtime !== false,
    events: events.length,
    others: size - count,
    outcome: outcome.subarray(0, count),
    invokedAt: invokedAt.subarray(0, count),
    completedAt: completedAt.subarray(0, count),
    invocation,
    completion,
    processOf: (t) => invocation(t).process,
    valueOf: (t) => {
      const known = outcome[t] === OK ? operationAt(events, completedAt[t]!) : undefined;
      const began = invocation(t);
      return isTransaction(began) ? (known ?? began).value : (single(began, known) ?? null);
    },
  };
}

function severalStores(first: Operation, other: Operation): UncheckableHistory {
  const key = (operation: Operation): string =>
    operation.key === undefined ? 'none' : JSON.stringify(operation.key);
  return new UncheckableHistory(
    `operation ${other.index}: expected transactions of one store, got the key ${key(other)} beside ${key(first)} (operation ${first.index}): each key is to be judged for itself`,
  );
}

const OUTCOMES = { invoke: INDETERMINATE, ok: OK, info: INDETERMINATE, fail: FAILED } as const;

function operationAt(events: readonly HistoryEvent[], at: number): Operation {
  return events[at] as Operation;
}

function isTransaction({ f, value }: Operation): boolean {
  if (f === 'txn') return true;
  return Array.isArray(value) && value.length > 0 && value.every((item: Json) => Array.isArray(item));
}
