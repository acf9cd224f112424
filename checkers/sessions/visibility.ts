import type { Pace } from '../budget.ts';
import { int32s } from '../transactions/arrays.ts';
import { FREE, GraphBuilder, WW } from '../transactions/graph.ts';
import { Chains } from './chains.ts';
import { MONOTONIC_READS, MONOTONIC_WRITES, READ_YOUR_WRITES, WRITES_FOLLOW_READS } from './guarantees.ts';
import { INITIAL, type SessionHistory } from './session-history.ts';

/** A read and a write of its key that was visible to it, though that cannot be. */
export interface Sighting {
  readonly read: number;
  readonly write: number;
}

export interface Visibility {
  /** Reads of the initial value to which a write is visible. */
  readonly initial: readonly Sighting[];
  /** Reads of w to which a write is visible that itself comes after w. Only where writes are monotonic. */
  readonly overwritten: readonly Sighting[];
  /**
   * Which writes must come before which. Nodes below `count` are operations; the others are sets of writes that grew along a session. The reason of an edge
   * into a write is the read that returned it and to which the set or write before was visible; -1 where session order alone decides. A set may contain the write
   * that it precedes: only cycles through two writes are contradictions.
   */
  readonly builder: GraphBuilder;
  /** By write, the first item of its clock in `clocks`. */
  readonly row: Int32Array;
  /** By session (`column`), how far what is seen with the write reaches: a position in that session, 0 for none. Itself included. */
  readonly clocks: Int32Array;
  readonly columns: number;
  /** By session; -1 for sessions that write nothing. */
  readonly column: Int32Array;
  /** False if the time of the budget was over before the end. */
  readonly complete: boolean;
}

/** Bytes that the clocks of a history take. */
export function clockBytes({ sessions, isWrite, figures }: SessionHistory): number {
  let writers = 0;
  for (const operations of sessions) if (operations.some((n) => isWrite[n] === 1)) writers++;
  return 4 * writers * ((figures.writes as number) + 2 * sessions.length);
}

/**
 * What each read must have seen, if the sessions have the guarantees of the mask, and in which order the writes must then be.
 *
 * A write w is visible to a read r if w reaches r by steps that are either reads-from or lead from an operation to a later one of its session
 * where a guarantee orders the two (write to read: read your writes; read to read: monotonic reads; write to write; read to write). This is the
 * least set of visible writes that the definitions of Terry et al. (1994) and Viotti and Vukolić (2016, section 3.4) permit, and seeing less permits more. There must be one total order of writes in which
 * each is after the writes that reach it, and in which what a read returned is the last of the visible writes of its key.
 *
 * With monotonic writes or writes that follow reads, what comes along with a write is a prefix of each session: a vector clock. Without monotonic writes, what a
 * prefix contains of a key is a set: a node of its own, the next larger one after it.
 * Cost: O(n s) in time for n operations in s writing sessions, and 4 s bytes for each write.
 *
 * @param order of `causalOrder`, without a cycle.
 */
