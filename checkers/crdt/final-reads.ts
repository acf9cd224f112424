import type { History, OperationPair } from '../../histories/index.ts';
import { finalFrom } from '../shared/final-reads.ts';
import type { Structure } from '../shared/structures.ts';

export interface FinalRead extends OperationPair {
  readonly completion: NonNullable<OperationPair['completion']>;
}

/**
 * The acknowledged reads of the phase `final` and later ones; without such a phase the last one that was invoked. In the order of invocation. Cost: linear.
 */
export function finalReadsOf(history: History): (structure: Structure) => FinalRead[] {
  const from = finalFrom(history);
  return ({ pairs }) => {
    const reads = pairs.filter(
      (pair): pair is FinalRead => pair.invocation.f === 'read' && pair.completion?.type === 'ok',
    );
    return from === Number.POSITIVE_INFINITY
      ? reads.slice(-1)
      : reads.filter(({ invocation }) => invocation.index >= from);
  };
}
