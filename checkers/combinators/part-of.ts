import {
  type History,
  type HistoryEvent,
  isObservation,
  isOperation,
  type Operation,
  type OperationPair,
} from '../../histories/index.ts';
import { pairsOf } from '../shared/pairs.ts';

/** A part of a history. What is absent selects everything. */
export interface Part {
  /** Nanoseconds: complete (or, for checkers that judge each operation for itself, invoked) then or later. */
  readonly from?: number;
  /** Nanoseconds: before that. */
  readonly until?: number;
  readonly processes?: readonly number[];
  /** Operations on these keys; those without a key are not of the part. */
  readonly keys?: readonly (string | number)[];
  readonly f?: readonly string[];
}

export interface PartOfHistory {
  readonly history: History;
  /** Operations of the part. */
  readonly kept: number;
  /** Operations that are not. */
  readonly cut: number;
}

/**
 * See `only`. Indices stay those of the whole history. Cost: linear.
 * @throws HistoryError if invocations and completions do not pair up.
 */
export function partOf(history: History, part: Part, leaveOut: boolean): PartOfHistory {
  const isOf = selector(part);
  const within = (time: number): boolean =>
    time >= (part.from ?? Number.NEGATIVE_INFINITY) && time < (part.until ?? Number.POSITIVE_INFINITY);
  const lines = new Map<number, Operation | undefined>();
  const lastOf = new Map<number, number>();
  const pairs = pairsOf(history);
  const kept = (pair: OperationPair): boolean => {
    if (!isOf(pair.invocation)) return false;
    if (leaveOut) return within(pair.invocation.time);
    return pair.completion !== undefined && within(pair.completion.time);
  };
  for (const { invocation } of pairs) lastOf.set(invocation.process, invocation.index);
  let free = 1 + pairs.reduce((most, { invocation }) => Math.max(most, invocation.process), -1);
  let cut = 0;
  for (const pair of pairs) {
    if (kept(pair)) continue;
    cut++;
    const { invocation, completion } = pair;
    if (completion !== undefined) lines.set(completion.index, undefined);
    if (leaveOut || completion?.type === 'fail') lines.set(invocation.index, undefined);
    else if (lastOf.get(invocation.process) !== invocation.index)
      lines.set(invocation.index, { ...invocation, process: free++ });
  }
  const events: HistoryEvent[] = [];
  for (const event of history.events) {
    if (isOperation(event)) {
      const line = lines.has(event.index) ? lines.get(event.index) : event;
      if (line !== undefined) events.push(line);
    } else if (!isObservation(event) || within(event.time)) events.push(event);
  }
  return { history: { ...history, events }, kept: pairs.length - cut, cut };
}

function selector({ processes, keys, f }: Part): (operation: Operation) => boolean {
  const [processSet, keySet, fSet] = [processes, keys, f].map((list) => list && new Set<unknown>(list));
  return ({ process, key, f: name }) =>
    (processSet === undefined || processSet.has(process)) &&
    (keySet === undefined || keySet.has(key)) &&
    (fSet === undefined || fSet.has(name));
}
