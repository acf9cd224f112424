import { FrontierSearch, type SearchLimits } from './frontier.ts';
import type { Model, ModelOptions } from './model.ts';
import { compile, type KeyCalls } from './preparation.ts';

export type Algorithm = 'zones' | 'frontier';

/** What was found out about one key. */
export interface Decision {
  readonly result: 'valid' | 'invalid' | 'steps' | 'memory';
  readonly algorithm: Algorithm;
  /** Number of the operation at whose completion it failed or a bound was reached; -1 if valid. */
  readonly operation: number;
  readonly passed: number;
  readonly returns: number;
  readonly configurations: number;
  readonly frontierMax: number;
  /** A linearization: operation numbers in order. Only where asked for, of a valid key. */
  readonly order?: readonly number[];
}

/** Decides one key by the cheapest exact way that applies. Cost: see `frontier.ts`. */
export function decide(
  calls: KeyCalls,
  model: Model,
  options: ModelOptions,
  limits: SearchLimits,
  traced = false,
): Decision {
  const search = new FrontierSearch(calls, compile(calls, model, options), limits, traced);
  return { algorithm: 'frontier', ...search.run() };
}
