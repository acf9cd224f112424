import type { OperationPair } from '../../histories/index.ts';
import type { Anomaly } from '../checker.ts';
import { endOfPair } from '../shared/structures.ts';
import { describeOperation, indicesOf, list, ofKey } from '../shared/words.ts';
import type { CounterHistory } from './counter-history.ts';

/** Adds that an explanation lists, and that count as proof; of more than that only the sum is told. */
const MOST_ADDS = 32;

/** A read beyond what the adds allow: above the largest possible value for `sign` 1, below the least for -1. */
export function outOfBounds(
  { key, initial, pairs }: CounterHistory,
  read: OperationPair,
  bound: number,
  sign: 1 | -1,
): Omit<Anomaly, 'name'> {
  const end = read.completion?.index ?? 0;
  const adds = pairs.filter(({ invocation }) => invocation.f === 'add');
  const certain = adds.filter((add) => endOfPair(add) < read.invocation.index && deltaOf(add) * sign < 0);
  const possible = adds.filter((add) => add.invocation.index < end && deltaOf(add) * sign > 0);
  const proof = [...certain, ...possible].length <= MOST_ADDS ? [...certain, ...possible] : [];
  return {
    ...(key !== undefined && { key }),
    explanation: `P${describeOperation(read).slice(1)} cannot be: the counter${ofKey(key)} was ${sign > 0 ? 'at most' : 'at least'} ${bound} then. It began with ${initial}. ${summed(possible, `may have ${moved(sign)} it by then`)} ${summed(certain, `had certainly ${moved(-sign)} it by then`)}`,
    operations: indicesOf([...proof, read]),
    data: { value: read.completion?.value ?? null, [sign > 0 ? 'atMost' : 'atLeast']: bound },
  };
}

/** Two reads, one over before the other was invoked, with a difference that the adds do not allow. */
export function inconsistentReads(
  { key, pairs }: CounterHistory,
  earlier: OperationPair,
  read: OperationPair,
  bound: number,
  sign: 1 | -1,
): Omit<Anomaly, 'name'> {
  const end = read.completion?.index ?? 0;
  const over = earlier.completion?.index ?? 0;
  const adds = pairs.filter(({ invocation }) => invocation.f === 'add');
  const certain = adds.filter(
    (add) => deltaOf(add) * sign < 0 && add.invocation.index > over && endOfPair(add) < read.invocation.index,
  );
  const possible = adds.filter(
    (add) =>
      deltaOf(add) * sign > 0 && add.invocation.index < end && endOfPair(add) > earlier.invocation.index,
  );
  const proof = [...certain, ...possible].length <= MOST_ADDS ? [...certain, ...possible] : [];
  return {
    ...(key !== undefined && { key }),
    explanation: `${describeOperation(earlier)} was over before ${describeOperation(read)} was invoked, so the second read of the counter${ofKey(key)} had to return ${sign > 0 ? 'at most' : 'at least'} ${bound}. ${summed(possible, `may have ${moved(sign)} it in between`)} ${summed(certain, `certainly ${moved(-sign)} it in between`)}`,
    operations: indicesOf([...proof, earlier, read]),
    data: { value: read.completion?.value ?? null, [sign > 0 ? 'atMost' : 'atLeast']: bound },
  };
}

function moved(sign: number): string {
  return sign > 0 ? 'raised' : 'lowered';
}

/** `Adds that <what>: 5 in all (...).`, or `No add <what>.` */
function summed(adds: readonly OperationPair[], what: string): string {
  if (adds.length === 0) return `No add ${what}.`;
  const sum = adds.reduce((total, add) => total + deltaOf(add), 0);
  return `Adds that ${what}: ${sum} in all (${list(adds.map(describeOperation))}).`;
}

function deltaOf({ invocation }: OperationPair): number {
  return invocation.value as number;
}
