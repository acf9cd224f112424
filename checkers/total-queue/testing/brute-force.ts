import { type History, type Json, type OperationPair, operationPairs } from '../../../histories/index.ts';

interface Entered {
  readonly value: string;
  readonly from: number;
  /** Index of the acknowledgement, or undefined. */
  readonly until: number | undefined;
}

/**
 * Whether all that came out can be told by enqueues, each once, and what must have come out by indeterminate dequeues and drains: tried in all
 * ways, for a dozen operations. A history of one queue.
 */
export function isExplained(history: History, drained: boolean): boolean {
  const pairs = operationPairs(history.events);
  const entered = pairs.flatMap(({ invocation, completion }): Entered[] =>
    invocation.f !== 'enqueue' || completion?.type === 'fail'
      ? []
      : [
          {
            value: JSON.stringify(invocation.value),
            from: invocation.index,
            until: completion?.type === 'ok' ? completion.index : undefined,
          },
        ],
  );
  const taken = pairs.flatMap(({ invocation, completion }) => {
    if (invocation.f === 'enqueue' || completion?.type !== 'ok') return [];
    const values = invocation.f === 'drain' ? (completion.value as Json[]) : [completion.value];
    return values
      .filter((value) => value !== null)
      .map((value) => ({ value: JSON.stringify(value), at: completion.index }));
  });
  const unknown = pairs.filter(
    ({ invocation, completion }) =>
      invocation.f !== 'enqueue' && (completion === undefined || completion.type === 'info'),
  );
  const empties = pairs.filter(foundEmpty);

  const deadlineOf = ({ until }: Entered): number | undefined => {
    if (until === undefined) return undefined;
    const later = empties.filter(({ invocation }) => invocation.index > until);
    const ends = later.map(({ completion }) => completion!.index);
    return ends.length > 0 ? Math.min(...ends) : drained ? Number.POSITIVE_INFINITY : undefined;
  };
  const excuse = (left: readonly Entered[], used: ReadonlySet<OperationPair>): boolean => {
    const [first, ...rest] = left;
    if (first === undefined) return true;
    const deadline = deadlineOf(first);
    if (deadline === undefined) return excuse(rest, used);
    return unknown.some((pair) => {
      if (pair.invocation.index >= deadline || used.has(pair)) return false;
      return excuse(rest, pair.invocation.f === 'drain' ? used : new Set([...used, pair]));
    });
  };
  const assign = (nth: number, left: readonly Entered[]): boolean => {
    const item = taken[nth];
    if (item === undefined) return excuse(left, new Set());
    return left.some(
      (enqueue) =>
        enqueue.value === item.value &&
        enqueue.from < item.at &&
        assign(
          nth + 1,
          left.filter((other) => other !== enqueue),
        ),
    );
  };
  return assign(0, entered);
}

function foundEmpty({ invocation, completion }: OperationPair): boolean {
  if (completion?.type === 'ok')
    return invocation.f === 'drain' || (invocation.f === 'dequeue' && completion.value === null);
  return invocation.f === 'dequeue' && completion?.type === 'fail' && completion.error === 'empty';
}
