import type { Pace } from '../budget.ts';
import type { Components } from './components.ts';
import type { CycleStep } from './cycle-classes.ts';
import { FREE, type Graph, RW } from './graph.ts';

/** What a walk may do, and must have done when it is back. */
export interface WalkRule {
  /** Types of edges allowed after the first. */
  readonly mask: number;
  /** One of these must occur; 0: none must. */
  readonly extra: number;
  /** `apart`: no two anti-dependencies in a row, all around. `together`: two in a row somewhere. */
  readonly antiDependencies: 'any' | 'apart' | 'together';
}

/** A bound on edges looked at, shared by all searches of a check. When time is over, none are left. */
export interface Steps {
  left: number;
  readonly pace?: Pace;
}

const EXTRA = 1;
const AFTER_RW = 2;
const TOGETHER = 4;
const STATES = 8;

/**
 * Finds the shortest way from a transaction by some of its edges and back within one component, counting transactions and not virtual nodes, that keeps
 * a rule. States are pairs of a node and what the walk has done so far; breadth first. Reused for many searches in one graph:
 * memory is eight integers for each node, and a search touches only what it reaches.
 */
export class ClosedWalks {
  private readonly graph: Graph;
  private readonly distance: Int32Array;
  private readonly parentState: Int32Array;
  private readonly parentEdge: Int32Array;
  private touched: number[] = [];

  constructor(graph: Graph) {
    this.graph = graph;
    const size = graph.nodes * STATES;
    this.distance = new Int32Array(size).fill(-1);
    this.parentState = new Int32Array(size);
    this.parentEdge = new Int32Array(size);
  }

  /**
   * The walk beginning with one of the edges of `source`, of fewer than `limit` transactions; `undefined` if there is none. Either all of the edges are
   * anti-dependencies, or none, where the rule asks. If `steps` ran out, the answer means nothing.
   */
  find(
    source: number,
    edges: readonly number[],
    rule: WalkRule,
    within: Components,
    limit: number,
    steps: Steps,
  ): CycleStep[] | undefined {
    const { offsets, targets, types } = this.graph;
    const { of } = within;
    const component = of[source]!;
    const first = types[edges[0]!]!;
    const { distance, parentState, parentEdge } = this;
    for (const state of this.touched) distance[state] = -1;
    this.touched = [];

    let level: number[] = [];
    for (const edge of edges) {
      const to = targets[edge]! * STATES + after(0, types[edge]!, rule);
      if (distance[to]! >= 0) continue;
      this.touched.push(to);
      distance[to] = 1;
      parentState[to] = -1;
      parentEdge[to] = edge;
      level.push(to);
    }
    for (let depth = 1; level.length > 0 && depth < limit; depth++) {
      const deeper: number[] = [];
      // Virtual nodes cost nothing, so what they lead to joins the level at hand.
      for (let i = 0; i < level.length; i++) {
        const at = level[i]!;
        if (distance[at] !== depth) continue;
        const node = Math.floor(at / STATES);
        const state = at % STATES;
        if (node === source && accepts(state, first, rule)) return this.trace(at);
        const end = offsets[node + 1]!;
        steps.left = steps.pace?.over() ? -1 : steps.left - (end - offsets[node]! + 1);
        if (steps.left < 0) return undefined;
        for (let e = offsets[node]!; e < end; e++) {
          const target = targets[e]!;
          if (of[target] !== component) continue;
          const kind = types[e]!;
          if ((kind & ~rule.mask) !== 0) continue;
          const next = after(state, kind, rule);
          if (next < 0) continue;
          const to = target * STATES + next;
          const cost = kind === FREE ? depth : depth + 1;
          const known = distance[to]!;
          if (known >= 0 && known <= cost) continue;
          if (known < 0) this.touched.push(to);
          distance[to] = cost;
          parentState[to] = at;
          parentEdge[to] = e;
          (kind === FREE ? level : deeper).push(to);
        }
      }
      level = deeper;
    }
    return undefined;
  }

  /** Back to the first edge; the edges that leave virtual nodes are joined to the one that entered the first of them. */
  private trace(end: number): CycleStep[] {
    const { targets, types, reasons, transactions } = this.graph;
    const edges: number[] = [];
    for (let at = end; at >= 0; at = this.parentState[at]!) edges.push(this.parentEdge[at]!);
    edges.reverse();
    const steps: CycleStep[] = [];
    let from = Math.floor(end / STATES);
    let type = FREE;
    let reason = -1;
    for (const edge of edges) {
      if (types[edge] !== FREE) type = types[edge]!;
      if (reasons[edge]! >= 0) reason = reasons[edge]!;
      const to = targets[edge]!;
      if (to >= transactions) continue;
      steps.push({ from, to, type, reason });
      from = to;
      type = FREE;
      reason = -1;
    }
    return steps;
  }
}

/** The state after an edge; -1 if the rule forbids it. */
function after(state: number, type: number, rule: WalkRule): number {
  if (type === FREE) return state;
  const extra = (type & rule.extra) !== 0 ? EXTRA : 0;
  if ((type & RW) !== 0) {
    if ((state & AFTER_RW) === 0) return state | AFTER_RW | extra;
    return rule.antiDependencies === 'apart' ? -1 : state | TOGETHER | extra;
  }
  return (state & ~AFTER_RW) | extra;
}

function accepts(state: number, first: number, { extra, antiDependencies }: WalkRule): boolean {
  if (extra !== 0 && (state & EXTRA) === 0) return false;
  if (antiDependencies === 'any') return true;
  const joined = (first & RW) !== 0 && (state & AFTER_RW) !== 0;
  return antiDependencies === 'apart' ? !joined : joined || (state & TOGETHER) !== 0;
}

/** Cuts a closed walk that passes a transaction twice into cycles that do not. */
export function simpleCycles(walk: readonly CycleStep[]): CycleStep[][] {
  const cycles: CycleStep[][] = [];
  const open: CycleStep[] = [];
  for (const step of walk) {
    open.push(step);
    const again = open.findIndex(({ from }) => from === step.to);
    if (again >= 0) cycles.push(open.splice(again));
  }
  return cycles;
}
