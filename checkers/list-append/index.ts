import type { History } from '../../histories/index.ts';
import type { Budget, Checker, Verdict } from '../checker.ts';
import { inWords } from '../shared/words.ts';
import { findCycles } from '../transactions/find-cycles.ts';
import { GraphBuilder } from '../transactions/graph.ts';
import { type Findings, judgeIsolation, type Question } from '../transactions/isolation.ts';
import { addRealtime } from '../transactions/realtime.ts';
import { transactionsOf } from '../transactions/transaction-table.ts';
import { keyInWords } from '../transactions/transaction-words.ts';
import { addDependencies } from './dependencies.ts';
import { type Evidence, listTeller } from './explain-cycle.ts';
import { type MicroOperations, microOperationsOf } from './micro-operations.ts';
import { type ListAppendOptions, optionsSchema } from './options.ts';
import { findPhenomena } from './phenomena.ts';
import { versionOrdersOf } from './version-orders.ts';

export type { ListAppendOptions } from './options.ts';

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

function check(history: History, { model }: ListAppendOptions, budget: Budget): Verdict {
  const table = transactionsOf(history);
  return judgeIsolation({ checker: listAppend.name, history, table, model, budget, investigate });
}

function investigate({ table, steps }: Question): Findings | { readonly malformed: string } {
  const micros = microOperationsOf(table);
  if ('malformed' in micros) return micros;
  const evidence = { table, micros, versions: versionOrdersOf(table, micros) };
  const phenomena = findPhenomena(evidence);
  const builder = new GraphBuilder(table.count);
  addDependencies(builder, table, micros, evidence.versions);
  if (table.realtime) addRealtime(builder, table);
  const graph = builder.build();
  const { found, counts, undecided, components } = findCycles(graph, table, steps);
  return {
    phenomena,
    cycles: [{ found, counts, teller: listTeller(evidence) }],
    undecided,
    happened: evidence.versions.happened,
    ambiguous: ambiguousAppend(evidence),
    sizes: sizes(micros),
    method: { edges: graph.targets.length, ...(components > 0 && { components }) },
  };
}

function ambiguousAppend({ table, micros, versions }: Evidence): string | undefined {
  const twice = versions.ambiguous.indexOf(1);
  if (twice < 0) return undefined;
  const { key, value, transaction } = micros.appends;
  const { index } = table.invocation(transaction[twice]!);
  return `appends must be unique, but ${inWords(value[twice]!)} was appended to ${keyInWords(micros.keys[key[twice]!]!)} more than once (first by operation ${index})`;
}

function sizes({ keys, appends, reads }: MicroOperations): Findings['sizes'] {
  return { keys: keys.length, appends: appends.count, reads: reads.count };
}
