import { judgeCollection, type Violation } from './collections/index.ts';
import type { SearchLimits, SearchMode } from './configurations.ts';
import { FrontierSearch, type SearchOutcome } from './frontier.ts';
import { type Calls, type Model, type ModelOptions, NEVER } from './model.ts';
import { compile, type KeyCalls } from './preparation.ts';
import { type Clusters, clustersOf, firstViolation, orderClusters, orderOperations } from './zones.ts';

export type Algorithm = 'zones' | 'structure' | 'frontier';

/** What was found out about one key. */
export interface Decision {
  readonly result: 'valid' | 'invalid' | 'steps' | 'memory' | 'time';
  readonly algorithm: Algorithm;
  /** Number of the operation at whose completion it failed or a bound was reached; -1 if valid. */
  readonly operation: number;
  readonly passed: number;
  readonly returns: number;
  readonly configurations: number;
  readonly frontierMax: number;
  /** A linearization: operation numbers in order. Only where asked for, of a valid key. */
  readonly order?: readonly number[];
  /** Why it is invalid, where a pattern was found instead of a completion without a place (`operation` is -1 then). */
  readonly violation?: Violation;
}

/**
 * What is tried in turn. Narrowed searches prove `valid`, one with reusable operations proves `invalid`, the last is exact.
 * Without operations that never complete the first is exact already and the others never run.
 */
const ATTEMPTS: readonly (SearchMode & { readonly share: number })[] = [
  { narrowness: 1, lastingPerInput: 2, share: 0.05 },
  { reusable: true, share: 0.05 },
  { narrowness: 4, lastingPerInput: 8, share: 0.1 },
  { narrowness: 32, share: 0.2 },
  { share: 1 },
];

const PINPOINT_STEPS = 200_000;

/** Decides one key by the cheapest exact way that applies. Cost: see `frontier.ts`. */
export function decide(
  calls: KeyCalls,
  model: Model,
  options: ModelOptions,
  limits: SearchLimits,
  traced = false,
): Decision {
  const clusters = model.isRegister ? clustersOf(calls, options.initial) : undefined;
  if (clusters !== undefined) return byZones(clusters, traced);
  const judged = traced ? undefined : judgeCollection(calls, model.name, options.initial);
  if (judged !== undefined) return byStructure(calls, judged);
  const machine = compile(calls, model, options);
  const lasting = calls.returned.includes(NEVER);
  let configurations = 0;
  let frontierMax = 0;
  let last: SearchOutcome | undefined;
  for (const { share, ...mode } of lasting ? ATTEMPTS : [{ share: 1 }]) {
    // Taken again and again, operations could lead to ever new states (appending), if there is no dead state to end in.
    if (mode.reusable && machine.dead < 0) continue;
    const steps = (limits.steps - configurations) * share;
    const outcome = new FrontierSearch(calls, machine, { ...limits, steps }, { ...mode, traced }).run();
    configurations += outcome.configurations;
    frontierMax = Math.max(frontierMax, outcome.frontierMax);
    last = outcome;
    const { result } = outcome;
    if (result === 'invalid' && mode.reusable) {
      // Certain, but perhaps found late: a short exact search may know the first operation that has no place.
      const exact = { ...limits, steps: Math.min(PINPOINT_STEPS, limits.steps - configurations) };
      const pinpointed = new FrontierSearch(calls, machine, exact).run();
      configurations += pinpointed.configurations;
      if (pinpointed.result === 'invalid') last = pinpointed;
    }
    if ((result === 'valid' && !mode.reusable) || result === 'invalid' || result === 'time') break;
  }
  const { result, operation, passed, returns, order } = last!;
  if (result === 'lost') throw new Error('an exact search cannot lose configurations');
  return { algorithm: 'frontier', result, operation, passed, returns, configurations, frontierMax, order };
}

function byStructure({ returned }: Calls, judged: Violation | 'valid'): Decision {
  const returns = returned.reduce((count, at) => (at === NEVER ? count : count + 1), 0);
  const found =
    judged === 'valid' ? ({ result: 'valid' } as const) : ({ result: 'invalid', violation: judged } as const);
  const operation = -1;
  return {
    ...found,
    algorithm: 'structure',
    operation,
    passed: returns,
    returns,
    configurations: 0,
    frontierMax: 0,
  };
}

function byZones(clusters: Clusters, traced: boolean): Decision {
  const { returned } = clusters.calls;
  const operation = firstViolation(clusters);
  const returns = returned.reduce((count, at) => (at === NEVER ? count : count + 1), 0);
  const until = operation < 0 ? NEVER : returned[operation]!;
  return {
    algorithm: 'zones',
    result: operation < 0 ? 'valid' : 'invalid',
    operation,
    passed: returned.reduce((count, at) => (at < until ? count + 1 : count), 0),
    returns,
    configurations: 0,
    frontierMax: 0,
    order:
      traced && operation < 0
        ? orderOperations(clusters, orderClusters(clusters, NEVER - 1)!, NEVER - 1)
        : undefined,
  };
}
