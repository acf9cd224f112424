import type { HistoryEvent } from '../../histories/index.ts';
import type { Anomaly } from '../checker.ts';
import type { Model } from './model.ts';
import type { KeyCalls, PreparationOptions } from './preparation.ts';

export function explain(
  calls: KeyCalls,
  operation: number,
  model: Model,
  options: PreparationOptions,
  events: readonly HistoryEvent[],
): Anomaly {
  void model;
  void options;
  const first = calls.invoked[operation]!;
  const last = calls.returned[operation]!;
  return {
    name: 'nonlinearizable',
    key: calls.key,
    explanation: `operation ${events[first]!.index} has no place`,
    operations: [events[first]!.index, events[last]!.index],
  };
}
