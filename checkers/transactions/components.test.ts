import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stronglyConnected } from './components.ts';
import { FREE, type Graph, GraphBuilder, RW, WR, WW } from './graph.ts';

type Edge = readonly [from: number, to: number, type: number];

function graphOf(nodes: number, edges: readonly Edge[]): Graph {
  const builder = new GraphBuilder(nodes);
  for (const [from, to, type] of edges) builder.edge(from, to, type);
  return builder.build();
}

/** Sets of more than one node that reach each other, by definition. */
function byDefinition(nodes: number, edges: readonly Edge[], mask: number): string[] {
  const reach = Array.from({ length: nodes }, (_, i) => new Set([i]));
  for (let round = 0; round < nodes; round++) {
    for (const [from, to, type] of edges) {
      if (type !== FREE && (type & mask) === 0) continue;
      for (const set of reach) if (set.has(from)) set.add(to);
    }
  }
  const sets = reach.map((set, i) => [...set].filter((j) => reach[j]!.has(i)).sort((a, b) => a - b));
  return [...new Set(sets.filter(({ length }) => length > 1).map(String))].sort();
}

function components(graph: Graph, mask: number): string[] {
  const { count, of } = stronglyConnected(graph, mask);
  const sets = Array.from({ length: count }, (): number[] => []);
  of.forEach((component, node) => {
    if (component >= 0) sets[component]!.push(node);
  });
  return sets.map(String).sort();
}

describe('strongly connected components', () => {
  it('of two cycles joined one way', () => {
    const graph = graphOf(6, [
      [0, 1, WW],
      [1, 0, WR],
      [1, 2, WW],
      [2, 3, WW],
      [3, 4, RW],
      [4, 2, FREE],
    ]);
    expect(components(graph, -1)).toEqual(['0,1', '2,3,4']);
    expect(components(graph, WW | RW)).toEqual(['2,3,4']);
    expect(components(graph, WW)).toEqual([]);
  });

  it('are those of the definition', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(8), fc.nat(8), fc.constantFrom(FREE, WW, WR, RW)), { maxLength: 20 }),
        fc.constantFrom(WW, WW | WR, -1),
        (drawn, mask) => {
          const edges = drawn.filter(([from, to]) => from !== to);
          expect(components(graphOf(9, edges), mask)).toEqual(byDefinition(9, edges, mask));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('a path of a hundred thousand nodes needs no deep recursion', () => {
    const nodes = 100_000;
    const graph = graphOf(
      nodes,
      Array.from({ length: nodes }, (_, i) => [i, (i + 1) % nodes, WW] as const),
    );
    expect(stronglyConnected(graph, -1).count).toBe(1);
  });
});
