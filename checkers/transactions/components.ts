import { copyOf, int32s } from './arrays.ts';
import { allows, type Graph } from './graph.ts';

/** Strongly connected components of more than one node. */
export interface Components {
  readonly count: number;
  /** The component of each node, -1 for nodes on no cycle. */
  readonly of: Int32Array;
}

/**
 * Tarjan's algorithm (1972) over the edges whose type the mask allows, with its recursion in arrays.
 * Graphs have no edges from a node to itself. Cost: linear in nodes and edges.
 */
export function stronglyConnected(graph: Graph, mask: number): Components {
  const { nodes, offsets, targets, types } = graph;
  const of = int32s(nodes).fill(-1);
  // 0: not visited. A node whose component is finished gets the largest, so that it lowers nobody's link.
  const low = int32s(nodes);
  const open = int32s(nodes);
  const path = int32s(nodes);
  const order = int32s(nodes);
  const cursor = copyOf(offsets, nodes);
  let visited = 0;
  let openCount = 0;
  let count = 0;
  for (let root = 0; root < nodes; root++) {
    if (low[root] !== 0) continue;
    let depth = 0;
    path[0] = root;
    low[root] = order[root] = ++visited;
    open[openCount++] = root;
    while (depth >= 0) {
      const node = path[depth]!;
      const end = offsets[node + 1]!;
      let at = cursor[node]!;
      let lowest = low[node]!;
      let deeper = -1;
      for (; at < end; at++) {
        if (!allows(mask, types[at]!)) continue;
        const target = targets[at]!;
        const theirs = low[target]!;
        if (theirs === 0) {
          deeper = target;
          at++;
          break;
        }
        if (theirs < lowest) lowest = theirs;
      }
      cursor[node] = at;
      low[node] = lowest;
      if (deeper >= 0) {
        path[++depth] = deeper;
        low[deeper] = order[deeper] = ++visited;
        open[openCount++] = deeper;
        continue;
      }
      depth--;
      if (depth >= 0 && lowest < low[path[depth]!]!) low[path[depth]!] = lowest;
      if (lowest !== order[node]) continue;
      const alone = open[openCount - 1] === node;
      let member: number;
      do {
        member = open[--openCount]!;
        low[member] = FINISHED;
        if (!alone) of[member] = count;
      } while (member !== node);
      if (!alone) count++;
    }
  }
  return { count, of };
}

const FINISHED = 0x7fffffff;
