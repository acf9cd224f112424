import { addAllPairs } from '../transactions/all-pairs.ts';
import { type GraphBuilder, RW, WR, WW } from '../transactions/graph.ts';
import { FAILED, type TransactionTable } from '../transactions/transaction-table.ts';
import type { MicroOperations } from './micro-operations.ts';
import type { VersionOrders } from './version-orders.ts';

/**
 * Adds the dependencies that the version orders prove, each with the append that it is about as its reason.
 *
 * An append that no read shows, of a transaction that happened, comes after everything that reads show: its place among others of that kind is
 * unknown, but it follows the last known append, and whoever read the last version came before it. With m such readers and n such appends,
 * virtual nodes keep that to O(m + n) edges.
 *
 * Elements that nobody, or only a failed transaction, appended are passed over: what is before them still precedes what is after.
 * If the transactions are acyclic under these edges, and nothing else is wrong, then each order that keeps them explains all reads.
 * Cost: linear in appends and reads.
 */
export function addDependencies(
  graph: GraphBuilder,
  table: TransactionTable,
  micros: MicroOperations,
  versions: VersionOrders,
): void {
  const { appends, reads, keys } = micros;
  const { order, from, position, observed, ambiguous, happened, appendsOf, readsOf } = versions;
  const writer = appends.transaction;
  const live = (append: number): boolean => append >= 0 && table.outcome[writer[append]!] !== FAILED;
  let next = new Int32Array(64);
  let last = new Int32Array(64);

  for (let key = 0; key < keys.length; key++) {
    const start = from[key]!;
    const length = from[key + 1]! - start;
    if (next.length <= length) {
      next = new Int32Array(length * 2);
      last = new Int32Array(length * 2);
    }
    // last[i]: the last live append before position i; next[i]: the first one from i on.
    last[0] = -1;
    for (let i = 0; i < length; i++) {
      const append = order[start + i]!;
      const before = last[i]!;
      if (!live(append)) {
        last[i + 1] = before;
        continue;
      }
      last[i + 1] = append;
      if (before >= 0 && writer[before] !== writer[append])
        graph.edge(writer[before]!, writer[append]!, WW, append);
    }
    next[length] = -1;
    for (let i = length - 1; i >= 0; i--)
      next[i] = live(order[start + i]!) ? order[start + i]! : next[i + 1]!;

    const firstRead = readsOf.from[key]!;
    const endRead = readsOf.from[key + 1]!;
    if (firstRead === endRead) continue;
    for (let i = firstRead; i < endRead; i++) {
      const read = readsOf.items[i]!;
      const reader = reads.transaction[read]!;
      const seen = reads.length[read]!;
      if (seen > length) continue;
      const wrote = last[seen]!;
      if (wrote >= 0 && writer[wrote] !== reader) graph.edge(writer[wrote]!, reader, WR, wrote);
      const overwrote = next[seen]!;
      if (overwrote >= 0 && writer[overwrote] !== reader)
        graph.edge(reader, writer[overwrote]!, RW, overwrote);
    }
    if (versions.complete[key] === 0) {
      addReadsBeyond(key);
      continue;
    }

    const unseen: number[] = [];
    for (let i = appendsOf.from[key]!; i < appendsOf.from[key + 1]!; i++) {
      const append = appendsOf.items[i]!;
      if (position[append]! >= 0 || observed[append] === 1 || ambiguous[append] === 1) continue;
      // Of several by one transaction the first is enough.
      const other = unseen.at(-1);
      if (other !== undefined && writer[other] === writer[append]) continue;
      if (happened[writer[append]!] === 1) unseen.push(append);
    }
    if (unseen.length === 0) continue;
    const tail = last[length]!;
    for (const append of unseen) {
      if (tail >= 0 && writer[tail] !== writer[append])
        graph.edge(writer[tail]!, writer[append]!, WW, append);
    }
    const readersOf: number[] = [];
    for (let i = firstRead; i < endRead; i++) {
      const read = readsOf.items[i]!;
      if (next[reads.length[read]!]! < 0) readersOf.push(reads.transaction[read]!);
    }
    addAllPairs(graph, readersOf, RW, unseen, (append) => writer[append]!);
  }

  /** Reads that go on where others disagree still saw what they saw. */
  function addReadsBeyond(key: number): void {
    const length = from[key + 1]! - from[key]!;
    const writerOf = versions.writersOf(key);
    for (let i = readsOf.from[key]!; i < readsOf.from[key + 1]!; i++) {
      const read = readsOf.items[i]!;
      const reader = reads.transaction[read]!;
      for (let at = reads.length[read]! - 1; at >= length; at--) {
        const append = writerOf(reads.list[read]![at]!);
        if (!live(append)) continue;
        if (writer[append] !== reader) graph.edge(writer[append]!, reader, WR, append);
        break;
      }
    }
  }
}
