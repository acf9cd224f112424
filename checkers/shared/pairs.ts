import {
  type History,
  type HistoryEvent,
  type OperationPair,
  operationPairs,
} from '../../histories/index.ts';

const known = new WeakMap<readonly HistoryEvent[], readonly OperationPair[]>();

/**
 * The history's operations, in the order of invocation. Several checkers ask for them, so they are kept as long as the history.
 * Cost: linear, once. @throws HistoryError as `operationPairs` does.
 */
export function pairsOf({ events }: History): readonly OperationPair[] {
  let pairs = known.get(events);
  if (pairs === undefined) {
    pairs = operationPairs(events);
    known.set(events, pairs);
  }
  return pairs;
}
