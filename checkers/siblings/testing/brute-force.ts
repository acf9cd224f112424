import { type History, type Json, type OperationPair, operationPairs } from '../../../histories/index.ts';

type Put = { readonly pair: OperationPair; readonly value: Json; readonly seen: readonly Json[] };

/**
 * The definition, by trying every set of puts that may have taken effect before each get: a get shows those of its set that no other one of it supersedes. Sets contain what
 * their members had seen. At the end they contain what was acknowledged before, and grow from get to get. For one key, and final gets one after the other.
 */
export function isExplainedByPuts(history: History): boolean {
  const pairs = operationPairs(history.events);
  const puts = pairs
    .filter(({ invocation, completion }) => invocation.f === 'put' && completion?.type !== 'fail')
    .map((pair): Put => {
      const [value, seen] = pair.invocation.value as readonly [Json, readonly Json[]];
      return { pair, value, seen };
    });
  const gets = pairs.filter(
    ({ invocation, completion }) => invocation.f === 'get' && completion?.type === 'ok',
  );
  const explanations = (get: OperationPair): Set<Json>[] =>
    subsets(puts.filter(({ pair }) => pair.invocation.index < get.completion!.index)).flatMap((chosen) => {
      const values = new Set(chosen.map(({ value }) => value));
      const isClosed = chosen.every(({ seen }) => seen.every((value) => values.has(value)));
      return isClosed && isSame(maximal(chosen), get.completion!.value as readonly Json[]) ? [values] : [];
    });
  const isFinal = ({ invocation }: OperationPair) => invocation.phase === 'final';
  if (gets.some((get) => !isFinal(get) && explanations(get).length === 0)) return false;
  let possible: Set<Json>[] = [new Set()];
  for (const get of gets.filter(isFinal)) {
    const certain = puts.filter(
      ({ pair }) => pair.completion?.type === 'ok' && pair.completion.index < get.invocation.index,
    );
    possible = explanations(get).filter(
      (values) =>
        certain.every(({ value }) => values.has(value)) &&
        possible.some((before) => [...before].every((value) => values.has(value))),
    );
  }
  return possible.length > 0;
}

function maximal(puts: readonly Put[]): Json[] {
  const superseded = new Set<Json>();
  const visit = (put: Put): void => {
    for (const value of put.seen) {
      superseded.add(value);
      const seen = puts.find((other) => other.value === value);
      if (seen !== undefined && seen !== put) visit(seen);
    }
  };
  for (const put of puts) visit(put);
  return puts.map(({ value }) => value).filter((value) => !superseded.has(value));
}

const isSame = (a: readonly Json[], b: readonly Json[]): boolean =>
  a.length === b.length && a.every((value) => b.includes(value)) && b.every((value) => a.includes(value));

function subsets<T>(items: readonly T[]): T[][] {
  const [first, ...rest] = items;
  if (first === undefined) return [[]];
  const without = subsets(rest);
  return [...without, ...without.map((subset) => [first, ...subset])];
}
