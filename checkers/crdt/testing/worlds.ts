import { type History, type Json, type OperationPair, operationPairs } from '../../../histories/index.ts';

const text = (value: Json) => JSON.stringify(value);
const isOk = ({ completion }: OperationPair) => completion?.type === 'ok';
const end = ({ completion }: OperationPair) =>
  completion?.type === 'ok' ? completion.index : Number.POSITIVE_INFINITY;

/**
 * Whether the final reads of an OR-Set can be explained, by trying out for each element which indeterminate operations happened and which additions each
 * removal knew of: any that was invoked before the removal was over, and certainly those that its node had acknowledged before. If none is
 * indeterminate all reads must have the same explanation. For histories in which the final reads come last.
 */
export function isExplainedByWorlds(history: History): boolean {
  const pairs = operationPairs(history.events).filter(({ completion }) => completion?.type !== 'fail');
  const reads = pairs.filter(
    (pair) => pair.invocation.phase === 'final' && pair.invocation.f === 'read' && isOk(pair),
  );
  const seenBy = (read: OperationPair) => (read.completion!.value as Json[]).map(text);
  const changes = pairs.filter(({ invocation }) => invocation.f === 'add' || invocation.f === 'remove');
  const elements = new Set([
    ...changes.map(({ invocation }) => text(invocation.value)),
    ...reads.flatMap(seenBy),
  ]);
  return [...elements].every((element) => {
    const mine = changes.filter(({ invocation }) => text(invocation.value) === element);
    const outcomes = possibleOutcomes(mine);
    const seen = reads.map((read) => seenBy(read).includes(element));
    const isSettled = mine.every(isOk);
    if (isSettled && new Set(seen).size > 1) return false;
    return seen.every((present) => outcomes.has(present));
  });
}

/** Whether the element can be there in the end, and whether it can be absent. */
function possibleOutcomes(changes: readonly OperationPair[]): Set<boolean> {
  const adds = changes.filter(({ invocation }) => invocation.f === 'add');
  const removes = changes.filter(({ invocation }) => invocation.f === 'remove');
  const open = changes.filter((change) => !isOk(change));
  const links = removes.flatMap((remove) =>
    adds.filter((add) => add.invocation.index < end(remove)).map((add) => ({ remove, add })),
  );
  const isForced = ({ remove, add }: (typeof links)[number]) =>
    isOk(remove) && add.invocation.node === remove.invocation.node && end(add) < remove.invocation.index;
  const free = links.filter((link) => !isForced(link));
  const outcomes = new Set<boolean>();
  for (let happened = 0; happened < 1 << open.length; happened++) {
    const isReal = (change: OperationPair) => isOk(change) || (happened & (1 << open.indexOf(change))) !== 0;
    for (let known = 0; known < 1 << free.length; known++) {
      const isKnown = (link: (typeof links)[number]) =>
        isForced(link) || (known & (1 << free.indexOf(link))) !== 0;
      outcomes.add(
        adds.some(
          (add) =>
            isReal(add) && !links.some((link) => link.add === add && isReal(link.remove) && isKnown(link)),
        ),
      );
      if (outcomes.size === 2) return outcomes;
    }
  }
  return outcomes;
}
