import { int32s } from '../transactions/arrays.ts';
import { OK, type TransactionTable } from '../transactions/transaction-table.ts';
import { FIRST, type MicroOperations } from './micro-operations.ts';
import { sessionsOf } from './sessions.ts';
import { NOBODY, nodeOf, type Versions } from './versions.ts';

/** Two versions of a key that transactions met one after the other; `seen` as in `VersionEdges`. */
export type Met = (from: number, to: number, before: number, after: number, seen: number) => void;

/** The first and the last version of each key that a transaction met; internal steps play no part. */
class Meetings {
  readonly keys: number[] = [];
  readonly first: number[] = [];
  readonly firstRead: boolean[] = [];
  readonly last: number[] = [];
  readonly lastRead: boolean[] = [];
  private readonly micros: MicroOperations;
  private readonly versions: Versions;

  constructor(micros: MicroOperations, versions: Versions) {
    this.micros = micros;
    this.versions = versions;
  }

  /** Valid until the next call. */
  of(transaction: number): this {
    const { reads, writes } = this.micros;
    const { source, version, basis } = this.versions;
    const { keys, first, firstRead, last, lastRead } = this;
    let count = 0;
    const put = (key: number, begin: number, beginRead: boolean, end: number, endRead: boolean): void => {
      keys[count] = key;
      first[count] = begin;
      firstRead[count] = beginRead;
      last[count] = end;
      lastRead[count] = endRead;
      count++;
    };
    for (let read = reads.from[transaction]!; read < reads.from[transaction + 1]!; read++) {
      if (reads.kind[read] !== FIRST) continue;
      const key = reads.key[read]!;
      const node = nodeOf(this.micros, this.versions, source[read]!, key);
      // What it wrote itself it cannot have met before.
      if (node < 0 || (node < writes.count && writes.transaction[node] === transaction)) continue;
      put(key, node, true, node, true);
    }
    const readCount = count;
    for (let write = writes.from[transaction]!; write < writes.from[transaction + 1]!; write++) {
      if (version[write] === 0) continue;
      const key = writes.key[write]!;
      let at = -1;
      if (basis[write] !== NOBODY) for (let i = 0; i < readCount; i++) if (keys[i] === key) at = i;
      if (at < 0) put(key, write, false, write, false);
      else {
        last[at] = write;
        lastRead[at] = false;
      }
    }
    keys.length = count;
    return this;
  }
}

/** Each process on its own: neighbouring meetings of a key. Cost: linear. */
export function sweepProcesses(
  table: TransactionTable,
  micros: MicroOperations,
  versions: Versions,
  met: Met,
): void {
  const sessions = sessionsOf(table, versions.happened);
  const keys = micros.keys.length;
  const stamp = int32s(keys).fill(-1);
  const version = int32s(keys);
  const by = int32s(keys);
  const onlyRead = int32s(keys);
  const meetings = new Meetings(micros, versions);
  for (const t of sessions.order) {
    const session = sessions.of[t]!;
    const { keys: touched, first, firstRead, last, lastRead } = meetings.of(t);
    for (let i = 0; i < touched.length; i++) {
      const key = touched[i]!;
      if (stamp[key] === session && version[key] !== first[i])
        met(version[key]!, first[i]!, by[key]!, t, onlyRead[key]! + (firstRead[i] ? 2 : 0));
      stamp[key] = session;
      version[key] = last[i]!;
      by[key] = t;
      onlyRead[key] = lastRead[i] ? 1 : 0;
    }
  }
}

/**
 * Real time: meetings of a key of which the one was over before the other began, and none lies between them. Of each key those that are over are kept,
 * except where another began after them and is over too: at most as many as were ever concurrent. Cost: linear in meetings times that.
 */
export function sweepRealtime(
  table: TransactionTable,
  micros: MicroOperations,
  versions: Versions,
  met: Met,
): void {
  const { events, count, outcome, invokedAt, completedAt } = table;
  const startedAt = int32s(events).fill(-1);
  const endedAt = int32s(events).fill(-1);
  for (let t = 0; t < count; t++) {
    if (versions.happened[t] === 0) continue;
    startedAt[invokedAt[t]!] = t;
    if (outcome[t] === OK) endedAt[completedAt[t]!] = t;
  }
  const entries = micros.writes.count + micros.reads.count;
  const head = int32s(micros.keys.length).fill(-1);
  const next = int32s(entries);
  const version = int32s(entries);
  const by = int32s(entries);
  const onlyRead = int32s(entries);
  let used = 0;
  const meetings = new Meetings(micros, versions);
  for (let at = 0; at < events; at++) {
    const started = startedAt[at]!;
    if (started >= 0) {
      const { keys, first, firstRead } = meetings.of(started);
      for (let i = 0; i < keys.length; i++) {
        let told = -1;
        for (let entry = head[keys[i]!]!; entry >= 0; entry = next[entry]!) {
          if (version[entry] === first[i] || version[entry] === told) continue;
          told = version[entry]!;
          met(told, first[i]!, by[entry]!, started, onlyRead[entry]! + (firstRead[i] ? 2 : 0));
        }
      }
    }
    const ended = endedAt[at]!;
    if (ended < 0) continue;
    const { keys, last, lastRead } = meetings.of(ended);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!;
      let kept = -1;
      for (let entry = head[key]!; entry >= 0; ) {
        const following = next[entry]!;
        if (completedAt[by[entry]!]! > invokedAt[ended]!) {
          next[entry] = kept;
          kept = entry;
        }
        entry = following;
      }
      version[used] = last[i]!;
      by[used] = ended;
      onlyRead[used] = lastRead[i] ? 1 : 0;
      next[used] = kept;
      head[key] = used++;
    }
  }
}
