import type { OperationPair } from '../../histories/index.ts';
import type { Structure } from '../shared/structures.ts';

/** The adds and reads of one counter that may count for something, in the order of invocation. */
export interface CounterHistory {
  readonly key: string | number | undefined;
  readonly initial: number;
  readonly pairs: readonly OperationPair[];
  /** What an add adds; 0 for reads. */
  readonly delta: Float64Array;
  /** For a read its number among the reads, -1 for adds. */
  readonly readAt: Int32Array;
  /** Reads that succeeded but returned no integer. They say nothing. */
  readonly malformed: number;
}

/**
 * Undefined if some add is of no integer, or if they sum up to more than a double holds exactly: then nothing certain can be said. Cost: linear.
 */
export function counterHistoryOf({ key, pairs }: Structure, initial: number): CounterHistory | undefined {
  const kept: OperationPair[] = [];
  let malformed = 0;
  let total = Math.abs(initial);
  for (const pair of pairs) {
    const { invocation, completion } = pair;
    if (invocation.f === 'add') {
      if (!Number.isSafeInteger(invocation.value)) return undefined;
      total += Math.abs(invocation.value as number);
      if (completion?.type !== 'fail') kept.push(pair);
    } else if (completion?.type === 'ok') {
      if (Number.isSafeInteger(completion.value)) kept.push(pair);
      else malformed++;
    }
  }
  if (total > Number.MAX_SAFE_INTEGER / 4) return undefined;
  const readAt = new Int32Array(kept.length).fill(-1);
  let reads = 0;
  const delta = Float64Array.from(kept, ({ invocation }, at) => {
    if (invocation.f === 'add') return invocation.value as number;
    readAt[at] = reads++;
    return 0;
  });
  return { key, initial, pairs: kept, delta, readAt, malformed };
}
