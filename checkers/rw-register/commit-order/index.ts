import type { Pace } from '../../budget.ts';
import { int32s } from '../../transactions/arrays.ts';
import { stronglyConnected } from '../../transactions/components.ts';
import type { CycleTeller } from '../../transactions/explain-cycle.ts';
import type { FoundCycle } from '../../transactions/find-cycles.ts';
import { type Graph, GraphBuilder, PROCESS, RW, WW } from '../../transactions/graph.ts';
import { containsModel, type Model } from '../../transactions/models.ts';
import { type ShortCycle, shortestCycles } from '../../transactions/shortest-cycles.ts';
import { addReadsFrom } from '../dependencies.ts';
import type { Evidence } from '../phenomena.ts';
import { sessionsOf } from '../sessions.ts';
import { INITIAL } from '../versions.ts';
import { inferAtomic, inferMonotonic } from './axioms.ts';
import { inferCausal } from './causal.ts';
import { commitTeller, pathTo } from './explain.ts';
import { Inferred, type Run } from './inferred.ts';

/** Cycles of one name that are told; the others are counted. */
const KEPT = 8;

/** What an axiom forbids, in its plain form and where sessions count; each axiom contains those before it. */
const AXIOMS = [
  { plain: 'G1c', session: 'G1c-process' },
  { plain: 'OTV', session: 'OTV-process' },
  { plain: 'fractured-read', session: 'fractured-read-process' },
  { plain: undefined, session: 'causality-violation' },
] as const;
const MONOTONIC = 1;
const ATOMIC = 2;
const CAUSAL = 3;

/** Models that are decided here: the axiom that is looked at, and whether sessions count. */
const DECIDED: { readonly [model in Model]?: { readonly axiom: number; readonly sessions: boolean } } = {
  'read-uncommitted': { axiom: MONOTONIC, sessions: false },
  'read-committed': { axiom: MONOTONIC, sessions: false },
  'monotonic-atomic-view': { axiom: MONOTONIC, sessions: false },
  'read-atomic': { axiom: ATOMIC, sessions: false },
  'strong-session-read-uncommitted': { axiom: MONOTONIC, sessions: true },
  'strong-session-read-committed': { axiom: MONOTONIC, sessions: true },
  'strong-session-monotonic-atomic-view': { axiom: MONOTONIC, sessions: true },
  'strong-session-read-atomic': { axiom: ATOMIC, sessions: true },
  causal: { axiom: CAUSAL, sessions: true },
};

export function isDecided(model: Model): boolean {
  return DECIDED[model] !== undefined;
}

/** The axioms that the model is decided by, or those that it contains; `undefined` if it contains none. */
function axiomsOf(model: Model): { readonly axiom: number; readonly sessions: boolean } | undefined {
  if (DECIDED[model] !== undefined) return DECIDED[model];
  if (containsModel(model, 'causal')) return DECIDED.causal;
  return containsModel(model, 'read-atomic') ? DECIDED['read-atomic'] : undefined;
}

/** Cycles of one axiom, with what tells them. */
export interface OrderCycles {
  readonly name: string;
  readonly found: readonly FoundCycle[];
  readonly count: number;
  readonly teller: CycleTeller;
}

/**
 * Decides the weak models, and for stronger ones what they contain: an axiom demands commit orders, and some total order has them all if and only if they and the reads (and the sessions) make
 * no cycle. First the strongest axiom of the model; if it is violated, the weakest that is, without sessions and with them.
 *
 * Definitions: Biswas and Enea, On the Complexity of Checking Transactional Consistency (OOPSLA 2019), with sessions as processes.
 * Algorithms: Møldrup and Pavlogiannis, AWDIT (PLDI 2025). Cost: near-linear, for `causal` sessions times operations.
 */
