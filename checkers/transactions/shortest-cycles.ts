import { ClosedWalks } from './closed-walk.ts';
import type { Components } from './components.ts';
import type { CycleStep } from './cycle-classes.ts';
import type { Graph } from './graph.ts';

/** Edges of a component from which a shorter cycle is looked for. */
const TRIES = 100;
/** Edges looked at for each of those, in proportion to the size of the graph. */
const PERSISTENCE = 2;

/**
 * For each component a short cycle in it, whatever its edges are: the shortest through any of the first edges of the component that are tried; those
 * of the type `first` are tried before others. Components beyond `most` are passed over. Cost: linear for each edge that is tried.
 */
export function shortestCycles(
  graph: Graph,
  components: Components,
  mask: number,
  first: number,
  most: number,
): CycleStep[][] {
  const walks = new ClosedWalks(graph);
  const rule = { mask, extra: 0, antiDependencies: 'any' } as const;
  const wanted = Math.min(components.count, most);
  const best: (CycleStep[] | undefined)[] = new Array(wanted).fill(undefined);
  const tries = new Array<number>(wanted).fill(0);
  const budget = graph.targets.length * PERSISTENCE + 1000;
  for (const round of [true, false]) {
    for (let node = 0; node < graph.nodes; node++) {
      const component = components.of[node]!;
      if (component < 0 || component >= wanted) continue;
      for (let e = graph.offsets[node]!; e < graph.offsets[node + 1]!; e++) {
        if (components.of[graph.targets[e]!] !== component) continue;
        if (((graph.types[e]! & first) !== 0) !== round) continue;
        if (best[component] !== undefined && tries[component]! >= TRIES) continue;
        tries[component]!++;
        const limit = best[component]?.length ?? Number.POSITIVE_INFINITY;
        const steps = { left: best[component] === undefined ? Number.POSITIVE_INFINITY : budget };
        best[component] = walks.find(node, e, rule, components, limit, steps) ?? best[component];
      }
    }
  }
  return best.flatMap((cycle) => (cycle === undefined ? [] : [cycle]));
}
