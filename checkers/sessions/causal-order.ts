import { int32s, uint8s } from '../transactions/arrays.ts';
import { INITIAL, type SessionHistory } from './session-history.ts';

export interface CausalOrder {
  /** The operations so that each comes after those of its session before it and, for a read, after the write it returned. A fork comes at once after its stem. */
  readonly order: Int32Array;
  /** Instead, writes and reads in turn: each read returned the write before it and precedes the write after it in its session, round to the first. */
  readonly cycle?: readonly number[];
}

/** Sorts by session order and reads-from; cyclic only where real time is not told. Cost: linear. */
export function causalOrder(history: SessionHistory): CausalOrder {
  const { count, sessions, source, isWrite, forkOf } = history;
  const order = int32s(count);
  const done = uint8s(count);
  const cursor = int32s(sessions.length);
  const forks = new Map<number, number[]>();
  const ready: number[] = [];
  for (let s = sessions.length - 1; s >= 0; s--) {
    if (forkOf[s]! < 0) ready.push(s);
    else forks.set(forkOf[s]!, [...(forks.get(forkOf[s]!) ?? []), s]);
  }
  // Sessions that wait for a write, as linked lists.
  const waiting = int32s(count).fill(-1);
  const nextWaiting = int32s(sessions.length).fill(-1);
  let placed = 0;
  const place = (operation: number): void => {
    order[placed++] = operation;
    done[operation] = 1;
    for (let s = waiting[operation]!; s >= 0; s = nextWaiting[s]!) ready.push(s);
  };
  for (let s = ready.pop(); s !== undefined; s = ready.pop()) {
    const operations = sessions[s]!;
    while (cursor[s]! < operations.length) {
      const operation = operations[cursor[s]!]!;
      const from = isWrite[operation] === 1 ? INITIAL : source[operation]!;
      if (from >= 0 && done[from] === 0) {
        nextWaiting[s] = waiting[from]!;
        waiting[from] = s;
        break;
      }
      cursor[s]!++;
      place(operation);
      for (const fork of forks.get(operation) ?? []) {
        cursor[fork] = 1;
        place(sessions[fork]![0]!);
      }
    }
  }
  return placed === count ? { order } : { order, cycle: cycleOf(history, cursor) };
}

function cycleOf({ sessions, source, session, forkOf }: SessionHistory, cursor: Int32Array): number[] {
  const stem = (s: number): number => (forkOf[s]! < 0 ? s : session[forkOf[s]!]!);
  const seen = new Map<number, number>();
  const cycle: number[] = [];
  let s = sessions.findIndex((operations, n) => forkOf[n]! < 0 && cursor[n]! < operations.length);
  while (!seen.has(s)) {
    seen.set(s, cycle.length);
    const read = sessions[s]![cursor[s]!]!;
    cycle.push(read, source[read]!);
    s = stem(session[source[read]!]!);
  }
  return cycle.slice(seen.get(s)!).reverse();
}
