import type { History, Json } from '../../histories/index.ts';
import { Pace } from '../budget.ts';
import type { Budget, Checker, Verdict } from '../checker.ts';
import { identityOf } from '../shared/identity.ts';
import { Reports } from '../shared/reports.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { inWords } from '../shared/words.ts';
import { atLeast, forbidding, isClaimed } from '../transactions/claimed.ts';
import { findCycles } from '../transactions/find-cycles.ts';
import { GraphBuilder, RW, WR, WW } from '../transactions/graph.ts';
import { type TransactionTable, transactionsOf } from '../transactions/transaction-table.ts';
import { explainCycle, introduce, operationsOf } from './explanation.ts';
import { type MicroOperations, microOperationsOf, type Read } from './micro-operations.ts';
import { type LongForkOptions, optionsSchema } from './options.ts';
import { type Versions, versionsOf } from './versions.ts';

const STEPS_DEFAULT = 200_000_000;

/** The classes of cycles that transactions of only reads or only writes can have. */
const NAMES: { readonly [cycle: string]: string } = {
  G0: 'G0',
  'G-single': 'read-skew',
  'G-nonadjacent': 'long-fork',
};

/**
 * Whether all snapshots agree on one order of the writes. Transactions either write, `["w", key, value]`, or read several keys,
 * `["r", key, null]`. The versions of each key are in a known order (option `versions`), so that each read says which writes were before
 * it, and which after: an order that explains all reads exists if and only if that relation has no cycle. The anomalies:
 *
 * - `long-fork`: some reads order some writes one way, others the other way: two reads that each see the write that the other does not, or
 *   more of them in a ring. Parallel snapshot isolation permits it; prefix consistency and snapshot isolation do not (Cerone, Bernardi and Gotsman 2015, section 2);
 * - `read-skew`: a single read saw one write of a transaction and not another, or two versions of one key;
 * - `G0`: transactions that write several keys, in different orders;
 * - `garbage-read`, `aborted-read`: values that nobody wrote, or whose write failed.
 *
 * Real time plays no part: a consistent but old snapshot is no anomaly here. Exact where the orders are known: indeterminate writes that a read shows have
 * happened, others may not have. Keys whose order is not known, such as keys written twice with `versions: once`, are left out, and then a
 * history without anomalies is unknown. Anomalies that the claimed model permits are counted only. A step of the budget is an edge looked at in search of the shortest
 * cycles.
 */
export const longFork: Checker<LongForkOptions> = {
  name: 'long-fork',
  summary: 'reads of several keys agree on one order of the writes: no long fork',
  cost: 'linear in micro-operations, but for sorting the versions of each key; with violations, also in the edges searched for the shortest cycles',
  options: optionsSchema,
  check(history, options, budget) {
    const table = transactionsOf(history);
    const micros = microOperationsOf(table);
    const counts = { transactions: table.count };
    if (typeof micros === 'string') return verdictOf(this.name, { anomalies: [], reason: micros }, counts);
    return judged(history, table, micros, options, budget);
  },
};

function judged(
  history: History,
  table: TransactionTable,
  micros: MicroOperations,
  options: LongForkOptions,
  budget: Budget,
): Verdict {
  const pace = new Pace(budget);
  const versions = versionsOf(table, micros, options);
  const reports = new Reports();
  const found: { [name: string]: number } = {};
  const report = (name: string, explain: Parameters<Reports['add']>[1]): void => {
    found[name] = (found[name] ?? 0) + 1;
    if (isJudged(history, options, name)) reports.add(name, explain);
  };
  const graph = new GraphBuilder(table.count);
  for (const [from, end] of versions.range.values()) {
    for (let version = from + 1; version < end; version++)
      graph.edge(writerOf(versions, version - 1), writerOf(versions, version), WW, version);
  }
  for (const read of micros.reads) {
    const wrong = addRead(graph, versions, micros, read);
    if (wrong !== undefined) report(wrong, () => sourceless(table, micros, read));
    if (pace.over()) break;
  }
  const cycles = findCycles(
    graph.build(),
    { ...table, realtime: false },
    { left: budget.steps ?? STEPS_DEFAULT, pace },
  );
  for (const cycle of cycles.found) {
    const name = NAMES[cycle.name];
    if (name === undefined) continue;
    report(name, () => explainCycle(table, versions.writes, cycle));
    found[name] = cycles.counts[cycle.name]!;
  }
  const { keys: unorderedKeys } = versions.unordered;
  const figures = {
    transactions: table.count,
    ...(table.others > 0 && { otherOperations: table.others }),
    keys: micros.writes.size,
    ...(unorderedKeys > 0 && { unorderedKeys }),
    versions: versions.writes.length,
    readsOfKeys: micros.reads.length,
    snapshots: snapshots(micros.reads),
    found,
  };
  const undecided = cycles.undecided.flatMap((name) => NAMES[name] ?? []);
  const reason = unknown(pace, budget, undecided, versions, micros);
  return verdictOf(longFork.name, { anomalies: reports.anomalies, ...(reason && { reason }) }, figures);
}

