import type { Json, OperationPair } from '../../histories/index.ts';
import type { Anomaly } from '../checker.ts';
import { describeOperation, indicesOf, inWords, list, ofKey, plural } from '../shared/words.ts';
import type { SetEvidence, SetRead, Stranger } from './evidence.ts';
import type { Contradiction } from './linearizability.ts';

/** An anomaly without its name. */
type Explained = Omit<Anomaly, 'name'>;

/** Elements that are listed in an anomaly's data; the count is there for the others. */
const MOST_LISTED = 32;

/** Elements that the same read proves to be lost (or stale): one anomaly, told by the first of them. */
export function missing(
  set: SetEvidence,
  name: 'lost' | 'stale-read',
  read: SetRead,
  elements: readonly number[],
): Explained {
  const { ids, adds, reads } = set;
  const element = elements[0]!;
  const value = inWords(ids.values[element]!);
  const add = adds[set.acknowledged[element]!];
  const seen = reads[name === 'lost' ? set.lastSeen[element]! : set.firstSeen[element]!];
  const tried = adds[set.firstAdd[element]!]!;
  const origin = [
    add === undefined
      ? `Somebody tried to add ${value} to the set${ofKey(set.key)} (${describeOperation(tried)}),`
      : `${value} was added to the set${ofKey(set.key)} (${describeOperation(add)}),`,
    seen === undefined
      ? 'and no read ever saw it.'
      : `and ${describeOperation(seen)} was the ${name === 'lost' ? 'last' : 'first'} read to see it.`,
  ];
  const others = elements.slice(1).map((id) => inWords(ids.values[id]!));
  const also = others.length === 0 ? [] : [`The same goes for ${list(others)}.`];
  const proof =
    name === 'lost'
      ? `But ${describeOperation(read)}, invoked after ${seen === undefined || add === undefined ? 'that' : 'both'}, lacks it: it is lost.`
      : `But ${describeOperation(read)}, invoked after ${add !== undefined && seen !== undefined && seen.completion.index > read.invocation.index ? 'the add was acknowledged' : 'that'}, lacks it: the read is stale.`;
  return {
    ...(set.key !== undefined && { key: set.key }),
    explanation: [...origin, proof, ...also].join(' '),
    operations: indicesOf([add ?? tried, ...(seen === undefined ? [] : [seen]), read]),
    data: {
      elements: elements.slice(0, MOST_LISTED).map((id) => ids.values[id]!),
      count: elements.length,
    },
  };
}

/** A value that was read though nobody tried to add it. */
export function stranger(set: SetEvidence, { value, first, reads }: Stranger): Explained {
  return phantom(set, value, first, [], 'nobody ever tried to add it', reads);
}

/** An element that was read though all its adds failed, or before any of them was invoked. */
export function phantom(
  set: SetEvidence,
  value: Json,
  read: SetRead,
  suspects: readonly OperationPair[],
  why: string,
  count?: number,
): Explained {
  return {
    ...(set.key !== undefined && { key: set.key }),
    explanation: [
      `${describeOperation(read)} saw ${inWords(value)} in the set${ofKey(set.key)}, but ${why}.`,
      ...(count !== undefined && count > 1 ? [`${plural(count, 'read')} saw it in all.`] : []),
    ].join(' '),
    operations: indicesOf([...suspects, read]),
    data: { element: value },
  };
}

export function duplicate(set: SetEvidence, element: Json, read: SetRead): Explained {
  const value = JSON.stringify(element);
  const times = read.values.filter((item) => JSON.stringify(item) === value).length;
  const adds = set.adds.filter(({ invocation }) => JSON.stringify(invocation.value) === value);
  return {
    ...(set.key !== undefined && { key: set.key }),
    explanation: `${describeOperation(read)} returned ${inWords(element)} ${times > 1 ? `${times} times` : 'more than once'}, but a set${ofKey(set.key)} has an element once.`,
    operations: indicesOf([...adds, read]),
    data: { element },
  };
}

export function nonlinearizable(set: SetEvidence, contradiction: Contradiction): Explained {
  const value = (id: number) => inWords(set.ids.values[id]!);
  const common = set.key === undefined ? {} : { key: set.key };
  if (contradiction.kind === 'incomparable') {
    const { one, other, oneOnly, otherOnly } = contradiction;
    return {
      ...common,
      explanation: `${describeOperation(one)} saw ${value(oneOnly)} in the set${ofKey(set.key)} and not ${value(otherOnly)}; ${describeOperation(other)} saw ${value(otherOnly)} and not ${value(oneOnly)}. A set that only grows cannot have been both.`,
      operations: indicesOf([one, other]),
    };
  }
  const { earlier, later, element, between } = contradiction;
  const was = earlier.invocation.f === 'read' ? `saw ${value(element)}` : `added ${value(element)}`;
  return {
    ...common,
    explanation: `${describeOperation(earlier)} ${was} and was over before ${describeOperation(later)} was invoked. But ${describeOperation(between)} saw ${inWords(later.invocation.value)} in the set${ofKey(set.key)} and not ${value(element)}.`,
    operations: indicesOf([earlier, later, between]),
  };
}
