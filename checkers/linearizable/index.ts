import type { History, HistoryEvent, Json, Operation } from '../../histories/index.ts';
import { Pace } from '../budget.ts';
import type { Anomaly, Budget, Checker, Verdict } from '../checker.ts';
import { timelessReason } from '../shared/timeless.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { plural } from '../shared/words.ts';
import { describeViolation } from './collections/words.ts';
import { type Algorithm, type Decision, decide } from './decide.ts';
import { explain } from './explanation.ts';
import { type LinearizableOptions, models, optionsSchema } from './options.ts';
import { type KeyOperations, pairByKey } from './pairing.ts';
import { type Part, partsOf } from './parts.ts';
import { initialState, prepareKey } from './preparation.ts';

export type { LinearizableOptions } from './options.ts';
export { models } from './options.ts';
export { UncheckableHistory } from './pairing.ts';

const STEPS_DEFAULT = 200_000_000;
/** For the explanation of one key, over all its searches. */
const EXPLANATION_STEPS = 6_000_000;
const MEMORY_BYTES_DEFAULT = 2 * 1024 ** 3;

/**
 * Linearizability (Herlihy and Wing 1990): each operation takes effect at one moment between invocation and completion.
 * Decided exactly, key by key. A step of the budget is one configuration generated; the bytes are those of the search.
 *
 * @throws UncheckableHistory if operations do not pair up or the model does not know them.
 */
export const linearizable: Checker<LinearizableOptions> = {
  name: 'linearizable',
  summary: 'each operation takes effect at one moment between its invocation and its completion',
  cost: 'registers with unique writes and no cas: n at any concurrency; queues and stacks with unique values: n log n; otherwise n times the configurations held (in the worst case exponential in the concurrency of one key)',
  options: optionsSchema,
  check(history: History, options: LinearizableOptions, budget: Budget): Verdict {
    return judge(history, options ?? {}, budget ?? {});
  },
};

function judge(history: History, options: LinearizableOptions, budget: Budget): Verdict {
  const timeless = timelessReason(history);
  if (timeless !== undefined) return verdictOf('linearizable', { anomalies: [], reason: timeless }, {});
  const { events } = history;
  const name = options.model ?? 'cas-register';
  const model = models[name];
  if (model === undefined) {
    throw new Error(`option model: expected one of ${Object.keys(models).join(', ')}, not ${name}`);
  }
  const settings = {
    initial: initialState(model, options.initial),
    failedCas: options.failedCas ?? 'ignore',
    nilReads: options.nilReads ?? false,
    empty: options.empty ?? 'ignore',
  } as const;
  const memoryBytes = budget.memoryBytes ?? MEMORY_BYTES_DEFAULT;
  const stepsMax = budget.steps ?? STEPS_DEFAULT;
  const keys = without(new Set(options.harmless), pairByKey(events), events);
  const pace = new Pace(budget);
  const tally = new Tally(stepsMax, memoryBytes, pace);
  const total = keys.reduce((sum, { invocations }) => sum + invocations.length, 0);
  for (const [nth, paired] of keys.entries()) {
    if (pace.over(paired.invocations.length)) {
      tally.undecided += keys.length - nth;
      tally.reason ??= `the bound of ${pace.bound} was reached after ${nth} of ${keys.length} keys`;
      break;
    }
    pace.section(tally.operations, paired.invocations.length, total);
    pace.tell(0, 1);
    const calls = prepareKey(events, paired, model, settings);
    tally.operations += calls.recorded;
    tally.decisive += calls.count;
    for (const part of partsOf(calls, model, settings.initial)) {
      const steps = Math.max(0, stepsMax - tally.configurations);
      const limits = { steps, memoryBytes, pace };
      tally.enter(part, decide(part.calls, part.model, { initial: part.initial }, limits));
    }
  }
  const smallest = tally.failing.sort((a, b) => a.part.calls.count - b.part.calls.count);
  const anomalies: Anomaly[] = smallest.slice(0, options.explain ?? 10).map(({ part, decision }) =>
    decision.violation === undefined
      ? explain(part, decision.operation, events, {
          steps: Math.min(stepsMax, EXPLANATION_STEPS),
          memoryBytes,
        })
      : describeViolation(part.calls, decision.violation, events),
  );
  const base = { checker: 'linearizable', anomalies, figures: tally.figures(keys.length) };
  const { failing, reason, operations, answered } = tally;
  if (failing.length > 0) return { ...base, validity: 'invalid' };
  if (reason !== undefined) return { ...base, validity: 'unknown', reason };
  if (operations === 0) return { ...base, validity: 'unknown', reason: 'no operations' };
  if (answered > 0) return { ...base, validity: 'valid' };
  const nothing = `none of the ${plural(operations, 'operation')} can decide anything: they failed, or nobody got their answer`;
  return { ...base, validity: 'unknown', reason: nothing };
}

