import fc from 'fast-check';
import type { History, HistoryEvent, Json, OperationType } from '../../../histories/index.ts';

/** Transactions that append to lists, or that write registers. */
export type Kind = 'list' | 'register';

type Micro = [string, string, Json];

interface Draft {
  micros: Micro[];
  readonly type: OperationType;
  readonly invoked: number;
  readonly completed: number;
  /** The session that would run it, if it is free. */
  readonly session: number;
}

/** How a history is made up, before it is run. */
interface Recipe {
  readonly transactions: readonly {
    readonly micros: readonly { readonly write: boolean; readonly key: string }[];
    readonly outcome: 'ok' | 'fail' | 'lost' | 'late';
    readonly invokedBefore: number;
    readonly completedAfter: number;
    readonly session: number;
  }[];
  readonly mutations: readonly { readonly kind: number; readonly at: number; readonly by: number }[];
}

const recipe = (size: number, mutations: number): fc.Arbitrary<Recipe> =>
  fc.record({
    transactions: fc.array(
      fc.record({
        micros: fc.array(fc.record({ write: fc.boolean(), key: fc.constantFrom('x', 'y') }), {
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
        session: fc.nat(2),
      }),
      { minLength: 1, maxLength: size },
    ),
    mutations: fc.array(fc.record({ kind: fc.nat(4), at: fc.nat(), by: fc.nat() }), { maxLength: mutations }),
  });

/**
 * Transactions run one after the other, ten ticks apart, each invoked up to 25 ticks before and completed up to 25 after its turn. `late`
 * ones happened, but nobody knows; `lost` ones did not, and nobody knows. So without mutations the history is strictly serializable.
 */
export function serialHistories(kind: Kind, size: number): fc.Arbitrary<History> {
  return recipe(size, 0).map((made) => execute(kind, made));
}

/** The same with a few reads made wrong. */
export function mutatedHistories(kind: Kind, size: number, mutations: number): fc.Arbitrary<History> {
  return recipe(size, mutations).map((made) => execute(kind, made));
}

/** What a key holds after a write of this value. */
function written(kind: Kind, before: Json | undefined, value: number): Json {
  return kind === 'register' ? value : [...((before ?? []) as readonly Json[]), value];
}

function execute(kind: Kind, { transactions, mutations }: Recipe): History {
  const state = new Map<string, Json>();
  const nothing: Json = kind === 'list' ? [] : null;
  let element = 0;
  const drafts = transactions.map(
    ({ micros, outcome, invokedBefore, completedAfter, session }, turn): Draft => {
      const happens = outcome === 'ok' || outcome === 'late';
      const mine = new Map(state);
      const done = micros.map(({ write, key }): Micro => {
        if (!write) return ['r', key, mine.get(key) ?? nothing];
        const value = ++element;
        mine.set(key, written(kind, mine.get(key), value));
        return [kind === 'list' ? 'append' : 'w', key, value];
      });
      if (happens) for (const [key, value] of mine) state.set(key, value);
      const type = outcome === 'ok' || outcome === 'fail' ? outcome : 'info';
      const invoked = turn * 10 - invokedBefore;
      return { micros: done, type, invoked, completed: turn * 10 + completedAfter, session };
    },
  );
  const reads = drafts
    .filter(({ type }) => type === 'ok')
    .flatMap(({ micros }) => micros.filter(([f]) => f === 'r'));
  for (const { kind: how, at, by } of mutations) {
    if (reads.length === 0) continue;
    const read = reads[at % reads.length]!;
    if (kind === 'list') mutateList(read, how, by, element);
    else read[2] = how === 0 ? null : (by % Math.max(1, element + (how === 1 ? 1 : 0))) + 1;
  }
  return historyOf(drafts);
}

/**
 * Transactions that read a snapshot and fail if another committed a write to a key of theirs meanwhile; all of them concurrent
 * for the clients. Snapshot isolation, often without a serial order.
 */
export function snapshotHistories(kind: Kind, size: number): fc.Arbitrary<History> {
  return recipe(size, 0).map(({ transactions }) => {
    const committed = new Map<string, Json>();
    const drafts: Draft[] = transactions.map((_, turn) => ({
      micros: [],
      type: 'ok',
      invoked: 0,
      completed: 1000 + turn,
      session: turn,
    }));
    let element = 0;
    const moments = transactions
      .flatMap(({ invokedBefore, completedAfter }, turn) => [
        { turn, begins: true, time: turn * 10 - invokedBefore },
        { turn, begins: false, time: turn * 10 + completedAfter + 0.5 },
      ])
      .sort((a, b) => a.time - b.time || a.turn - b.turn);
    const snapshots = new Map<number, ReadonlyMap<string, Json>>();
    for (const { turn, begins } of moments) {
      if (begins) {
        const mine = new Map(committed);
        snapshots.set(turn, new Map(committed));
        drafts[turn]!.micros = transactions[turn]!.micros.map(({ write, key }): Micro => {
          if (!write) return ['r', key, mine.get(key) ?? (kind === 'list' ? [] : null)];
          mine.set(key, written(kind, mine.get(key), ++element));
          return [kind === 'list' ? 'append' : 'w', key, element];
        });
        continue;
      }
      const writes = drafts[turn]!.micros.filter(([f]) => f !== 'r');
      const snapshot = snapshots.get(turn)!;
      if (writes.some(([, key]) => committed.get(key) !== snapshot.get(key))) {
        drafts[turn] = { ...drafts[turn]!, type: 'fail' };
        continue;
      }
      for (const [, key, value] of writes)
        committed.set(key, written(kind, committed.get(key), value as number));
    }
    return historyOf(drafts);
  });
}

function mutateList(read: Micro, kind: number, by: number, elements: number): void {
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

/** Each session goes on under its process while that is free; else a new process runs the transaction and is its session's from then on. */
function processesOf(drafts: readonly Draft[]): number[] {
  const processes = new Array<number>(drafts.length).fill(0);
  const sessions = new Map<number, { readonly process: number; readonly freeFrom: number }>();
  let fresh = 0;
  const byInvocation = drafts.map((_, at) => at).sort((a, b) => drafts[a]!.invoked - drafts[b]!.invoked);
  for (const at of byInvocation) {
    const { session, invoked, completed, type } = drafts[at]!;
    const known = sessions.get(session);
    const process = known !== undefined && known.freeFrom < invoked ? known.process : fresh++;
    processes[at] = process;
    sessions.set(session, { process, freeFrom: type === 'info' ? Number.POSITIVE_INFINITY : completed });
  }
  return processes;
}

function historyOf(drafts: readonly Draft[]): History {
  const processes = processesOf(drafts);
  const events = drafts
    .flatMap(({ micros, type, invoked, completed }, at) => {
      const unread = micros.map(([f, key, value]): Micro => [f, key, f === 'r' ? null : value]);
      const common = { process: processes[at]!, f: 'txn' };
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
