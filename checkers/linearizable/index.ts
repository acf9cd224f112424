import type { History, Json } from '../../histories/index.ts';
import { Pace } from '../budget.ts';
import type { Anomaly, Budget, Checker, Verdict } from '../checker.ts';
import { type Algorithm, decide } from './decide.ts';
import { explain } from './explanation.ts';
import { type LinearizableOptions, models, optionsSchema } from './options.ts';
import { pairByKey } from './pairing.ts';
import { initialState, type KeyCalls, prepareKey } from './preparation.ts';

export type { LinearizableOptions } from './options.ts';
export { models } from './options.ts';
export { UncheckableHistory } from './pairing.ts';

const STEPS_DEFAULT = 200_000_000;
/** For the explanation of one key, over all its searches. */
const EXPLANATION_STEPS = 3_000_000;
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
  cost: 'registers with unique writes and no cas: n log n at any concurrency; otherwise n times the configurations held (in the worst case exponential in the concurrency of one key)',
  options: optionsSchema,
  check(history: History, options: LinearizableOptions, budget: Budget): Verdict {
    return judge(history, options ?? {}, budget ?? {});
  },
};

function judge(history: History, options: LinearizableOptions, budget: Budget): Verdict {
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
  } as const;
  const memoryBytes = budget.memoryBytes ?? MEMORY_BYTES_DEFAULT;
  const stepsMax = budget.steps ?? STEPS_DEFAULT;
  const keys = pairByKey(events);
  const failing: { calls: KeyCalls; operation: number }[] = [];
  const algorithms: { [name in Algorithm]: number } = { zones: 0, frontier: 0 };
  let operations = 0;
  let decisive = 0;
  let configurations = 0;
  let frontierMax = 0;
  let undecided = 0;
  let reason: string | undefined;
  const pace = new Pace(budget);
  const total = keys.reduce((sum, { invocations }) => sum + invocations.length, 0);
  for (const [nth, paired] of keys.entries()) {
    if (pace.over(paired.invocations.length)) {
      undecided += keys.length - nth;
      reason ??= `the bound of ${pace.bound} was reached after ${nth} of ${keys.length} keys`;
      break;
    }
    pace.section(operations, paired.invocations.length, total);
    pace.tell(0, 1);
    const calls = prepareKey(events, paired, model, settings);
    operations += calls.recorded;
    decisive += calls.count;
    const steps = Math.max(0, stepsMax - configurations);
    const decision = decide(calls, model, settings, { steps, memoryBytes, pace });
    algorithms[decision.algorithm]++;
    configurations += decision.configurations;
    frontierMax = Math.max(frontierMax, decision.frontierMax);
    if (decision.result === 'invalid') failing.push({ calls, operation: decision.operation });
    else if (decision.result !== 'valid') {
      undecided++;
      const bound = { steps: `${stepsMax} steps`, memory: `${memoryBytes} bytes`, time: pace.bound }[
        decision.result
      ];
      const on = calls.key === undefined ? '' : ` on key ${JSON.stringify(calls.key)}`;
      reason ??= `the bound of ${bound} was reached${on} after ${decision.passed} of its ${decision.returns} completed operations (configurations generated: ${decision.configurations}, at most ${decision.frontierMax} at once)`;
    }
  }
  failing.sort((a, b) => a.calls.count - b.calls.count);
  const anomalies: Anomaly[] = failing.slice(0, options.explain ?? 10).map(({ calls, operation }) =>
    explain(calls, operation, model, settings, events, {
      steps: Math.min(stepsMax, EXPLANATION_STEPS),
      memoryBytes,
    }),
  );
  const figures: { [name: string]: Json } = {
    operations,
    decisiveOperations: decisive,
    keys: keys.length,
    keysByZones: algorithms.zones,
    keysByFrontier: algorithms.frontier,
    configurations,
    frontierMax,
    ...(failing.length > 0 ? { failingKeys: failing.length } : {}),
    ...(undecided > 0 ? { undecidedKeys: undecided } : {}),
  };
  const base = { checker: 'linearizable', anomalies, figures };
  if (failing.length > 0) return { ...base, validity: 'invalid' };
  if (reason !== undefined) return { ...base, validity: 'unknown', reason };
  if (operations === 0) return { ...base, validity: 'unknown', reason: 'no operations' };
  return { ...base, validity: 'valid' };
}
