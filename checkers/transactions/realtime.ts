import { int32s } from './arrays.ts';
import { FREE, type GraphBuilder, PROCESS, REALTIME } from './graph.ts';
import { FAILED, OK, type TransactionTable } from './transaction-table.ts';

/**
 * Real time as edges, linear in number instead of quadratic: points in time are virtual nodes. A transaction that was
 * acknowledged leads to the point after its completion, each point to the next, and a point to the transactions invoked
 * after it. A new point is made only when a completion follows an invocation, so there are at most as many as transactions.
 * What failed has no place in it, and what is indeterminate never ends. Cost: linear.
 */
export function addRealtime(graph: GraphBuilder, table: TransactionTable): void {
  const { events, count, outcome, invokedAt, completedAt } = table;
  const startedAt = int32s(events).fill(-1);
  const endedAt = int32s(events).fill(-1);
  for (let t = 0; t < count; t++) {
    if (outcome[t] === FAILED) continue;
    startedAt[invokedAt[t]!] = t;
    if (outcome[t] === OK) endedAt[completedAt[t]!] = t;
  }
  let point = -1;
  let used = true;
  for (let at = 0; at < events; at++) {
    const ended = endedAt[at]!;
    if (ended >= 0) {
      if (used) {
        const next = graph.node();
        if (point >= 0) graph.edge(point, next, FREE);
        point = next;
        used = false;
      }
      graph.edge(ended, point, REALTIME);
    }
    const started = startedAt[at]!;
    if (started >= 0 && point >= 0) {
      graph.edge(point, started, FREE);
      used = true;
    }
  }
}

/** Edges between neighbours in each process, among the transactions for which `wanted` holds. Cost: linear. */
export function addProcesses(
  table: TransactionTable,
  wanted: (transaction: number) => boolean,
  edge: (from: number, to: number, type: typeof PROCESS) => void,
): void {
  const last = new Map<number, number>();
  for (let t = 0; t < table.count; t++) {
    if (table.outcome[t] === FAILED || !wanted(t)) continue;
    const process = table.processOf(t);
    const before = last.get(process);
    if (before !== undefined) edge(before, t, PROCESS);
    last.set(process, t);
  }
}
