import { type History, isOperation, type Json, operationPairs } from '../../../histories/index.ts';

type Micro = readonly [f: string, key: string, value: Json];

/**
 * Whether the writing transactions, of the indeterminate ones any, can be put in one order such that every acknowledged read shows
 * the state after some of the first of them. By trying all orders. `ascending`: only those in which the values of each key ascend.
 */
export function someOrderExplains(history: History, ascending: boolean): boolean {
  const pairs = operationPairs(history.events.filter(isOperation));
  const micros = (value: Json): readonly Micro[] => value as readonly Json[] as readonly Micro[];
  const writers = pairs.filter(
    ({ invocation, completion }) => completion?.type !== 'fail' && micros(invocation.value)[0]![0] === 'w',
  );
  const reads = pairs
    .filter(
      ({ invocation, completion }) => completion?.type === 'ok' && micros(invocation.value)[0]![0] === 'r',
    )
    .map(({ completion }) => micros(completion!.value));
  const shown = (state: ReadonlyMap<string, Json>): number[] =>
    reads.flatMap((read, i) =>
      read.every(([, key, value]) => (state.get(key) ?? null) === value) ? [i] : [],
    );

  const search = (
    state: ReadonlyMap<string, Json>,
    done: number,
    explained: ReadonlySet<number>,
  ): boolean => {
    const now = new Set([...explained, ...shown(state)]);
    const missing = writers.some(({ completion }, i) => completion?.type === 'ok' && !(done & (1 << i)));
    if (!missing && now.size === reads.length) return true;
    return writers.some(({ invocation }, i) => {
      if (done & (1 << i)) return false;
      const next = new Map(state);
      for (const [, key, value] of micros(invocation.value)) {
        if (ascending && Number(next.get(key) ?? 0) >= Number(value)) return false;
        next.set(key, value);
      }
      return search(next, done | (1 << i), now);
    });
  };
  return search(new Map(), 0, new Set());
}
