import { ClosedWalks, type Steps, simpleCycles, type WalkRule } from './closed-walk.ts';
import { type Components, stronglyConnected } from './components.ts';
import { ALLOWED, CLASSES, type CycleStep, classify, LEVELS } from './cycle-classes.ts';
import { FREE, type Graph, GraphBuilder, INFORMED, PROCESS, REALTIME, RW, SIGHTED, WR, WW } from './graph.ts';
import { addProcesses } from './realtime.ts';
import { persistence, Shortening } from './shortening.ts';
import type { TransactionTable } from './transaction-table.ts';

/** Cycles of one name kept with their steps; the others are counted. */
const KEPT = 8;
export interface FoundCycle {
  readonly name: string;
  readonly steps: readonly CycleStep[];
  /** Whether it is certain that none of its transactions is on a shorter cycle of this name. */
  readonly shortest: boolean;
}

export interface Cycles {
  /** Of each component and class the shortest found, strongest class first. */
  readonly found: readonly FoundCycle[];
  readonly counts: { readonly [name: string]: number };
  /** Classes that could not be excluded within the bound of steps. */
  readonly undecided: readonly string[];
  /** Sets of transactions that all precede each other. */
  readonly components: number;
}

/**
 * Finds the cycles of a graph of transactions, class by class and level by level, the most damning first. Whether there is any is linear (Tarjan); the
 * search for the shortest of each class then stays within the components. Cycles of `G0`, `G1c`, `G2-item`, and of `G-nonadjacent` or stronger, are
 * found whenever there are some, each with one search; a `G-single` in the company of others may take one search for each anti-dependency.
 *
 * The cycle of a component is the shortest of its class unless it is a long one of a large component: see `Shortening`.
 */
export function findCycles(whole: Graph, table: TransactionTable, steps: Steps): Cycles {
  const components = stronglyConnected(whole, -1);
  if (components.count === 0) return { found: [], counts: {}, undecided: [], components: 0 };
  const { graph, original } = cyclicPart(whole, components, table.realtime ? table : undefined);
  const search = new CycleSearch(graph, original, steps);
  for (let level = 0; level < (table.realtime ? LEVELS.length : 1); level++) {
    for (let rank = 0; rank < CLASSES.length; rank++) {
      search.run(rank, level);
      steps.pace?.tell(level * CLASSES.length + rank + 1, LEVELS.length * CLASSES.length);
    }
  }
  return { ...search.result(), components: components.count };
}

/**
 * The nodes on cycles, renumbered, with the edges inside components, and the order within processes if a table is given. That order is part of
 * real time, so leaving it out until here loses no component; and a transaction between two of a component is in it too.
 */
function cyclicPart(whole: Graph, { of }: Components, table: TransactionTable | undefined) {
  const renumbered = new Int32Array(whole.nodes).fill(-1);
  const original: number[] = [];
  let transactions = 0;
  for (let node = 0; node < whole.nodes; node++) {
    if (node === whole.transactions) transactions = original.length;
    if (of[node]! >= 0) renumbered[node] = original.push(node) - 1;
  }
  if (whole.nodes === whole.transactions) transactions = original.length;
  const builder = new GraphBuilder(transactions, original.length * 4);
  builder.nodes = original.length;
  original.forEach((node, from) => {
    for (let e = whole.offsets[node]!; e < whole.offsets[node + 1]!; e++) {
      const target = whole.targets[e]!;
      if (of[target] === of[node])
        builder.edge(from, renumbered[target]!, whole.types[e]!, whole.reasons[e]!);
    }
  });
  if (table !== undefined) {
    addProcesses(
      table,
      (t) => of[t]! >= 0,
      (from, to, type) => {
        if (of[from] === of[to]) builder.edge(renumbered[from]!, renumbered[to]!, type);
      },
    );
  }
  return { graph: builder.build(), original };
}

/** A transaction, and its edges that a cycle of the class may begin with. */
interface Start {
  readonly node: number;
  readonly edges: number[];
}