/** The keys with something left on them when operations of these names are left out. Exact where those change nothing. */
function without(
  names: ReadonlySet<string>,
  keys: KeyOperations[],
  events: readonly HistoryEvent[],
): KeyOperations[] {
  if (names.size === 0) return keys;
  return keys.flatMap(({ key, invocations, completions }) => {
    const matters = (position: number) => !names.has((events[position] as Operation).f);
    const left = {
      invocations: invocations.filter(matters),
      completions: completions.filter((_, n) => matters(invocations[n]!)),
    };
    return left.invocations.length === 0 ? [] : [{ key, ...left }];
  });
}

/** What was found out so far, over all keys and their parts. */
class Tally {
  operations = 0;
  decisive = 0;
  /** Of the decisive ones those that completed: the others may always be left out. */
  answered = 0;
  configurations = 0;
  undecided = 0;
  reason: string | undefined;
  readonly failing: { readonly part: Part; readonly decision: Decision }[] = [];
  private frontierMax = 0;
  private parts = 0;
  private readonly algorithms: { [name in Algorithm]: number } = { zones: 0, structure: 0, frontier: 0 };
  private readonly stepsMax: number;
  private readonly memoryBytes: number;
  private readonly pace: Pace;

  constructor(stepsMax: number, memoryBytes: number, pace: Pace) {
    this.stepsMax = stepsMax;
    this.memoryBytes = memoryBytes;
    this.pace = pace;
  }

  enter(part: Part, decision: Decision): void {
    const { result, passed, returns, configurations, frontierMax } = decision;
    this.parts++;
    this.answered += returns;
    this.algorithms[decision.algorithm]++;
    this.configurations += configurations;
    this.frontierMax = Math.max(this.frontierMax, frontierMax);
    if (result === 'invalid') this.failing.push({ part, decision });
    if (result === 'invalid' || result === 'valid') return;
    this.undecided++;
    const bound = {
      steps: `${this.stepsMax} steps`,
      memory: `${this.memoryBytes} bytes`,
      time: this.pace.bound,
    };
    const { subject, key } = part.calls;
    const on =
      subject !== undefined ? ` on ${subject}` : key === undefined ? '' : ` on key ${JSON.stringify(key)}`;
    this.reason ??= `the bound of ${bound[result]} was reached${on} after ${passed} of its ${returns} completed operations (configurations generated: ${configurations}, at most ${frontierMax} at once)`;
  }

  figures(keys: number): { readonly [name: string]: Json } {
    const { parts, failing, undecided, algorithms } = this;
    return {
      operations: this.operations,
      decisiveOperations: this.decisive,
      keys,
      ...(parts !== keys && { parts }),
      keysByZones: algorithms.zones,
      ...(algorithms.structure > 0 && { keysByStructure: algorithms.structure }),
      keysByFrontier: algorithms.frontier,
      configurations: this.configurations,
      frontierMax: this.frontierMax,
      ...(failing.length > 0 && { failingKeys: failing.length }),
      ...(undecided > 0 && { undecidedKeys: undecided }),
    };
  }
}
