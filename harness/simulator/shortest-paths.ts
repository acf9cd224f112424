import type { Layout } from './graph-layout.ts';

/** Lengths are in 2^-16 ns, so that each link can weigh a little more than its latency: of equally fast paths the ones of fewest links win. */
const LINK = 1;
const NANO = 2 ** 16;

/**
 * Dijkstra from one switch over the live switches and links, by latency, then by number of links.
 *
 * @returns For each node its distance, infinity if it is not reached. Exact up to 137 s. Cost: O(links log links).
 */
export function distancesFrom(
  source: number,
  layout: Layout,
  nodeDown: Int32Array,
  linkDown: Int32Array,
): Float64Array {
  const { linkFrom, linkTo, linkLatency, adjacentStart, adjacent } = layout;
  const nodes = layout.nodeNames.length;
  const distances = new Float64Array(nodes).fill(Number.POSITIVE_INFINITY);
  if (nodeDown[source]! > 0) return distances;
  const settled = new Uint8Array(nodes);
  const queue = new NodeQueue();
  distances[source] = 0;
  queue.push(0, source);
  for (let node = queue.pop(); node >= 0; node = queue.pop()) {
    if (settled[node] === 1) continue;
    settled[node] = 1;
    const end = adjacentStart[node + 1]!;
    for (let i = adjacentStart[node]!; i < end; i++) {
      const link = adjacent[i]!;
      if (linkDown[link]! > 0) continue;
      const other = linkFrom[link]! === node ? linkTo[link]! : linkFrom[link]!;
      if (nodeDown[other]! > 0) continue;
      const length = distances[node]! + linkLatency[link]! * NANO + LINK;
      if (length >= distances[other]!) continue;
      distances[other] = length;
      queue.push(length, other);
    }
  }
  return distances;
}

/**
 * One of the shortest paths, walked back from the target. Wherever several links end one, `spread` picks among them in the order of their numbers:
 * different `spread`s use redundant switches and parallel cables evenly, the same one keeps to its path.
 *
 * @returns Links in the order of the walk (from the target to the source); undefined if there is no path. Cost: O(links at the switches on the way).
 */
export function pathBack(
  target: number,
  distances: Float64Array,
  spread: number,
  layout: Layout,
  linkDown: Int32Array,
): number[] | undefined {
  const { linkFrom, linkTo, linkLatency, adjacentStart, adjacent } = layout;
  if (distances[target] === Number.POSITIVE_INFINITY) return undefined;
  const path: number[] = [];
  let node = target;
  while (distances[node]! > 0) {
    const candidates: number[] = [];
    for (let i = adjacentStart[node]!; i < adjacentStart[node + 1]!; i++) {
      const link = adjacent[i]!;
      const before = linkFrom[link]! === node ? linkTo[link]! : linkFrom[link]!;
      // A dead switch has no distance, a dead cable may join two that have.
      if (linkDown[link]! > 0) continue;
      if (distances[before]! + linkLatency[link]! * NANO + LINK === distances[node]!) candidates.push(link);
    }
    const link = candidates[spread % candidates.length]!;
    path.push(link);
    node = linkFrom[link]! === node ? linkTo[link]! : linkFrom[link]!;
  }
  return path;
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