class CycleSearch {
  private readonly graph: Graph;
  private readonly original: readonly number[];
  private readonly steps: Steps;
  private readonly walks: ClosedWalks;
  private readonly whole: Components;
  /** For each component of all edges: for each level, the strongest class found (a bit each). */
  private readonly foundIn: Uint32Array;
  private foundAnywhere = 0;
  /** The transactions of each cycle found, with its classes. */
  private readonly seen = new Map<string, number>();
  private readonly kept = new Map<string, FoundCycle[]>();
  private readonly counts = new Map<string, number>();
  private readonly undecided: string[] = [];
  private readonly shortening: Shortening;

  constructor(graph: Graph, original: readonly number[], steps: Steps) {
    this.graph = graph;
    this.original = original;
    this.steps = steps;
    this.walks = new ClosedWalks(graph);
    this.shortening = new Shortening(steps);
    this.whole = stronglyConnected(graph, -1);
    this.foundIn = new Uint32Array(this.whole.count);
  }

  run(rank: number, level: number): void {
    const { graph } = this;
    const name = CLASSES[rank]!;
    const { suffix, extra } = LEVELS[level]!;
    // What makes the cycle one of this level, and not of a lower one.
    const required = level === 2 ? REALTIME : level === 1 ? PROCESS : 0;
    const start =
      name === 'G0'
        ? required || WW
        : name === 'G1c'
          ? WR | INFORMED
          : name === 'G-single'
            ? RW | SIGHTED
            : RW;
    const mask = ALLOWED[name] | extra;
    const rule: WalkRule = {
      mask: name === 'G-single' ? mask & ~RW : mask,
      extra: required,
      antiDependencies: name === 'G-nonadjacent' ? 'apart' : name === 'G2-item' ? 'together' : 'any',
    };
    const within = stronglyConnected(graph, mask);
    if (within.count === 0) return;
    const apart = name === 'G-single' || name === 'G-nonadjacent' ? walksApart(graph, mask) : undefined;
    const starts: Start[][] = Array.from({ length: within.count }, () => []);
    // Inferred orders come last: an anti-dependency is easier to follow.
    const late: Start[][] = Array.from({ length: within.count }, () => []);
    const edges = new Int32Array(within.count);
    for (let node = 0; node < graph.transactions; node++) {
      const component = within.of[node]!;
      if (component < 0 || this.covered(this.whole.of[node]!, rank, level)) continue;
      const plain: Start = { node, edges: [] };
      const inferred: Start = { node, edges: [] };
      for (let e = graph.offsets[node]!; e < graph.offsets[node + 1]!; e++) {
        const target = graph.targets[e]!;
        if (within.of[target] !== component) continue;
        edges[component]!++;
        const type = graph.types[e]!;
        if ((type & start) === 0 || (type & ~mask) !== 0) continue;
        const arrival = (type & RW) === 0 ? 2 * target : 2 * target + 1;
        if (apart !== undefined && (apart[2 * node]! < 0 || apart[2 * node] !== apart[arrival])) continue;
        ((type & SIGHTED) !== 0 ? inferred : plain).edges.push(e);
      }
      if (plain.edges.length > 0) starts[component]!.push(plain);
      if (inferred.edges.length > 0) late[component]!.push(inferred);
    }
    for (let component = 0; component < within.count; component++) {
      const all = starts[component]!.concat(late[component]!);
      if (!this.shortest(all, rule, within, edges[component]!, rank, level)) {
        this.undecided.push(name + suffix);
        return;
      }
    }
  }

  /**
   * Searches from each start for the shortest cycle. Says `false` if the steps ran out before it was clear whether there is one; where that would
   * change no verdict, since as damning a cycle was found anywhere, it gives up sooner.
   */
  private shortest(
    starts: readonly Start[],
    rule: WalkRule,
    within: Components,
    edges: number,
    rank: number,
    level: number,
  ): boolean {
    const { steps } = this;
    const minor = implied(this.foundAnywhere, rank, level);
    const enough = minor ? steps.left - persistence(edges) : Number.NEGATIVE_INFINITY;
    let best: CycleStep[] | undefined;
    for (let next = 0; best === undefined && next < starts.length && steps.left > enough; next++) {
      const { node, edges: first } = starts[next]!;
      best = this.walks.find(node, first, rule, within, Number.POSITIVE_INFINITY, steps);
      if (steps.left < 0) return minor;
    }
    if (best === undefined) return true;
    const { walks, shortening } = this;
    const { walk, shortest } = shortening.shorten(best, starts.length, edges, (nth, limit, more) => {
      const { node, edges: first } = starts[nth]!;
      return walks.find(node, first, rule, within, limit, more);
    });
    for (const cycle of simpleCycles(walk)) this.keep(cycle, rank, level, shortest);
    return true;
  }

