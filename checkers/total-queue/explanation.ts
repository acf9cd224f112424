import type { OperationPair } from '../../histories/index.ts';
import type { Anomaly } from '../checker.ts';
import { describeOperation, indicesOf, inWords, list, plural } from '../shared/words.ts';
import type { Losses } from './losses.ts';
import type { Surplus } from './matching.ts';
import type { QueueHistory } from './queue-history.ts';

type Explained = Omit<Anomaly, 'name'>;

/** Operations of a kind that an anomaly lists; of more than that only the number is told. */
const MOST_LISTED = 32;

/** More was missing than the dequeues of which nobody knows can have taken. */
export function losses(queue: QueueHistory, found: Losses, deadlines: Int32Array): Explained {
  const missing = found.missing.slice(0, found.proof);
  const last = missing.at(-1)!;
  const by = (at: number) => queue.entered[at]!.by;
  const names = list(missing.map((at) => inWords(by(at).invocation.value)));
  const first = missing[0]!;
  const empty = queue.empties.filter(({ completion }) =>
    missing.some((at) => completion?.index === deadlines[at]),
  );
  const suspects = queue.unknownDequeues.filter(({ invocation }) => invocation.index < deadlines[last]!);
  const together = missing.length > 1;
  return {
    ...(queue.key !== undefined && { key: queue.key }),
    explanation: [
      together
        ? `${plural(missing.length, 'element')} were acknowledged and never came out${ofQueue(queue)}: ${names}; the first was ${describeOperation(by(first))}.`
        : `${names} was acknowledged (${describeOperation(by(first))}) and never came out${ofQueue(queue)}.`,
      empty.length === 0
        ? 'The queue was emptied in the end, as the options say.'
        : `But the queue was found empty afterwards: ${list(empty.map(describeOperation), 3)}.`,
      ...(suspects.length === 0
        ? []
        : [
            `Only ${plural(suspects.length, 'dequeue')} of which nobody knows may have taken one each: ${list(suspects.map(describeOperation), 3)}.`,
          ]),
      together && suspects.length > 0
        ? `At least ${found.lost} of them ${found.lost > 1 ? 'are' : 'is'} lost.`
        : `${together ? 'They are' : 'It is'} lost.`,
    ].join(' '),
    operations: indicesOf([
      ...missing.slice(0, MOST_LISTED).map(by),
      ...empty.slice(0, MOST_LISTED),
      ...suspects.slice(0, MOST_LISTED),
    ]),
    data: {
      elements: missing.slice(0, MOST_LISTED).map((at) => by(at).invocation.value),
      missing: missing.length,
      lost: found.lost,
    },
  };
}

/** It came out although there was no enqueue left that may have put it in. */
export function surplus(queue: QueueHistory, { element, by, at, kind }: Surplus): Explained {
  const value = inWords(queue.ids.values[element]!);
  const enqueues = queue.entered
    .filter((enqueue) => enqueue.element === element)
    .map((enqueue) => enqueue.by);
  const refused = queue.refused.get(element);
  const common = {
    ...(queue.key !== undefined && { key: queue.key }),
    data: { element: queue.ids.values[element]! },
  };
  if (kind === 'duplicate') {
    const before = enqueues.filter(({ invocation }) => invocation.index < at);
    const takers = queue.taken
      .filter((other) => other.element === element && other.at <= at)
      .map((other) => other.by);
    return {
      ...common,
      explanation: `${value} came out${ofQueue(queue)} ${plural(takers.length, 'time')} (${list(takers.map(describeOperation))}), but was put in at most ${plural(before.length, 'time')} before that (${list(before.map(describeOperation))}).`,
      operations: indicesOf([...before.slice(0, MOST_LISTED), ...takers.slice(0, MOST_LISTED)]),
    };
  }
  const later = enqueues[0];
  const suspect: OperationPair | undefined = later ?? refused;
  const why =
    later !== undefined
      ? `nobody had tried to put it in yet; the first to do so was ${describeOperation(later)}`
      : refused !== undefined
        ? `all who tried to put it in certainly failed, such as ${describeOperation(refused)}`
        : 'nobody ever tried to put it in';
  return {
    ...common,
    explanation: `${value} came out${ofQueue(queue)} (${describeOperation(by)}), but ${why}.`,
    operations: indicesOf([...(suspect === undefined ? [] : [suspect]), by]),
  };
}

function ofQueue({ key }: QueueHistory): string {
  return key === undefined ? '' : ` of queue ${key}`;
}
