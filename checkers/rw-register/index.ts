import type { History, Json } from '../../histories/index.ts';
import { Pace } from '../budget.ts';
import type { Anomaly, Budget, Checker, Verdict } from '../checker.ts';
import type { Steps } from '../transactions/closed-walk.ts';
import { explainCycle } from '../transactions/explain-cycle.ts';
import { type Cycles, type FoundCycle, findCycles } from '../transactions/find-cycles.ts';
import { GraphBuilder } from '../transactions/graph.ts';
import { modelOf } from '../transactions/model-option.ts';
import { judgeModels, type Model, needsSessions, violatedBy } from '../transactions/models.ts';
import type { Phenomena } from '../transactions/phenomena.ts';
import { addRealtime } from '../transactions/realtime.ts';
import {
  FAILED,
  INDETERMINATE,
  OK,
  type TransactionTable,
  transactionsOf,
} from '../transactions/transaction-table.ts';
import { keyInWords } from '../transactions/transaction-words.ts';
import { verdictOf } from '../verdicts.ts';
import { assumesOrders, assumptionsOf } from './assumptions.ts';
import { isDecided, judgeCommitOrders } from './commit-order/index.ts';
import { addOverwrites, addReadsFrom } from './dependencies.ts';
import { registerTeller } from './explain.ts';
import { type MicroOperations, microOperationsOf, singleOperation } from './micro-operations.ts';
import { optionsSchema, type RwRegisterOptions } from './options.ts';
import { type Evidence, findPhenomena } from './phenomena.ts';
import { valueInWords } from './register-words.ts';
import { readersOf, versionEdges } from './version-edges.ts';
import { type Versions, versionsOf } from './versions.ts';

export type { RwRegisterOptions } from './options.ts';

const STEPS_DEFAULT = 200_000_000;

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
  const { realtime } = table;
  const model = modelOf(options.model, realtime, history.header.claims?.consistency);
  const micros = microOperationsOf(table);
  if ('malformed' in micros) {
    return verdictOf(
      rwRegister.name,
      { anomalies: [], reason: micros.malformed },
      { transactions: table.count },
    );
  }
  const initial = options.initial ?? null;
  const versions = versionsOf(table, micros, initial);
  const evidence: Evidence = { table, micros, versions, initial };
  const phenomena = findPhenomena(evidence);
  const pace = new Pace(budget);
  const steps = { left: budget.steps ?? STEPS_DEFAULT, pace };
  const forbidden = (name: string): boolean => violatedBy(name).includes(model);
  const exact = isDecided(model);
  const search = exact ? undefined : searchCycles(evidence, options, phenomena, steps);
  const clear = ![...phenomena.counts.keys(), ...Object.keys(search?.counts ?? {})].some(forbidden);
  const orders = exact || clear ? judgeCommitOrders(evidence, model, pace) : [];
  const undecided = [...(search?.undecided ?? []), ...(pace.ended ? ['cycles of commit orders'] : [])];

  const found = {
    ...Object.fromEntries(phenomena.counts),
    ...search?.counts,
    ...Object.fromEntries(orders.map(({ name, count }) => [name, count])),
  };
  const models = judgeModels(Object.keys(found), micros.reads.count + micros.writes.count <= table.count);
  const anomalies = [
    ...phenomena.anomalies.filter(({ name }) => forbidden(name)),
    ...(search?.found ?? []).filter(({ name }) => forbidden(name)).map((cycle) => search!.tell(cycle)),
    ...orders
      .filter(({ name }) => forbidden(name))
      .flatMap((order) => order.found.map((cycle) => explainCycle(table, order.teller, cycle))),
  ];
  const figures = {
    model,
    exact,
    realtime,
    ...sizes(table, micros, versions),
    ...(search !== undefined && { versionOrders: search.versionOrders }),
    ...(search !== undefined && search.components > 0 && { components: search.components }),
    found,
    not: models.not,
    violated: models.violated,
    may: models.may,
    ...(undecided.length > 0 && { undecided }),
  };
  const bound = pace.ended ? pace.bound : `${budget.steps ?? STEPS_DEFAULT} steps`;
  const reason = unknown(
    evidence,
    model,
    undecided.filter((name) => pace.ended || forbidden(name)),
    bound,
  );
  return verdictOf(rwRegister.name, { anomalies, reason }, figures);
}

/** Cycles of Adya's and Elle's classes, with what tells them. */
function searchCycles(
  evidence: Evidence,
  options: RwRegisterOptions,
  phenomena: Phenomena,
  steps: Steps,
): Cycles & { readonly versionOrders: number; tell(cycle: FoundCycle): Anomaly } {
  const { table, micros, versions } = evidence;
  const readers = readersOf(micros, versions);
  const assumes = assumesOrders(options);
  const edges = versionEdges(table, micros, versions, readers, assumes);
  const assumed = assumes ? assumptionsOf(evidence, edges, options, phenomena) : () => false;
  const builder = new GraphBuilder(table.count);
  addReadsFrom(builder, micros, versions);
  addOverwrites(builder, micros, edges, readers, assumed);
  if (table.realtime) addRealtime(builder, table);
  const teller = registerTeller(evidence, edges);
  return {
    ...findCycles(builder.build(), table, steps),
    versionOrders: edges.count,
    tell: (cycle) => explainCycle(table, teller, cycle),
  };
}

/** Why a history without forbidden anomalies cannot be called valid, if it cannot. */
function unknown(
  { table, micros, versions }: Evidence,
  model: Model,
  undecided: readonly string[],
  bound: string,
): string | undefined {
  if (!table.outcome.includes(OK)) {
    return table.count === 0 ? 'the history has no transactions' : 'no transaction was acknowledged';
  }
  if (undecided.length > 0) {
    return `the bound of ${bound} was reached before ${undecided.join(', ')} could be excluded`;
  }
  const twice = versions.ambiguous.indexOf(1);
  if (twice >= 0) {
    const { key, code, transaction } = micros.writes;
    const { index } = table.invocation(transaction[twice]!);
    return `writes must be unique, but ${valueInWords(micros.values.valueOf(code[twice]!))} was written to ${keyInWords(micros.keys[key[twice]!]!)} more than once or is what it held at first (by operation ${index}), so not every dependency can be told`;
  }
  if (!table.realtime && needsSessions(model)) {
    return `the order of this history claims nothing about real time, so ${model} cannot be judged`;
  }
  return undefined;
}

function sizes(
  table: TransactionTable,
  { keys, reads, writes, ownReads }: MicroOperations,
  { happened }: Versions,
): { [name: string]: Json } {
  const outcomes = [0, 0, 0];
  let provenByReads = 0;
  table.outcome.forEach((outcome, t) => {
    outcomes[outcome]!++;
    if (outcome === INDETERMINATE && happened[t] === 1) provenByReads++;
  });
  return {
    transactions: table.count,
    acknowledged: outcomes[OK]!,
    failed: outcomes[FAILED]!,
    indeterminate: outcomes[INDETERMINATE]!,
    ...(provenByReads > 0 && { provenByReads }),
    ...(table.others > 0 && { otherOperations: table.others }),
    keys: keys.length,
    writes: writes.count,
    reads: reads.count + ownReads,
  };
}