export function visibility(
  history: SessionHistory,
  order: Int32Array,
  mask: number,
  pace: Pace,
  withEdges = true,
): Visibility {
  const ryw = (mask & READ_YOUR_WRITES) !== 0;
  const mr = (mask & MONOTONIC_READS) !== 0;
  const mw = (mask & MONOTONIC_WRITES) !== 0;
  const wfr = (mask & WRITES_FOLLOW_READS) !== 0;
  const { count, isWrite, key, source, session, position, sessions, forkOf, keys } = history;
  const column = int32s(sessions.length).fill(-1);
  const writers: number[] = [];
  let writes = 0;
  for (let n = 0; n < count; n++) {
    if (isWrite[n] === 0) continue;
    writes++;
    if (column[session[n]!]! < 0) column[session[n]!] = writers.push(session[n]!) - 1;
  }
  const columns = writers.length;
  const clocks = int32s(writes * columns);
  const row = int32s(count).fill(-1);
  const builder = new GraphBuilder(count, withEdges ? count * 4 : 1);
  const edge = (from: number, to: number, reason = -1): void => {
    if (withEdges) builder.edge(from, to, from < count ? WW : FREE, reason);
  };
  const initial: Sighting[] = [];
  const overwritten: Sighting[] = [];
  const states: (State | undefined)[] = new Array(sessions.length).fill(undefined);
  const carried = new Chains(sessions.length, keys.length);
  const known = new Chains(mw ? 0 : sessions.length, keys.length);
  /** Of a set: a write in it. */
  const memberOf = (node: number): number => (node < count ? node : members[node - count]!);
  const members: number[] = [];
  /** The set of a session and key, made larger by a write. */
  const grow = (sets: Chains, s: number, k: number, at: number, write: number): void => {
    const before = sets.lastAt(s, k, at);
    if (before >= count && memberOf(before) === write) return;
    const set = builder.node();
    members.push(write);
    if (before >= 0) edge(before, set);
    edge(write, set);
    sets.push(s, k, at, set);
  };
  const seen = int32s(columns);
  let written = 0;
  let done = 0;
  for (; done < count && !pace.over(1 + (columns >> 4)); done++) {
    pace.tell(done, count);
    const n = order[done]!;
    const s = session[n]!;
    const at = position[n]!;
    const k = key[n]!;
    const fork = forkOf[s]!;
    // A fork is placed right after its stem: the state of that session is what it was there.
    const stem = fork < 0 ? s : session[fork]!;
    let state = states[stem];
    if (state === undefined) {
      state = {
        writing: int32s(columns),
        reading: int32s(columns),
        lastWrite: -1,
        readSources: -1,
        read: [],
        own: [],
      };
      states[stem] = state;
    }
    if (isWrite[n] === 1) {
      const own = column[s]!;
      row[n] = written++ * columns;
      const clock = clocks.subarray(row[n], row[n]! + columns);
      if (mw || wfr) clock.set(state.writing);
      clock[own] = at;
      if (mw && state.lastWrite >= 0) edge(state.lastWrite, n);
      if (wfr && mw) for (const from of state.read) edge(from, n);
      if (wfr && !mw && state.readSources >= 0) edge(state.readSources, n);
      if (mw) carried.push(s, k, at, n);
      if (fork >= 0) continue;
      state.lastWrite = n;
      state.read.length = 0;
      if (mw) state.writing[own] = at;
      if (ryw) {
        raise(state.reading, clock);
        if (!mw) grow(known, s, k, at, n);
        if (!mw && wfr) state.own.push(n);
      }
    } else {
      const from = source[n]!;
      const clock = from === INITIAL ? undefined : clocks.subarray(row[from], row[from]! + columns);
      const sees = mr ? state.reading : seen;
      if (!mr) seen.set(state.reading);
      if (clock !== undefined) raise(sees, clock);
      let blamed = false;
      for (let t = 0; t < columns; t++) {
        if (sees[t]! <= (clock === undefined ? 0 : clock[t]!)) continue;
        const before = carried.lastAt(writers[t]!, k, sees[t]!);
        if (before < 0) continue;
        if (clock === undefined) {
          if (!blamed) initial.push({ read: n, write: memberOf(before) });
          blamed = true;
        } else if (mw && position[before]! > clock[t]!) {
          if (clocks[row[before]! + column[session[from]!]!]! >= position[from]! && before !== from) {
            overwritten.push({ read: n, write: before });
          }
          edge(before, from, n);
        } else if (!mw) edge(before, from, n);
      }
      const set = mw ? -1 : known.lastAt(s, k, at);
      if (set >= 0) {
        if (from !== INITIAL) edge(set, from, n);
        else if (!blamed) initial.push({ read: n, write: memberOf(set) });
      }
      if (wfr) raise(state.writing, sees);
      if (from !== INITIAL) {
        if (mr && !mw) grow(known, s, k, at, from);
        if (wfr && mw) state.read.push(from);
        if (wfr && !mw) grow(carried, s, k, at, from);
      }
      if (wfr && !mw && (from !== INITIAL || state.own.length > 0)) {
        const all = builder.node();
        members.push(from);
        if (state.readSources >= 0) edge(state.readSources, all);
        if (from !== INITIAL) edge(from, all);
        for (const own of state.own) {
          edge(own, all);
          grow(carried, s, key[own]!, at, own);
        }
        state.own.length = 0;
        state.readSources = all;
      }
    }
    if (fork < 0 && at === sessions[s]!.length) states[s] = undefined;
  }
  return { initial, overwritten, builder, row, clocks, columns, column, complete: done === count };
}

/** Where a session stands. */
interface State {
  /** What its next write will carry along. */
  readonly writing: Int32Array;
  /** What its next read will see, whatever it returns. */
  readonly reading: Int32Array;
  lastWrite: number;
  /** The set of all that was read so far. */
  readSources: number;
  /** What was read since the last write. */
  readonly read: number[];
  /** Own writes since the last read. */
  readonly own: number[];
}

function raise(clock: Int32Array, to: Int32Array): void {
  for (let t = 0; t < clock.length; t++) if (to[t]! > clock[t]!) clock[t] = to[t]!;
}
