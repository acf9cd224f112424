import type { History, Json } from '../../histories/index.ts';
import { Pace } from '../budget.ts';
import type { Budget, Checker, Verdict } from '../checker.ts';
import { explainCycle } from '../transactions/explain-cycle.ts';
import { findCycles } from '../transactions/find-cycles.ts';
import { GraphBuilder } from '../transactions/graph.ts';
import { modelOf } from '../transactions/model-option.ts';
import { judgeModels, type Model, needsSessions, violatedBy } from '../transactions/models.ts';
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
import { inWords } from '../words.ts';
import { addDependencies } from './dependencies.ts';
import { listTeller } from './explain-cycle.ts';
import { type MicroOperations, microOperationsOf } from './micro-operations.ts';
import { type ListAppendOptions, optionsSchema } from './options.ts';
import { findPhenomena } from './phenomena.ts';
import { type VersionOrders, versionOrdersOf } from './version-orders.ts';

export type { ListAppendOptions } from './options.ts';

const STEPS_DEFAULT = 200_000_000;

/**
 * Isolation of transactions that append unique elements to lists and read whole lists: `["append", key, element]` and `["r", key, null]`
 * (`["r", key, [...]]` once it is known what was read). Because a list shows everything that was appended before, in order, the dependencies
 * between transactions follow from what was read, and anomalies are exact: cycles of dependencies, and reads that are wrong in themselves.
 *
 * Method: Kingsbury and Alvaro, Elle (VLDB 2020), on the definitions of Adya (1999). An indeterminate transaction counts
 * only if somebody saw one of its appends; it may take effect at any time after its invocation.
 *
 * Exact for serializable, strict serializable and snapshot isolation with its session and real-time variants. A step of the budget is an edge looked at in
 * search of cycles.
 *
 * @throws HistoryError if invocations and completions do not pair up.
 */
export const listAppend: Checker<ListAppendOptions> = {
  name: 'list-append',
  summary: 'isolation of transactions that append to lists and read them',
  cost: 'linear in micro-operations and in the lengths of all lists read; with violations, also in the edges searched for the shortest cycles',
  options: optionsSchema,
  check(history, options, budget) {
    return check(history, options ?? {}, budget ?? {});
  },
};

function check(history: History, options: ListAppendOptions, budget: Budget): Verdict {
  const table = transactionsOf(history);
  const { realtime } = table;
  const model = modelOf(options.model, realtime, history.header.claims?.consistency);
  const micros = microOperationsOf(table);
  if ('malformed' in micros) {
    return verdictOf(
      listAppend.name,
      { anomalies: [], reason: micros.malformed },
      { transactions: table.count },
    );
  }
  const versions = versionOrdersOf(table, micros);
  const evidence = { table, micros, versions };
  const phenomena = findPhenomena(evidence);
  const builder = new GraphBuilder(table.count);
  addDependencies(builder, table, micros, versions);
  if (realtime) addRealtime(builder, table);
  const graph = builder.build();
  const pace = new Pace(budget);
  const cycles = findCycles(graph, table, { left: budget.steps ?? STEPS_DEFAULT, pace });

  const found = { ...Object.fromEntries(phenomena.counts), ...cycles.counts };
  const teller = listTeller(evidence);
  const forbidden = (name: string): boolean => violatedBy(name).includes(model);
  const models = judgeModels(Object.keys(found));
  const anomalies = [
    ...phenomena.anomalies.filter(({ name }) => forbidden(name)),
    ...cycles.found.filter(({ name }) => forbidden(name)).map((cycle) => explainCycle(table, teller, cycle)),
  ];
  const figures = {
    model,
    realtime,
    ...sizes(table, micros, versions),
    edges: graph.targets.length,
    ...(cycles.components > 0 && { components: cycles.components }),
    found,
    not: models.not,
    violated: models.violated,
    may: models.may,
    ...(cycles.undecided.length > 0 && { undecided: cycles.undecided }),
  };
  const bound = pace.ended ? pace.bound : `${budget.steps ?? STEPS_DEFAULT} steps`;
  const reason = unknown(evidence, model, cycles.undecided.filter(forbidden), bound);
  return verdictOf(listAppend.name, { anomalies, reason }, figures);
}

/** Why a history without forbidden anomalies cannot be called valid, if it cannot. */
function unknown(
  { table, micros, versions }: { table: TransactionTable; micros: MicroOperations; versions: VersionOrders },
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
    const { key, value, transaction } = micros.appends;
    const { index } = table.invocation(transaction[twice]!);
    return `appends must be unique, but ${inWords(value[twice]!)} was appended to ${keyInWords(micros.keys[key[twice]!]!)} more than once (first by operation ${index}), so not every dependency can be told`;
  }
  if (!table.realtime && needsSessions(model)) {
    return `the order of this history claims nothing about real time, so ${model} cannot be judged`;
  }
  return undefined;
}

function sizes(
  table: TransactionTable,
  { keys, appends, reads }: MicroOperations,
  { happened }: VersionOrders,
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
    appends: appends.count,
    reads: reads.count,
  };
}
