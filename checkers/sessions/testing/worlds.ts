import { type History, type Json, type OperationPair, operationPairs } from '../../../histories/index.ts';

/** One way to understand a history: which indeterminate writes happened, and which write each read returned. */
export interface World {
  readonly operations: readonly Operation[];
  /** By read: its write; undefined for the initial value. */
  readonly source: ReadonlyMap<Operation, Operation | undefined>;
  before(a: Operation, b: Operation): boolean;
}

/** A cas that succeeded is a read, then a write. */
export interface Operation {
  readonly pair: OperationPair;
  readonly writes: boolean;
  readonly key: string | number | undefined;
  readonly value: Json;
}

/** Every world of a history of registers that begin with 0. For a dozen operations. */
export function* worlds(history: History, by: 'process' | 'client'): Generator<World> {
  const all = operationPairs(history.events).flatMap(operationsOf);
  const reads = all.filter(({ writes }) => !writes);
  const uncertain = all.filter(({ writes, pair }) => writes && pair.completion?.type !== 'ok');
  const sessionOf = ({ pair: { invocation } }: Operation): number =>
    by === 'client' ? invocation.id![0] : invocation.process;
  const before = (a: Operation, b: Operation): boolean =>
    a !== b &&
    sessionOf(a) === sessionOf(b) &&
    a.pair.completion?.type === 'ok' &&
    (a.pair === b.pair ? !a.writes : a.pair.invocation.index < b.pair.invocation.index);
  for (let subset = 0; subset < 1 << uncertain.length; subset++) {
    const happened = all.filter((one) => {
      const nth = uncertain.indexOf(one);
      return nth < 0 || (subset & (1 << nth)) !== 0;
    });
    const choices = reads.map((read): (Operation | undefined)[] => [
      ...happened.filter(
        (write) =>
          write.writes &&
          write.key === read.key &&
          write.value === read.value &&
          write.pair !== read.pair &&
          write.pair.invocation.index < read.pair.completion!.index,
      ),
      ...(read.value === 0 ? [undefined] : []),
    ]);
    const ways = choices.reduce((product, choice) => product * choice.length, 1);
    for (let way = 0; way < ways; way++) {
      let rest = way;
      const source = new Map<Operation, Operation | undefined>();
      reads.forEach((read, n) => {
        const choice = choices[n]!;
        source.set(read, choice[rest % choice.length]);
        rest = Math.floor(rest / choice.length);
      });
      yield { operations: happened, source, before };
    }
  }
}

function operationsOf(pair: OperationPair): Operation[] {
  const { invocation, completion } = pair;
  const { f, key, value } = invocation;
  if (completion?.type === 'fail') return [];
  const isOk = completion?.type === 'ok';
  if (f === 'read') return isOk ? [{ pair, writes: false, key, value: completion.value }] : [];
  if (f === 'write') return [{ pair, writes: true, key, value }];
  const [expected, wrote] = value as readonly [Json, Json];
  const write = { pair, writes: true, key, value: wrote };
  return isOk ? [{ pair, writes: false, key, value: expected }, write] : [write];
}

/** Every order of the items that the relation permits. */
export function* orders<Item>(
  items: readonly Item[],
  precedes: (a: Item, b: Item) => boolean,
): Generator<readonly Item[]> {
  if (items.length === 0) {
    yield [];
    return;
  }
  for (const first of items) {
    if (items.some((other) => other !== first && precedes(other, first))) continue;
    const others = items.filter((item) => item !== first);
    for (const rest of orders(others, precedes)) yield [first, ...rest];
  }
}
/** Pairs of a relation over the items, closed under transitivity. */
export function closed<Item>(
  items: readonly Item[],
  related: (a: Item, b: Item) => boolean,
): (a: Item, b: Item) => boolean {
  const number = new Map(items.map((item, n) => [item, n]));
  const matrix = items.map((a) => items.map((b) => related(a, b)));
  for (let k = 0; k < items.length; k++) {
    for (let i = 0; i < items.length; i++) {
      if (!matrix[i]![k]!) continue;
      for (let j = 0; j < items.length; j++) matrix[i]![j] ||= matrix[k]![j]!;
    }
  }
  return (a, b) => matrix[number.get(a)!]![number.get(b)!]!;
}
