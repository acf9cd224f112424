import { type EdgeType, FREE, type GraphBuilder } from './graph.ts';

/**
 * Edges from each source to the transaction of each reason but itself: with m sources and n reasons, virtual nodes that stand for "the first i"
 * and "from i on" keep them to O(m + n). Each edge to a transaction carries its reason. No transaction has two of the reasons.
 */
export function addAllPairs(
  graph: GraphBuilder,
  sources: readonly number[],
  type: EdgeType,
  reasons: readonly number[],
  transactionOf: (reason: number) => number,
): void {
  if (sources.length <= 2 || reasons.length <= 2) {
    for (const source of sources) {
      for (const reason of reasons) {
        const target = transactionOf(reason);
        if (target !== source) graph.edge(source, target, type, reason);
      }
    }
    return;
  }
  const own = new Map(reasons.map((reason, i) => [transactionOf(reason), i]));
  const firsts: number[] = [];
  const rests: number[] = [];
  reasons.forEach((reason, i) => {
    const first = graph.node();
    const rest = graph.node();
    graph.edge(first, transactionOf(reason), FREE, reason);
    graph.edge(rest, transactionOf(reason), FREE, reason);
    if (i > 0) {
      graph.edge(first, firsts[i - 1]!, FREE);
      graph.edge(rests[i - 1]!, rest, FREE);
    }
    firsts.push(first);
    rests.push(rest);
  });
  for (const source of sources) {
    const i = own.get(source);
    if (i === undefined) graph.edge(source, rests[0]!, type);
    else {
      if (i > 0) graph.edge(source, firsts[i - 1]!, type);
      if (i + 1 < rests.length) graph.edge(source, rests[i + 1]!, type);
    }
  }
}