/** Adds what a read says of the order. @returns the anomaly, if the value has no source. */
function addRead(
  graph: GraphBuilder,
  { range, at, writes }: Versions,
  { failed, writes: written }: MicroOperations,
  { transaction, key, value, identity }: Read,
): 'garbage-read' | 'aborted-read' | undefined {
  const ofKey = range.get(identityOf(key));
  if (value === null) {
    if (ofKey !== undefined && ofKey[0] < ofKey[1])
      graph.edge(transaction, writes[ofKey[0]]!.transaction, RW, ofKey[0]);
    return undefined;
  }
  const version = at.get(identity);
  if (version !== undefined) {
    graph.edge(writes[version]!.transaction, transaction, WR, version);
    if (version + 1 < ofKey![1]) graph.edge(transaction, writes[version + 1]!.transaction, RW, version + 1);
    return undefined;
  }
  if (failed.has(identity)) return 'aborted-read';
  // Of keys that are left out, nothing is said.
  return ofKey === undefined && written.has(identityOf(key)) ? undefined : 'garbage-read';
}

function writerOf({ writes }: Versions, version: number): number {
  return writes[version]!.transaction;
}

function isJudged(history: History, options: LongForkOptions, name: string): boolean {
  if (name === 'long-fork') {
    const forbidden = forbidding('G-nonadjacent');
    const prefix = atLeast('prefix');
    return isClaimed(history, options, (model) => forbidden(model) || prefix(model));
  }
  const source = { G0: 'G0', 'read-skew': 'G-single', 'garbage-read': 'garbage-read', 'aborted-read': 'G1a' };
  return isClaimed(history, options, forbidding(source[name as keyof typeof source]));
}

/** Reads of more than one key: only these can contradict each other. */
function snapshots(reads: readonly Read[]): number {
  let count = 0;
  for (let i = 1; i < reads.length; i++) {
    const { transaction } = reads[i]!;
    if (reads[i - 1]!.transaction === transaction && reads[i - 2]?.transaction !== transaction) count++;
  }
  return count;
}

function sourceless(table: TransactionTable, { failed }: MicroOperations, read: Read) {
  const { transaction, key, value, identity } = read;
  const write = failed.get(identity);
  const what = `T1 = (${introduce(table, transaction)}) read ${inWords(key)} = ${inWords(value)}`;
  return {
    ...((typeof key === 'string' || typeof key === 'number') && { key }),
    explanation:
      write === undefined
        ? `${what}, which nobody ever tried to write.`
        : `${what}, whose write failed: T2 = (${introduce(table, write.transaction)}).`,
    operations: operationsOf(table, write === undefined ? [transaction] : [transaction, write.transaction]),
    data: { key, value } satisfies Json,
  };
}

function unknown(
  pace: Pace,
  budget: Budget,
  undecided: readonly string[],
  { unordered }: Versions,
  { reads, writes }: MicroOperations,
): string | undefined {
  if (pace.ended) return `the bound of ${pace.bound} was reached before all reads were compared`;
  if (undecided.length > 0)
    return `the bound of ${budget.steps ?? STEPS_DEFAULT} steps was reached before ${undecided.join(', ')} could be excluded`;
  if (unordered.reason !== undefined) return unordered.reason;
  if (snapshots(reads) === 0) return 'no read of several keys was acknowledged';
  return writes.size < 2 ? 'fewer than two keys were written' : undefined;
}
