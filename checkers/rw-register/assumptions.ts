import { uint8s } from '../transactions/arrays.ts';
import { stronglyConnected } from '../transactions/components.ts';
import type { CycleStep } from '../transactions/cycle-classes.ts';
import { GraphBuilder, WW } from '../transactions/graph.ts';
import type { Phenomena } from '../transactions/phenomena.ts';
import { shortestCycles } from '../transactions/shortest-cycles.ts';
import type { Assumed } from './dependencies.ts';
import { orderInWords, versionValue, witnessesOf } from './explain.ts';
import type { RwRegisterOptions } from './options.ts';
import type { Evidence } from './phenomena.ts';
import { valueInWords } from './register-words.ts';
import { BY_INITIAL, BY_PROCESS, BY_REALTIME, BY_UPDATE, type VersionEdges } from './version-edges.ts';

/** Whether any order of versions is assumed. */
export function assumesOrders(options: RwRegisterOptions): boolean {
  return Boolean(options.sequentialKeys || options.linearizableKeys || options.writesFollowReads);
}

/**
 * What the options assume of the orders of versions. Where that contradicts itself a key has `cyclic-versions`, and nothing is assumed of it.
 * Cost: linear in the orders.
 */
export function assumptionsOf(
  evidence: Evidence,
  edges: VersionEdges,
  options: RwRegisterOptions,
  found: Phenomena,
): Assumed {
  const { writes, keys } = evidence.micros;
  const { sequentialKeys = false, linearizableKeys = false, writesFollowReads = false } = options;
  // The order of a process is part of real time.
  const kinds = new Map([
    [BY_INITIAL, true],
    [BY_UPDATE, writesFollowReads],
    [BY_PROCESS, sequentialKeys || linearizableKeys],
    [BY_REALTIME, linearizableKeys],
  ]);
  const keyOf = (version: number): number =>
    version >= writes.count ? version - writes.count : writes.key[version]!;
  const builder = new GraphBuilder(writes.count + keys.length, edges.count);
  for (let edge = 0; edge < edges.count; edge++) {
    if (kinds.get(edges.why.at(edge))) builder.edge(edges.from.at(edge), edges.to.at(edge), WW, edge);
  }
  const graph = builder.build();
  const components = stronglyConnected(graph, WW);
  const dropped = uint8s(keys.length);
  if (components.count > 0) {
    for (let version = 0; version < graph.nodes; version++)
      if (components.of[version]! >= 0) dropped[keyOf(version)] = 1;
    for (const cycle of shortestCycles(graph, components, WW, WW, components.count)) report(cycle.steps);
  }
  return (why, key) => kinds.get(why) === true && dropped[key] === 0;

  function report(cycle: readonly CycleStep[]): void {
    const witnesses = cycle.flatMap(({ reason }) => witnessesOf(edges, reason));
    const shown = cycle.map(({ from }) => valueInWords(versionValue(evidence, from)));
    found.add(
      'cyclic-versions',
      keyOf(cycle[0]!.from),
      witnesses,
      (words, x) => {
        const steps = cycle.map(({ from, to, reason }) => {
          const [a, b] = [from, to].map((version) => valueInWords(versionValue(evidence, version)));
          return `${a} comes before ${b}, because ${orderInWords(evidence, edges, reason, words)}`;
        });
        return `As versions of ${x} are assumed to follow each other, ${steps.join('; ')}: a cycle of ${shown.join(' < ')} < ${shown[0]}`;
      },
      { versions: cycle.map(({ from }) => versionValue(evidence, from)) },
    );
  }
}
