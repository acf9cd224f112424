import fc from 'fast-check';
import type { History, HistoryEvent, Json, OperationType } from '../../../histories/index.ts';

type Micro = [string, string, Json];

interface Draft {
  micros: Micro[];
  readonly type: OperationType;
  readonly invoked: number;
  readonly completed: number;
}

/** How a history is made up, before it is run. */
interface Recipe {
  readonly transactions: readonly {
    readonly micros: readonly { readonly append: boolean; readonly key: string }[];
    readonly outcome: 'ok' | 'fail' | 'lost' | 'late';
    readonly invokedBefore: number;
    readonly completedAfter: number;
  }[];
  readonly mutations: readonly { readonly kind: number; readonly at: number; readonly by: number }[];
}

const recipe = (size: number, mutations: number): fc.Arbitrary<Recipe> =>
  fc.record({
    transactions: fc.array(
      fc.record({
        micros: fc.array(fc.record({ append: fc.boolean(), key: fc.constantFrom('x', 'y') }), {
          minLength: 1,
          maxLength: 4,
        }),
        outcome: fc.constantFrom<'ok' | 'fail' | 'lost' | 'late'>(
          'ok',
          'ok',
          'ok',
          'ok',
          'ok',
          'fail',
          'lost',
          'late',
        ),
        invokedBefore: fc.nat(25),
        completedAfter: fc.nat(25),
      }),
      { minLength: 1, maxLength: size },
    ),
    mutations: fc.array(fc.record({ kind: fc.nat(4), at: fc.nat(), by: fc.nat() }), { maxLength: mutations }),
  });

/**
 * Transactions run one after the other, ten ticks apart, each invoked up to 25 ticks before and completed up to 25 after its turn. `late`
 * ones happened, but nobody knows; `lost` ones did not, and nobody knows. So without mutations the history is strictly serializable.
 */
export function serialHistories(size: number): fc.Arbitrary<History> {
  return recipe(size, 0).map(execute);
}

/** The same with a few reads made wrong. */
export function mutatedHistories(size: number, mutations: number): fc.Arbitrary<History> {
  return recipe(size, mutations).map(execute);
}

function execute({ transactions, mutations }: Recipe): History {
  const state = new Map<string, number[]>();
  let element = 0;
  const drafts = transactions.map(({ micros, outcome, invokedBefore, completedAfter }, turn): Draft => {
    const happens = outcome === 'ok' || outcome === 'late';
    const done = micros.map(({ append, key }): Micro => {
      if (!append) return ['r', key, [...(state.get(key) ?? [])]];
      const value = ++element;
      if (happens) state.set(key, [...(state.get(key) ?? []), value]);
      return ['append', key, value];
    });
    const type = outcome === 'ok' || outcome === 'fail' ? outcome : 'info';
    return { micros: done, type, invoked: turn * 10 - invokedBefore, completed: turn * 10 + completedAfter };
  });
  const reads = drafts
    .filter(({ type }) => type === 'ok')
    .flatMap(({ micros }) => micros.filter(([f]) => f === 'r'));
  for (const { kind, at, by } of mutations)
    if (reads.length > 0) mutate(reads[at % reads.length]!, kind, by, element);
  return historyOf(drafts);
}

/**
 * Transactions that read a snapshot and fail if another committed an append to a key of theirs meanwhile; all of them concurrent
 * for the clients. Snapshot isolation, often without a serial order.
 */
export function snapshotHistories(size: number): fc.Arbitrary<History> {
  return recipe(size, 0).map(({ transactions }) => {
    const committed = new Map<string, number[]>();
    const drafts: Draft[] = transactions.map((_, turn) => ({
      micros: [],
      type: 'ok',
      invoked: 0,
      completed: 1000 + turn,
    }));
    let element = 0;
    const moments = transactions
      .flatMap(({ invokedBefore, completedAfter }, turn) => [
        { turn, begins: true, time: turn * 10 - invokedBefore },
        { turn, begins: false, time: turn * 10 + completedAfter + 0.5 },
      ])
      .sort((a, b) => a.time - b.time || a.turn - b.turn);
    const snapshots = new Map<number, ReadonlyMap<string, readonly number[]>>();
    for (const { turn, begins } of moments) {
      if (begins) {
        const mine = new Map(committed);
        snapshots.set(turn, new Map(committed));
        drafts[turn]!.micros = transactions[turn]!.micros.map(({ append, key }): Micro => {
          const list = mine.get(key) ?? [];
          if (!append) return ['r', key, list];
          mine.set(key, [...list, ++element]);
          return ['append', key, element];
        });
        continue;
      }
      const writes = drafts[turn]!.micros.filter(([f]) => f === 'append');
      const snapshot = snapshots.get(turn)!;
      if (writes.some(([, key]) => committed.get(key)?.length !== snapshot.get(key)?.length)) {
        drafts[turn] = { ...drafts[turn]!, type: 'fail' };
        continue;
      }
      for (const [, key, value] of writes)
        committed.set(key, [...(committed.get(key) ?? []), value as number]);
    }
    return historyOf(drafts);
  });
}

function mutate(read: Micro, kind: number, by: number, elements: number): void {
  const list = [...(read[2] as number[])];
  const place = by % (list.length + 1);
  if (kind === 0) list.pop();
  else if (kind === 1) list.length = place;
  else if (kind === 2) list.splice(place, 0, (by % (elements + 1)) + 1);
  else if (kind === 3) list.push((by % Math.max(1, elements)) + 1);
  else if (list.length > 1) {
    const [first, second] = [by % (list.length - 1), (by % (list.length - 1)) + 1];
    [list[first], list[second]] = [list[second]!, list[first]!];
  }
  read[2] = list;
}

function historyOf(drafts: readonly Draft[]): History {
  const events = drafts
    .flatMap(({ micros, type, invoked, completed }, process) => {
      const unread = micros.map(([f, key, value]): Micro => [f, key, f === 'r' ? null : value]);
      const common = { process, f: 'txn' };
      return [
        { time: invoked, ...common, type: 'invoke', value: unread },
        { time: completed, ...common, type, value: type === 'ok' ? micros : unread },
      ];
    })
    .map((event, order) => ({ event, order }))
    .sort((a, b) => a.event.time - b.event.time || a.order - b.order)
    .map(({ event }, index) => ({ index, ...event, time: index * 1000 }) as HistoryEvent);
  return {
    header: { sixways: 1, world: 'simulator' },
    events,
    footer: { events: events.length, content: '' },
  };
}
