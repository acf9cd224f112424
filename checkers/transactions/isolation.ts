import type { History, Json } from '../../histories/index.ts';
import { Pace } from '../budget.ts';
import type { Anomaly, Budget, Verdict } from '../checker.ts';
import { verdictOf } from '../shared/verdicts.ts';
import type { Steps } from './closed-walk.ts';
import { type CycleTeller, explainCycle } from './explain-cycle.ts';
import type { FoundCycle } from './find-cycles.ts';
import { modelOf } from './model-option.ts';
import { judgeModels, type Model, needsSessions, violatedBy } from './models.ts';
import type { Phenomena } from './phenomena.ts';
import { FAILED, INDETERMINATE, OK, type TransactionTable } from './transaction-table.ts';

const STEPS_DEFAULT = 200_000_000;

/** What is asked of a history of transactions, and how long the answer may take. */
export interface Question {
  readonly table: TransactionTable;
  readonly model: Model;
  /** Whether the model forbids an anomaly of this name. */
  forbids(name: string): boolean;
  readonly steps: Steps;
  readonly pace: Pace;
}

/** Cycles of one search, with what tells them. */
export interface ToldCycles {
  readonly found: readonly FoundCycle[];
  readonly counts: { readonly [name: string]: number };
  readonly teller: CycleTeller;
}

/** What a kind of transactions shows. */
export interface Findings {
  readonly phenomena: Phenomena;
  readonly cycles: readonly ToldCycles[];
  /** Names that could not be excluded within the bounds. */
  readonly undecided: readonly string[];
  /** What else was not looked at to the end, in words. */
  readonly unfinished?: readonly string[];
  /** By transaction: 1 if it certainly happened. */
  readonly happened: Uint8Array;
  /** Two writes that cannot be told apart, in words. */
  readonly ambiguous: string | undefined;
  /** No transaction does more than one thing. */
  readonly single?: boolean;
  /** How much was looked at. */
  readonly sizes: { readonly [name: string]: Json };
  /** How it was looked at. */
  readonly method: { readonly [name: string]: Json };
}

/** What it takes to judge a history: the kind of transactions decides what depends on what, and all else is the same. */
export interface Inquiry {
  readonly checker: string;
  readonly history: History;
  readonly table: TransactionTable;
  readonly model: string | undefined;
  readonly budget: Budget;
  /** Or why the history's transactions cannot be read. */
  investigate(question: Question): Findings | { readonly malformed: string };
}

/** The verdict about the isolation of transactions. @throws Error if there is no model of that name. */
export function judgeIsolation(inquiry: Inquiry): Verdict {
  const { checker, history, table, budget } = inquiry;
  const { realtime } = table;
  const model = modelOf(inquiry.model, realtime, history.header.claims?.consistency);
  const pace = new Pace(budget);
  const limit = budget.steps ?? STEPS_DEFAULT;
  const forbids = (name: string): boolean => violatedBy(name).includes(model);
  const findings = inquiry.investigate({ table, model, forbids, steps: { left: limit, pace }, pace });
  if ('malformed' in findings) {
    return verdictOf(checker, { anomalies: [], reason: findings.malformed }, { transactions: table.count });
  }
  const { phenomena, cycles, undecided, unfinished = [] } = findings;
  const found: { [name: string]: number } = Object.fromEntries(phenomena.counts);
  for (const { counts } of cycles) Object.assign(found, counts);
  const models = judgeModels(Object.keys(found), findings.single);
  const anomalies: Anomaly[] = [
    ...phenomena.anomalies.filter(({ name }) => forbids(name)),
    ...cycles.flatMap(({ found, teller }) =>
      found.filter(({ name }) => forbids(name)).map((cycle) => explainCycle(table, teller, cycle)),
    ),
  ];
  const open = [...undecided, ...unfinished];
  const figures = {
    model,
    realtime,
    ...outcomes(table, findings.happened),
    ...findings.sizes,
    ...findings.method,
    found,
    not: models.not,
    violated: models.violated,
    may: models.may,
    ...(open.length > 0 && { undecided: open }),
  };
  const unexcluded = [...undecided.filter(forbids), ...unfinished];
  const bound = pace.ended ? pace.bound : `${limit} steps`;
  const reason = unknown(table, model, findings.ambiguous, unexcluded, bound);
  return verdictOf(checker, { anomalies, reason }, figures);
}

/** Why a history without forbidden anomalies cannot be called valid, if it cannot. */
function unknown(
  table: TransactionTable,
  model: Model,
  ambiguous: string | undefined,
  unexcluded: readonly string[],
  bound: string,
): string | undefined {
  if (!table.outcome.includes(OK)) {
    return table.count === 0 ? 'the history has no transactions' : 'no transaction was acknowledged';
  }
  if (unexcluded.length > 0) {
    return `the bound of ${bound} was reached before ${unexcluded.join(', ')} could be excluded`;
  }
  if (ambiguous !== undefined) return `${ambiguous}, so not every dependency can be told`;
  if (!table.realtime && needsSessions(model)) {
    return `the order of this history claims nothing about real time, so ${model} cannot be judged`;
  }
  return undefined;
}

function outcomes(table: TransactionTable, happened: Uint8Array): { [name: string]: Json } {
  const counts = [0, 0, 0];
  let provenByReads = 0;
  table.outcome.forEach((outcome, t) => {
    counts[outcome]!++;
    if (outcome === INDETERMINATE && happened[t] === 1) provenByReads++;
  });
  return {
    transactions: table.count,
    acknowledged: counts[OK]!,
    failed: counts[FAILED]!,
    indeterminate: counts[INDETERMINATE]!,
    ...(provenByReads > 0 && { provenByReads }),
    ...(table.others > 0 && { otherOperations: table.others }),
  };
}
