import { int32s } from '../transactions/arrays.ts';
import { type Groups, groupBy } from '../transactions/group-by.ts';
import { IntList } from '../transactions/int-list.ts';
import type { TransactionTable } from '../transactions/transaction-table.ts';
import { CHANGED, FIRST, type MicroOperations } from './micro-operations.ts';
import { type Met, sweepProcesses, sweepRealtime } from './sweeps.ts';
import { nodeOf, type Versions } from './versions.ts';

/** Why a version precedes another of its key. */
export const BY_INITIAL = 0;
/** One transaction read the first and wrote the second. */
export const BY_UPDATE = 1;
/** A process saw or wrote the first, then the second. */
export const BY_PROCESS = 2;
/** A transaction that saw or wrote the first was over before one that saw or wrote the second began. */
export const BY_REALTIME = 3;

/** Orders between versions of a key, as columns. */
export class VersionEdges {
  readonly from = new IntList();
  readonly to = new IntList();
  readonly why = new IntList();
  /** The transactions that show it: `before` wrote or saw the one, `after` the other. */
  readonly before = new IntList();
  readonly after = new IntList();
  /** 1 if `before` only read, plus 2 if `after` only read. */
  readonly seen = new IntList();

  get count(): number {
    return this.from.length;
  }

  add(from: number, to: number, why: number, before: number, after: number, seen: number): void {
    this.from.push(from);
    this.to.push(to);
    this.why.push(why);
    this.before.push(before);
    this.after.push(after);
    this.seen.push(seen);
  }
}

/** The reads of each version by others than its writer. Cost: linear in reads. */
export function readersOf(micros: MicroOperations, versions: Versions): Groups {
  const { writes, reads, keys } = micros;
  const nodes = int32s(reads.count);
  for (let read = 0; read < reads.count; read++) {
    const kind = reads.kind[read];
    const node =
      kind === FIRST || kind === CHANGED
        ? nodeOf(micros, versions, versions.source[read]!, reads.key[read]!)
        : -1;
    const own = node < writes.count && writes.transaction[node] === reads.transaction[read];
    nodes[read] = own ? -1 : node;
  }
  return groupBy(nodes, writes.count + keys.length);
}

/**
 * What is known of the order of versions: the initial state comes first; a version comes after the one that its writer had read (else there were a
 * `G1c`); and in the order in which processes and, if the history tells real time, the world met them (else there were a cycle with these orders).
 * Orders that would add no dependency between transactions are left out, unless `all` are asked for.
 * Cost: linear in micro-operations, times the concurrency on a key for real time.
 */
export function versionEdges(
  table: TransactionTable,
  micros: MicroOperations,
  versions: Versions,
  readers: Groups,
  all: boolean,
): VersionEdges {
  const { writes } = micros;
  const { version, basis } = versions;
  const edges = new VersionEdges();
  const isRead = (node: number): boolean => readers.from[node] !== readers.from[node + 1];
  for (let write = 0; write < writes.count; write++) {
    if (version[write] === 0) continue;
    const t = writes.transaction[write]!;
    const key = writes.key[write]!;
    const base = nodeOf(micros, versions, basis[write]!, key);
    if (base >= 0 && base < writes.count && writes.transaction[base] !== t) {
      if (all || isRead(base)) edges.add(base, write, BY_UPDATE, t, t, 1);
    } else if (all || isRead(writes.count + key)) {
      edges.add(writes.count + key, write, BY_INITIAL, t, t, 0);
    }
  }
  const met = (why: number): Met => {
    return (from, to, before, after, seen) => {
      if (from >= writes.count || (to >= writes.count && !all)) return;
      if (all || seen !== 0 || isRead(from)) edges.add(from, to, why, before, after, seen);
    };
  };
  if (table.realtime) {
    sweepProcesses(table, micros, versions, met(BY_PROCESS));
    sweepRealtime(table, micros, versions, met(BY_REALTIME));
  }
  return edges;
}
