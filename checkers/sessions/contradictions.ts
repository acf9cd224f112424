import type { Pace } from '../budget.ts';
import { int32s } from '../transactions/arrays.ts';
import { stronglyConnected } from '../transactions/components.ts';
import { type Graph, type GraphBuilder, WW } from '../transactions/graph.ts';

/** Writes of which each must come before the next, and the last before the first. */
export interface Contradiction {
  readonly writes: readonly number[];
  /** By position in `writes`: the reason of the edge that leads there from the one before (from the last, for the first). */
  readonly reasons: readonly number[];
}

/** Searches from that many writes of a component; the shortest of their cycles is reported. */
const STARTS_MAX = 24;

/**
 * The shortest cycle found of each component of the graph in which two operations must precede each other. Nodes from `builder.transactions` on
 * are sets and do not count. Cost: linear, and again for each of the first starts in a component.
 */
export function contradictions(builder: GraphBuilder, most: number, pace: Pace): Contradiction[] {
  const graph = builder.build();
  const { count, of } = stronglyConnected(graph, WW);
  const starts: number[][] = Array.from({ length: count }, () => []);
  const sizes = int32s(count);
  for (let n = 0; n < graph.transactions; n++) {
    const component = of[n]!;
    if (component < 0) continue;
    sizes[component]!++;
    if (starts[component]!.length < STARTS_MAX) starts[component]!.push(n);
  }
  const search = new CycleSearch(graph, of);
  const found: Contradiction[] = [];
  for (let component = 0; component < count && found.length < most && !pace.over(); component++) {
    if (sizes[component]! < 2) continue;
    let shortest: Contradiction | undefined;
    for (const start of starts[component]!) {
      const cycle = search.from(start);
      if (cycle !== undefined && (shortest === undefined || cycle.writes.length < shortest.writes.length)) {
        shortest = cycle;
      }
      if (shortest?.writes.length === 2) break;
    }
    if (shortest !== undefined) found.push(shortest);
  }
  return found;
}

class CycleSearch {
  private readonly graph: Graph;
  private readonly component: Int32Array;
  /** By node, the start that last saw it. */
  private readonly seenBy: Int32Array;
  /** For sets that are reached from the start itself: there they do not close a cycle, from elsewhere they do. */
  private readonly seenFirst: Int32Array;
  /** By operation, the one before it on the way from the start. */
  private readonly parent: Int32Array;
  private readonly reason: Int32Array;

  constructor(graph: Graph, component: Int32Array) {
    this.graph = graph;
    this.component = component;
    this.seenBy = int32s(graph.nodes).fill(-1);
    this.seenFirst = int32s(graph.nodes).fill(-1);
    this.parent = int32s(graph.transactions);
    this.reason = int32s(graph.transactions);
  }

  /** Breadth first by the number of operations: sets are passed through at no cost. */
  from(start: number): Contradiction | undefined {
    const { offsets, targets, reasons, transactions } = this.graph;
    let level = [start];
    // Of each node in the level, the operation from which it was reached, or which it is.
    let owners = [start];
    for (let depth = 0; level.length > 0; depth++) {
      const next: number[] = [];
      for (let i = 0; i < level.length; i++) {
        const node = level[i]!;
        const owner = owners[i]!;
        for (let e = offsets[node]!; e < offsets[node + 1]!; e++) {
          const target = targets[e]!;
          if (this.component[target] !== this.component[start]) continue;
          if (target === start) {
            // A set that holds the start leads back to it: that says nothing.
            if (depth > 0) return this.trace(start, owner, reasons[e]!);
            continue;
          }
          const seen = depth === 0 && target >= transactions ? this.seenFirst : this.seenBy;
          if (seen[target] === start) continue;
          seen[target] = start;
          if (target < transactions) {
            this.parent[target] = owner;
            this.reason[target] = reasons[e]!;
            next.push(target);
          } else {
            level.push(target);
            owners.push(owner);
          }
        }
      }
      level = next;
      owners = next.slice();
    }
    return undefined;
  }

  private trace(start: number, last: number, reason: number): Contradiction {
    const writes: number[] = [];
    const reasons: number[] = [];
    for (let write = last; write !== start; write = this.parent[write]!) {
      writes.push(write);
      reasons.push(this.reason[write]!);
    }
    writes.push(start);
    reasons.push(reason);
    writes.reverse();
    reasons.reverse();
    // The earliest first.
    const first = writes.indexOf(Math.min(...writes));
    const turned = <Item>(items: Item[]): Item[] => [...items.slice(first), ...items.slice(0, first)];
    return { writes: turned(writes), reasons: turned(reasons) };
  }
}
