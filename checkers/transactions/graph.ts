import { copyOf, int32s, uint8s } from './arrays.ts';
import { IntList } from './int-list.ts';

/**
 * Why one transaction precedes another. The values are bits, so that sets of them are masks.
 * - `WW`: the second wrote the version after the first's;
 * - `WR`: the second read what the first wrote;
 * - `RW`: the first read a version that the second overwrote (an anti-dependency);
 * - `PROCESS`: one process ran the first, then the second;
 * - `REALTIME`: the first was over before the second began;
 * - `FREE`: leaves a virtual node (a point in time, the end of a version order). How that node was entered says why.
 *
 * Where an order of versions is not shown but inferred, since the opposite order would be an anomaly itself, a `WW` or `RW` carries more
 * bits: `PROCESS` or `REALTIME` if the inference rests on those, and for `WW` what the opposite order would be at best:
 * - `INFORMED`: a `G1c`, so that the edge cannot prove a `G0`;
 * - `SIGHTED`: a `G-single`, so that it can prove no less.
 */
export const FREE = 0;
export const WW = 1;
export const WR = 2;
export const RW = 4;
export const PROCESS = 8;
export const REALTIME = 16;
export const INFORMED = 32;
export const SIGHTED = 64;
export type EdgeType = number;

/**
 * A directed graph in compressed sparse rows: the edges of node `n` are `offsets[n]` to `offsets[n + 1]`.
 * Transactions come first; nodes from `transactions` on are virtual. Edges with a type start at transactions.
 */
export interface Graph {
  readonly nodes: number;
  readonly transactions: number;
  readonly offsets: Int32Array;
  readonly targets: Int32Array;
  readonly types: Uint8Array;
  /** What an explanation needs of an edge: for lists, the append that is meant. -1: nothing. */
  readonly reasons: Int32Array;
}

/** Collects edges, then sorts them by source. Cost: linear in nodes and edges. */
export class GraphBuilder {
  readonly transactions: number;
  nodes: number;
  private readonly from: IntList;
  private readonly to: IntList;
  private readonly types: IntList;
  private readonly reasons: IntList;

  constructor(transactions: number, capacity = transactions * 6) {
    this.transactions = transactions;
    this.nodes = transactions;
    this.from = new IntList(capacity);
    this.to = new IntList(capacity);
    this.types = new IntList(capacity);
    this.reasons = new IntList(capacity);
  }

  /** A new virtual node. */
  node(): number {
    return this.nodes++;
  }

  edge(from: number, to: number, type: EdgeType, reason = -1): void {
    this.from.push(from);
    this.to.push(to);
    this.types.push(type);
    this.reasons.push(reason);
  }

  build(): Graph {
    const from = this.from.view();
    const to = this.to.view();
    const givenTypes = this.types.view();
    const givenReasons = this.reasons.view();
    const offsets = int32s(this.nodes + 1);
    for (let e = 0; e < from.length; e++) offsets[from[e]! + 1]!++;
    for (let n = 0; n < this.nodes; n++) offsets[n + 1]! += offsets[n]!;
    const next = copyOf(offsets, this.nodes);
    const targets = int32s(from.length);
    const types = uint8s(from.length);
    const reasons = int32s(from.length);
    for (let e = 0; e < from.length; e++) {
      const at = next[from[e]!]!++;
      targets[at] = to[e]!;
      types[at] = givenTypes[e]!;
      reasons[at] = givenReasons[e]!;
    }
    return { nodes: this.nodes, transactions: this.transactions, offsets, targets, types, reasons };
  }
}

/** Whether an edge of this type may be taken when the types of the mask are allowed: all that it rests on must be. */
export function allows(mask: number, type: EdgeType): boolean {
  return (type & ~mask) === 0;
}
