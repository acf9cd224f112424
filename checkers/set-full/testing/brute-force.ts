import {
  type History,
  type Json,
  type Operation,
  type OperationPair,
  operationPairs,
} from '../../../histories/index.ts';

interface Sight extends OperationPair {
  readonly completion: Operation;
}

const text = (value: Json) => JSON.stringify(value);

/** The definitions of the fates, element by element and read by read, for histories of one set. With `finalOnly`, by its final reads, or its last. */
export function fatesByDefinition(history: History, finalOnly = false) {
  const pairs = operationPairs(history.events);
  const all = pairs.filter(
    (pair): pair is Sight => pair.invocation.f === 'read' && pair.completion?.type === 'ok',
  );
  const marked = all.filter(({ invocation }) => invocation.phase === 'final');
  const reads = finalOnly ? (marked.length > 0 ? marked : all.slice(-1)) : all;
  const has = (read: Sight, element: string) => (read.completion.value as Json[]).map(text).includes(element);
  const adds = pairs.filter(({ invocation }) => invocation.f === 'add');
  const tried = new Set(adds.map(({ invocation }) => text(invocation.value)));
  const seen = new Set(reads.flatMap(({ completion }) => (completion.value as Json[]).map(text)));
  const fates = { stable: 0, lost: 0, neverRead: 0, unconfirmed: 0, failed: 0 };
  const found = { stale: 0, recovered: 0, phantoms: 0, duplicates: 0 };
  for (const element of new Set([...tried, ...seen])) {
    const mine = adds.filter(({ invocation }) => text(invocation.value) === element);
    const possible = mine.filter(({ completion }) => completion?.type !== 'fail');
    const sights = reads.filter((read) => has(read, element));
    const isDuplicate = reads.some(
      ({ completion }) => (completion.value as Json[]).filter((item) => text(item) === element).length > 1,
    );
    if (isDuplicate) found.duplicates++;
    const explained = sights.every(({ completion }) =>
      possible.some(({ invocation }) => invocation.index < completion.index),
    );
    if (!explained) {
      found.phantoms++;
      continue;
    }
    const acknowledged = mine.filter(({ completion }) => completion?.type === 'ok');
    if (possible.length === 0) fates.failed++;
    else if (acknowledged.length + sights.length === 0) fates.unconfirmed++;
    else {
      const known = Math.min(...[...acknowledged, ...sights].map(({ completion }) => completion!.index));
      const missing = reads.filter((read) => read.invocation.index > known && !has(read, element));
      const isLost = missing.some((read) =>
        sights.every(({ completion }) => completion.index < read.invocation.index),
      );
      if (acknowledged.length === 0) found.recovered++;
      if (isLost) fates.lost++;
      else if (sights.length > 0) fates.stable++;
      else fates.neverRead++;
      if (!isLost && missing.length > 0) found.stale++;
    }
  }
  return { ...fates, ...found };
}
