import type { History } from '../../histories/index.ts';
import type { Budget, Checker, Verdict } from '../checker.ts';
import { type Cycles, findCycles } from '../transactions/find-cycles.ts';
import { GraphBuilder } from '../transactions/graph.ts';
import { type Findings, judgeIsolation, type Question, type ToldCycles } from '../transactions/isolation.ts';
import type { Phenomena } from '../transactions/phenomena.ts';
import { addRealtime } from '../transactions/realtime.ts';
import { transactionsOf } from '../transactions/transaction-table.ts';
import { keyInWords } from '../transactions/transaction-words.ts';
import { assumesOrders, assumptionsOf } from './assumptions.ts';
import { isDecided, judgeCommitOrders } from './commit-order/index.ts';
import { addOverwrites, addReadsFrom } from './dependencies.ts';
import { registerTeller } from './explain.ts';
import { type MicroOperations, microOperationsOf, singleOperation } from './micro-operations.ts';
import { optionsSchema, type RwRegisterOptions } from './options.ts';
import { type Evidence, findPhenomena } from './phenomena.ts';
import { valueInWords } from './register-words.ts';
import { readersOf, versionEdges } from './version-edges.ts';
import { versionsOf } from './versions.ts';

export type { RwRegisterOptions } from './options.ts';

/**
 * Isolation of transactions that write and read registers: `["w", key, value]` and `["r", key, null]` (`["r", key, value]` once it is known what
 * was read). Plain `read` and `write` of a key are transactions of one micro-operation. Values must be unique for each key.
 *
 * Unique values tell who read from whom. The order of versions is not shown, as it is by lists, but partly follows from what the opposite order
 * would be: an anomaly at least as bad as the one reported. So an anomaly is in the history whatever the order was.
 *
 * Exact for `causal` and what it contains (figure `exact`), which is decided by axioms instead: see `commit-order/`.
 *
 * Method: Kingsbury and Alvaro, Elle (VLDB 2020), on the definitions of Adya (1999). An indeterminate transaction counts
 * only if somebody saw one of its writes; it may take effect at any time after its invocation.
 *
 * @throws HistoryError if invocations and completions do not pair up.
 */
export const rwRegister: Checker<RwRegisterOptions> = {
  name: 'rw-register',
  summary: 'isolation of transactions that write and read registers',
  cost: 'linear in micro-operations, times the concurrency on a key, for causal and stronger times the sessions; with violations, also in the edges searched for the shortest cycles',
  options: optionsSchema,
  check(history, options, budget) {
    return check(history, options ?? {}, budget ?? {});
  },
};

function check(history: History, options: RwRegisterOptions, budget: Budget): Verdict {
  const table = transactionsOf(history, singleOperation);
  return judgeIsolation({
    checker: rwRegister.name,
    history,
    table,
    model: options.model,
    budget,
    investigate: (question) => investigate(question, options),
  });
}

function investigate(
  question: Question,
  options: RwRegisterOptions,
): Findings | { readonly malformed: string } {
  const { table, model, forbids, pace } = question;
  const micros = microOperationsOf(table);
  if ('malformed' in micros) return micros;
  const initial = options.initial ?? null;
  const versions = versionsOf(table, micros, initial);
  const evidence: Evidence = { table, micros, versions, initial };
  const phenomena = findPhenomena(evidence);
  // Orders that are assumed may break what the axioms, which know nothing of them, admit.
  const exact = isDecided(model) && !assumesOrders(options);
  const search = exact ? undefined : searchCycles(evidence, options, phenomena, question);
  const clear = ![...phenomena.counts.keys(), ...Object.keys(search?.counts ?? {})].some(forbids);
  const orders = exact || clear ? judgeCommitOrders(evidence, model, pace) : [];
  return {
    phenomena,
    cycles: [
      ...(search === undefined ? [] : [search]),
      ...orders.map(({ name, found, count, teller }) => ({ found, counts: { [name]: count }, teller })),
    ],
    undecided: search?.undecided ?? [],
    unfinished: pace.ended ? ['cycles of commit orders'] : [],
    happened: versions.happened,
    ambiguous: ambiguousWrite(evidence),
    single: micros.reads.count + micros.writes.count <= table.count,
    sizes: sizes(micros),
    method: {
      exact,
      ...(search !== undefined && { versionOrders: search.versionOrders }),
      ...(search !== undefined && search.components > 0 && { components: search.components }),
    },
  };
}

/** Cycles of Adya's and Elle's classes. */
function searchCycles(
  evidence: Evidence,
  options: RwRegisterOptions,
  phenomena: Phenomena,
  { steps }: Question,
): Cycles & ToldCycles & { readonly versionOrders: number } {
  const { table, micros, versions } = evidence;
  const readers = readersOf(micros, versions);
  const assumes = assumesOrders(options);
  const edges = versionEdges(table, micros, versions, readers, assumes);
  const assumed = assumes ? assumptionsOf(evidence, edges, options, phenomena) : () => false;
  const builder = new GraphBuilder(table.count);
  addReadsFrom(builder, micros, versions);
  addOverwrites(builder, micros, edges, readers, assumed);
  if (table.realtime) addRealtime(builder, table);
  return {
    ...findCycles(builder.build(), table, steps),
    versionOrders: edges.count,
    teller: registerTeller(evidence, edges),
  };
}

function ambiguousWrite({ table, micros, versions }: Evidence): string | undefined {
  const twice = versions.ambiguous.indexOf(1);
  if (twice < 0) return undefined;
  const { key, code, transaction } = micros.writes;
  const { index } = table.invocation(transaction[twice]!);
  return `writes must be unique, but ${valueInWords(micros.values.valueOf(code[twice]!))} was written to ${keyInWords(micros.keys[key[twice]!]!)} more than once or is what it held at first (by operation ${index})`;
}

function sizes({ keys, reads, writes, ownReads }: MicroOperations): Findings['sizes'] {
  return { keys: keys.length, writes: writes.count, reads: reads.count + ownReads };
}