export function judgeCommitOrders(evidence: Evidence, model: Model, pace: Pace): OrderCycles[] {
  const { table, micros, versions } = evidence;
  const axioms = axiomsOf(model);
  if (axioms === undefined) return [];
  const { axiom, sessions } = axioms;
  const run: Run = { table, micros, versions, sessions: sessionsOf(table, versions.happened) };
  const withSessions = sessions && table.realtime;
  const search = (rank: number, bySession: boolean): OrderCycles | undefined =>
    cyclesOf(evidence, run, rank, bySession, pace);
  const wanted = withSessions ? axiom : Math.min(axiom, ATOMIC);
  const strongest = search(wanted, withSessions);
  if (strongest === undefined) return [];
  const all: OrderCycles[] = [];
  let plainRank: number = AXIOMS.length;
  for (let rank = 0; rank <= Math.min(wanted, ATOMIC) && all.length === 0; rank++) {
    const plain = rank === wanted && !withSessions ? strongest : search(rank, false);
    if (plain === undefined) continue;
    all.push(plain);
    plainRank = rank;
  }
  if (!withSessions) return all;
  for (let rank = 0; rank < plainRank && rank <= wanted; rank++) {
    const session = rank === wanted ? strongest : search(rank, true);
    if (session === undefined) continue;
    all.push(session);
    break;
  }
  return all;
}

function cyclesOf(
  evidence: Evidence,
  run: Run,
  rank: number,
  withSessions: boolean,
  pace: Pace,
): OrderCycles | undefined {
  const { table, micros, versions } = run;
  const inferred = new Inferred(run);
  if (rank === MONOTONIC) inferMonotonic(run, inferred);
  else if (rank === ATOMIC) inferAtomic(run, withSessions, inferred);
  else if (rank === CAUSAL) {
    const topological = topologicalOrder(baseOf(run, true).build(), versions.happened);
    // A cycle of reads and sessions is what a weaker axiom forbids.
    if (topological !== undefined) inferCausal(run, topological, inferred, pace);
  }
  const builder = baseOf(run, withSessions);
  const impossible: number[] = [];
  for (let i = 0; i < inferred.first.length; i++) {
    const source = versions.source[inferred.read.at(i)]!;
    if (source === INITIAL) impossible.push(i);
    else builder.edge(inferred.first.at(i), micros.writes.transaction[source]!, WW, i);
  }
  const graph = builder.build();
  const components = stronglyConnected(graph, -1);
  const count = components.count + impossible.length;
  if (count === 0) return undefined;
  const { plain, session } = AXIOMS[rank]!;
  const name = withSessions ? session : plain!;
  const cycles = [
    ...impossible.slice(0, KEPT).map((i): ShortCycle => {
      const first = inferred.first.at(i);
      const reader = micros.reads.transaction[inferred.read.at(i)]!;
      const back = { from: reader, to: first, type: RW, reason: i };
      return { steps: [...pathTo(run, first, reader, withSessions), back], shortest: true };
    }),
    ...shortestCycles(graph, components, -1, WW, KEPT),
  ];
  cycles.sort((a, b) => a.steps.length - b.steps.length);
  return {
    name,
    count,
    found: cycles.slice(0, KEPT).map((cycle) => ({ name, ...cycle })),
    teller: commitTeller(evidence, run, inferred, withSessions),
  };

  function baseOf({ sessions: { order, of } }: Run, bySession: boolean): GraphBuilder {
    const base = new GraphBuilder(table.count, micros.reads.count + table.count);
    addReadsFrom(base, micros, versions);
    if (bySession) {
      for (let i = 1; i < order.length; i++)
        if (of[order[i]!] === of[order[i - 1]!]) base.edge(order[i - 1]!, order[i]!, PROCESS);
    }
    return base;
  }
}

/** Kahn's algorithm over the transactions that happened; `undefined` if they make a cycle. Cost: linear. */
function topologicalOrder({ offsets, targets }: Graph, happened: Uint8Array): Int32Array | undefined {
  const waiting = int32s(happened.length);
  for (const target of targets) waiting[target]!++;
  const order = int32s(happened.length);
  let length = 0;
  let expected = 0;
  for (let t = 0; t < happened.length; t++) {
    if (happened[t] === 0) continue;
    expected++;
    if (waiting[t] === 0) order[length++] = t;
  }
  for (let i = 0; i < length; i++) {
    const t = order[i]!;
    for (let e = offsets[t]!; e < offsets[t + 1]!; e++)
      if (--waiting[targets[e]!]! === 0) order[length++] = targets[e]!;
  }
  return length === expected ? order.subarray(0, length) : undefined;
}
