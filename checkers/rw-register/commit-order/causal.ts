import type { Pace } from '../../budget.ts';
import { int32s } from '../../transactions/arrays.ts';
import { IntList } from '../../transactions/int-list.ts';
import { FIRST, type MicroOperations } from '../micro-operations.ts';
import type { Sessions } from '../sessions.ts';
import type { Versions } from '../versions.ts';
import type { Inferred, Run } from './inferred.ts';

/** Sessions whose clocks are held at a time: memory is four times this for each transaction. */
const BLOCK = 64;
/** After every place in a session. */
const END = 0x7fffffff;

/**
 * Causal consistency of transactions: who causally follows a transaction (by sessions and by what was read, through any number of steps) sees all of it.
 * Of what precedes a read causally, the last writer of its key in each session is enough, and that moves forward along the reader's
 * session; so each session passes over the writes of a key once. Orders that are causal themselves are left out.
 * Cost: sessions times operations (Møldrup and Pavlogiannis 2025, section 5); many sessions are taken by blocks, so memory is linear.
 *
 * `topological` has the transactions that happened in an order of sessions and reads.
 */
export function inferCausal(run: Run, topological: Int32Array, inferred: Inferred, pace: Pace): void {
  const { table, micros, versions, sessions } = run;
  const { reads, writes, keys } = micros;
  const position = int32s(table.count).fill(-1);
  for (let session = 0; session < sessions.count; session++) {
    const start = sessions.from[session]!;
    for (let i = start; i < sessions.from[session + 1]!; i++) position[sessions.order[i]!] = i - start;
  }
  const { order, segments } = segmentsOf(micros, versions, sessions);
  const places = int32s(order.length);
  for (let i = 0; i < order.length; i++) places[i] = position[order[i]!]!;
  const cursor = segments.from.slice(0, keys.length);
  // Of each segment, valid where `stamp` is the reader's session: the first write that does not precede it, its place in its session, and the place
  // of the one before (-1: none). Side by side for the segments of a key, as this is the innermost loop.
  const pointer = int32s(segments.count);
  const nextPlace = int32s(segments.count);
  const lastPlace = int32s(segments.count);
  const stamp = int32s(segments.count);
  const width = Math.min(BLOCK, sessions.count);
  const clock = int32s(table.count * width);
  for (let low = 0; low < sessions.count; low += width) {
    const high = Math.min(low + width, sessions.count);
    tellTime(run, topological, position, clock, low, width);
    stamp.fill(-1);
    for (const t of sessions.order) {
      if (pace.over()) return;
      const session = sessions.of[t]!;
      const mine = t * width - low;
      for (let read = reads.from[t]!; read < reads.from[t + 1]!; read++) {
        if (reads.kind[read] !== FIRST) continue;
        const key = reads.key[read]!;
        const source = versions.source[read]!;
        const theirs = source >= 0 ? writes.transaction[source]! : -1;
        const base = theirs < 0 ? -1 : theirs * width - low;
        const end = segments.from[key + 1]!;
        for (let g = cursor[key]!; g < end; g++) {
          const other = segments.session[g]!;
          if (other >= high) break;
          const known = clock[mine + other]!;
          if (stamp[g] !== session) {
            stamp[g] = session;
            pointer[g] = segments.start[g]!;
            nextPlace[g] = places[segments.start[g]!]!;
            lastPlace[g] = -1;
          }
          if (nextPlace[g]! < known) {
            const stop = segments.start[g + 1]!;
            let at = pointer[g]! + 1;
            while (at < stop && places[at]! < known) at++;
            pointer[g] = at;
            nextPlace[g] = at < stop ? places[at]! : END;
            lastPlace[g] = places[at - 1]!;
          }
          const last = lastPlace[g]!;
          // What precedes the source of the read is in order already.
          if (last < 0 || (theirs >= 0 && clock[base + other]! > last)) continue;
          inferred.add(order[pointer[g]! - 1]!, read);
        }
      }
    }
    for (let key = 0; key < keys.length; key++) {
      let g = cursor[key]!;
      while (g < segments.from[key + 1]! && segments.session[g]! < high) g++;
      cursor[key] = g;
    }
  }
}

/** For each transaction and session of the block, how many of the session's transactions precede it causally. Cost: edges times the width. */
function tellTime(
  { micros: { reads, writes }, versions, sessions }: Run,
  topological: Int32Array,
  position: Int32Array,
  clock: Int32Array,
  low: number,
  width: number,
): void {
  const join = (t: number, before: number): void => {
    const to = t * width;
    const from = before * width;
    for (let s = 0; s < width; s++) if (clock[from + s]! > clock[to + s]!) clock[to + s] = clock[from + s]!;
    const session = sessions.of[before]! - low;
    if (session >= 0 && session < width && clock[to + session]! <= position[before]!)
      clock[to + session] = position[before]! + 1;
  };
  for (const t of topological) {
    clock.fill(0, t * width, (t + 1) * width);
    const at = position[t]!;
    if (at > 0) join(t, sessions.order[sessions.from[sessions.of[t]!]! + at - 1]!);
    for (let read = reads.from[t]!; read < reads.from[t + 1]!; read++) {
      const source = versions.source[read]!;
      if (source < 0 || versions.version[source] === 0) continue;
      const before = writes.transaction[source]!;
      if (before !== t) join(t, before);
    }
  }
}

/** The transactions that wrote versions of each key, by session, in its order: a segment is those of one session. */
function segmentsOf({ writes, keys }: MicroOperations, { version }: Versions, sessions: Sessions) {
  const from = int32s(keys.length + 1);
  for (let write = 0; write < writes.count; write++)
    if (version[write] === 1) from[writes.key[write]! + 1]!++;
  for (let key = 0; key < keys.length; key++) from[key + 1]! += from[key]!;
  const next = from.slice(0, keys.length);
  const order = int32s(from[keys.length]!);
  for (const t of sessions.order) {
    for (let write = writes.from[t]!; write < writes.from[t + 1]!; write++)
      if (version[write] === 1) order[next[writes.key[write]!]!++] = t;
  }
  const segmentFrom = int32s(keys.length + 1);
  const start = new IntList();
  const session = new IntList();
  for (let key = 0; key < keys.length; key++) {
    segmentFrom[key] = session.length;
    for (let i = from[key]!; i < from[key + 1]!; i++) {
      const mine = sessions.of[order[i]!]!;
      if (i > from[key]! && session.at(session.length - 1) === mine) continue;
      session.push(mine);
      start.push(i);
    }
  }
  segmentFrom[keys.length] = session.length;
  start.push(order.length);
  return {
    order,
    segments: { count: session.length, from: segmentFrom, start: start.view(), session: session.view() },
  };
}
