import { ClosedWalks } from './closed-walk.ts';
import type { Components } from './components.ts';
import type { CycleStep } from './cycle-classes.ts';
import type { Graph } from './graph.ts';
import { Shortening } from './shortening.ts';

export interface ShortCycle {
  readonly steps: readonly CycleStep[];
  /** Whether it is certain that the component has no shorter one. */
  readonly shortest: boolean;
}

/**
 * For each component a short cycle in it, whatever its edges are; of several that are as short, one that begins with an edge of the type `first`. Components beyond
 * `most` are passed over. Cost: as `Shortening`.
 */
export function shortestCycles(
  graph: Graph,
  components: Components,
  mask: number,
  first: number,
  most: number,
): ShortCycle[] {
  const walks = new ClosedWalks(graph);
  const unbounded = { left: Number.POSITIVE_INFINITY };
  const shortening = new Shortening(unbounded);
  const rule = { mask, extra: 0, antiDependencies: 'any' } as const;
  return startsOf(graph, components, mask, first, most).map(({ preferred, others, edges }) => {
    const starts = [...preferred, ...others];
    const find = (nth: number, limit: number, steps: { left: number }) =>
      walks.find(starts[nth]!.node, starts[nth]!.edges, rule, components, limit, steps);
    // Each of its transactions is on a cycle; of the edges of one type, perhaps none is.
    let any: CycleStep[] | undefined;
    for (let nth = 0; any === undefined; nth++) any = find(nth, Number.POSITIVE_INFINITY, unbounded);
    const { walk, shortest } = shortening.shorten(any, starts.length, edges, find);
    return { steps: walk, shortest };
  });
}

/** A transaction, and the edges to begin with. */
interface Start {
  readonly node: number;
  readonly edges: number[];
}

interface Starts {
  /** With edges of the type that is preferred. */
  readonly preferred: Start[];
  readonly others: Start[];
  edges: number;
}

function startsOf(
  graph: Graph,
  { count, of }: Components,
  mask: number,
  first: number,
  most: number,
): Starts[] {
  const components = Array.from(
    { length: Math.min(count, most) },
    (): Starts => ({ preferred: [], others: [], edges: 0 }),
  );
  for (let node = 0; node < graph.transactions; node++) {
    const component = components[of[node]!];
    if (component === undefined) continue;
    const preferred: number[] = [];
    const others: number[] = [];
    for (let e = graph.offsets[node]!; e < graph.offsets[node + 1]!; e++) {
      if ((graph.types[e]! & ~mask) !== 0 || of[graph.targets[e]!] !== of[node]) continue;
      ((graph.types[e]! & first) !== 0 ? preferred : others).push(e);
    }
    component.edges += preferred.length + others.length;
    if (preferred.length > 0) component.preferred.push({ node, edges: preferred });
    if (others.length > 0) component.others.push({ node, edges: others });
  }
  return components;
}
