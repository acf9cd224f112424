import type { Layout } from './graph-layout.ts';

/** In a tree of paths: not reached. */
export const UNREACHED = -1;
/** In a tree of paths: the source itself. */
export const SOURCE = -2;

/**
 * Dijkstra from one switch over the live switches and links. Of several shortest paths the one wins whose last switch
 * before the target has the lowest number, and so on backwards; of parallel links the lowest.
 *
 * @returns For each node the link over which the path reaches it, UNREACHED, or SOURCE. Cost: O(links log links).
 */
export function pathsFrom(
  source: number,
  layout: Layout,
  nodeDown: Int32Array,
  linkDown: Int32Array,
): Int32Array {
  const { linkFrom, linkTo, linkLatency, adjacentStart, adjacent } = layout;
  const nodes = layout.nodeNames.length;
  const tree = new Int32Array(nodes).fill(UNREACHED);
  if (nodeDown[source]! > 0) return tree;
  const distance = new Float64Array(nodes).fill(Number.POSITIVE_INFINITY);
  const settled = new Uint8Array(nodes);
  const queue = new NodeQueue();
  tree[source] = SOURCE;
  distance[source] = 0;
  queue.push(0, source);
  for (let node = queue.pop(); node >= 0; node = queue.pop()) {
    if (settled[node] === 1) continue;
    settled[node] = 1;
    const end = adjacentStart[node + 1]!;
    for (let i = adjacentStart[node]!; i < end; i++) {
      const link = adjacent[i]!;
      if (linkDown[link]! > 0) continue;
      const other = linkFrom[link]! === node ? linkTo[link]! : linkFrom[link]!;
      if (nodeDown[other]! > 0 || settled[other] === 1) continue;
      const length = distance[node]! + linkLatency[link]!;
      if (length > distance[other]!) continue;
      if (length < distance[other]!) {
        distance[other] = length;
        queue.push(length, other);
        tree[other] = link;
      } else {
        const rival = tree[other]!;
        const before = linkFrom[rival]! === other ? linkTo[rival]! : linkFrom[rival]!;
        if (node < before) tree[other] = link;
      }
    }
  }
  return tree;
}

/** A binary heap of nodes by distance, then number. */
class NodeQueue {
  private readonly distances: number[] = [];
  private readonly nodes: number[] = [];

  push(distance: number, node: number): void {
    let at = this.nodes.length;
    this.distances.push(distance);
    this.nodes.push(node);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.before(at, parent)) break;
      this.swap(at, parent);
      at = parent;
    }
  }

  /** The nearest node, or -1. */
  pop(): number {
    const last = this.nodes.length - 1;
    if (last < 0) return -1;
    this.swap(0, last);
    const nearest = this.nodes.pop()!;
    this.distances.pop();
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= last) return nearest;
      if (child + 1 < last && this.before(child + 1, child)) child++;
      if (!this.before(child, at)) return nearest;
      this.swap(at, child);
      at = child;
    }
  }

  private before(a: number, b: number): boolean {
    const difference = this.distances[a]! - this.distances[b]!;
    return difference < 0 || (difference === 0 && this.nodes[a]! < this.nodes[b]!);
  }

  private swap(a: number, b: number): void {
    const distance = this.distances[a]!;
    this.distances[a] = this.distances[b]!;
    this.distances[b] = distance;
    const node = this.nodes[a]!;
    this.nodes[a] = this.nodes[b]!;
    this.nodes[b] = node;
  }
}