  private keep(cycle: CycleStep[], soughtRank: number, soughtLevel: number, shortest: boolean): void {
    const { rank, level } = classify(cycle);
    const component = this.whole.of[cycle[0]!.from]!;
    // A walk of the class sought may be cut into cycles of others, of which the component may have shorter ones.
    const sought = rank === soughtRank && level === soughtLevel;
    if (!sought && implied(this.foundIn[component]!, rank, level)) return;
    const smallest = cycle.reduce((least, { from }, i) => (from < cycle[least]!.from ? i : least), 0);
    const turned = [...cycle.slice(smallest), ...cycle.slice(0, smallest)];
    const key = turned.map(({ from }) => from).join(' ');
    const before = this.seen.get(key) ?? 0;
    if (implied(before, rank, level) || (before & bit(rank, level)) !== 0) return;
    this.seen.set(key, before | bit(rank, level));
    this.foundAnywhere |= bit(rank, level);
    this.foundIn[component]! |= bit(rank, level);
    const name = CLASSES[rank]! + LEVELS[level]!.suffix;
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    const kept = this.kept.get(name) ?? [];
    this.kept.set(name, kept);
    const steps = turned.map((step) => ({
      ...step,
      from: this.original[step.from]!,
      to: this.original[step.to]!,
    }));
    kept.push({ name, steps, shortest: sought && shortest });
    kept.sort((a, b) => a.steps.length - b.steps.length);
    kept.length = Math.min(kept.length, KEPT);
  }

  /** Whether the component already has a cycle of a lower level that is at least as damning: then this level adds nothing. */
  private covered(component: number, rank: number, level: number): boolean {
    return level > 0 && implied(this.foundIn[component]!, rank, level - 1);
  }

  result(): Omit<Cycles, 'components'> {
    const found: FoundCycle[] = [];
    for (const cycles of this.kept.values()) found.push(...cycles);
    return { found, counts: Object.fromEntries(this.counts), undecided: this.undecided };
  }
}

function bit(rank: number, level: number): number {
  return 1 << (level * CLASSES.length + rank);
}

/** Whether one of the set is of this class or a stronger one, at this level or a lower one. */
function implied(set: number, rank: number, level: number): boolean {
  const stronger = (2 << rank) - 1;
  for (let l = 0; l <= level; l++) if (((set >> (l * CLASSES.length)) & stronger) !== 0) return true;
  return false;
}

/**
 * Components of the walks that never take two anti-dependencies in a row: node `2 n` is n after anything else, `2 n + 1` is n after an
 * anti-dependency. An anti-dependency that joins two components lies on no such closed walk.
 */
function walksApart(graph: Graph, mask: number): Int32Array {
  const walks = new GraphBuilder(graph.nodes * 2, graph.targets.length * 2);
  for (let node = 0; node < graph.nodes; node++) {
    for (let e = graph.offsets[node]!; e < graph.offsets[node + 1]!; e++) {
      const type = graph.types[e]!;
      const target = 2 * graph.targets[e]!;
      if (type === FREE) {
        walks.edge(2 * node, target, WW);
        walks.edge(2 * node + 1, target + 1, WW);
      } else if ((type & ~mask) === 0) {
        if ((type & RW) !== 0) walks.edge(2 * node, target + 1, WW);
        else {
          walks.edge(2 * node, target, WW);
          walks.edge(2 * node + 1, target, WW);
        }
      }
    }
  }
  return stronglyConnected(walks.build(), WW).of;
}
