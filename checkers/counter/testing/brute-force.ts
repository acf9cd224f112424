import { type History, type OperationPair, operationPairs } from '../../../histories/index.ts';

/** The definitions of the bounds, read by read and pair by pair, for histories of one counter. */
export function boundsByDefinition(history: History): { outOfBounds: number; inconsistentReads: number } {
  const pairs = operationPairs(history.events).filter(({ completion }) => completion?.type !== 'fail');
  const adds = pairs.filter(({ invocation }) => invocation.f === 'add');
  const reads = pairs.filter(
    ({ invocation, completion }) => invocation.f === 'read' && completion?.type === 'ok',
  );
  const start = { value: 0, from: -1, until: -1 };
  const spanOf = ({ invocation, completion }: OperationPair) => ({
    value: completion?.value as number,
    from: invocation.index,
    until: completion!.index,
  });
  const isWithin = (before: typeof start, after: typeof start) => {
    let least = before.value;
    let most = before.value;
    for (const { invocation, completion } of adds) {
      const end = completion?.type === 'ok' ? completion.index : Number.POSITIVE_INFINITY;
      const value = invocation.value as number;
      if (end < before.from || invocation.index > after.until) continue;
      const certain = invocation.index > before.until && end < after.from;
      if (certain || value < 0) least += value;
      if (certain || value > 0) most += value;
    }
    return { low: after.value < least, high: after.value > most };
  };
  let outOfBounds = 0;
  let inconsistentReads = 0;
  for (const read of reads.map(spanOf)) {
    const alone = isWithin(start, read);
    if (alone.low) outOfBounds++;
    if (alone.high) outOfBounds++;
    const others = reads.map(spanOf).filter(({ until }) => until < read.from);
    if (!alone.low && others.some((other) => isWithin(other, read).low)) inconsistentReads++;
    if (!alone.high && others.some((other) => isWithin(other, read).high)) inconsistentReads++;
  }
  return { outOfBounds, inconsistentReads };
}
