import type { History, Json, OperationPair } from '../../histories/index.ts';
import { Pace } from '../budget.ts';
import type { Anomaly, Checker } from '../checker.ts';
import { pairsOf } from '../shared/pairs.ts';
import { verdictOf } from '../shared/verdicts.ts';
import { describeOperation, indicesOf, ofKey, plural } from '../shared/words.ts';

export type MonotonicOptions = {
  /** The operation that reads. Default `read`. */
  readonly f?: string;
  /**
   * `process` (default): in one process. `client`: in one client, the first number of `id`, whatever its process. `realtime`: also between processes, where one
   * read was over before the other was invoked.
   */
  readonly between?: 'process' | 'client' | 'realtime';
};

type Read = OperationPair & {
  readonly completion: NonNullable<OperationPair['completion']>;
  readonly value: number;
};

/**
 * Values that only ever grow, such as counters that are only added to, terms, offsets or versions: a read of a key is never smaller than one before it.
 * Reads of what is no number are left out and counted. One anomaly for each key, with the widest step back.
 */
export const monotonic: Checker<MonotonicOptions> = {
  name: 'monotonic',
  summary: 'the numbers that are read of a key never go back',
  cost: 'O(n)',
  options: {
    type: 'object',
    properties: {
      f: { description: 'the operation that reads', type: 'string', default: 'read' },
      between: {
        description: 'reads of one process, of one client, or of all in real time',
        enum: ['process', 'client', 'realtime'],
        default: 'process',
      },
    },
    additionalProperties: false,
  },
  check(history, options, budget) {
    const between = options.between ?? 'process';
    const { reads, others } = readsOf(history, options.f ?? 'read');
    const pace = new Pace(budget ?? {});
    const untimed = between === 'realtime' && history.header.realtime === false;
    const found = new Map<Json | undefined, { first: Read; second: Read; count: number }>();
    let compared = 0;
    const judge = (first: Read | undefined, second: Read): void => {
      if (first === undefined) return;
      compared++;
      if (first.value <= second.value) return;
      const { key } = second.invocation;
      const known = found.get(key);
      const wider =
        known === undefined || first.value - second.value > known.first.value - known.second.value;
      found.set(key, { ...(wider ? { first, second } : known), count: (known?.count ?? 0) + 1 });
    };
    if (between === 'realtime') {
      if (!untimed) inRealtime(reads, judge, pace);
    } else {
      const largest = new Map<string, Read>();
      for (const read of reads) {
        if (pace.over()) break;
        const { process, id, key } = read.invocation;
        const owner = between === 'client' && id !== undefined ? `c${id[0]}` : `p${process}`;
        const name = JSON.stringify([owner, key ?? null]);
        const before = largest.get(name);
        judge(before, read);
        if (before === undefined || read.value > before.value) largest.set(name, read);
      }
    }
    const anomalies = [...found.values()].map(({ first, second, count }) => stepBack(first, second, count));
    const reason = untimed
      ? 'the history claims no real time'
      : (pace.reason(compared, `${plural(reads.length, 'read')} compared`) ??
        (compared === 0 ? 'no number was read after another one of its key' : undefined));
    return verdictOf(
      this.name,
      { anomalies, ...(reason !== undefined && { reason }) },
      {
        reads: reads.length,
        ...(others > 0 && { noNumbers: others }),
        compared,
        stepsBack: [...found.values()].reduce((sum, { count }) => sum + count, 0),
        between,
      },
    );
  },
};

/** Reads of numbers, in the order of completion: where one process or client has several, that is their order. */
function readsOf(history: History, f: string): { readonly reads: Read[]; readonly others: number } {
  const reads: Read[] = [];
  let others = 0;
  for (const { invocation, completion } of pairsOf(history)) {
    if (invocation.f !== f || completion?.type !== 'ok') continue;
    if (typeof completion.value === 'number') reads.push({ invocation, completion, value: completion.value });
    else others++;
  }
  return { reads: reads.sort((a, b) => a.completion.index - b.completion.index), others };
}

/** Each read with the largest one of its key that was over before it was invoked. */
function inRealtime(
  reads: readonly Read[],
  judge: (first: Read | undefined, second: Read) => void,
  pace: Pace,
): void {
  const byInvocation = [...reads].sort((a, b) => a.invocation.index - b.invocation.index);
  const largest = new Map<string | number | undefined, Read>();
  let over = 0;
  for (const read of byInvocation) {
    if (pace.over()) break;
    for (; over < reads.length && reads[over]!.completion.index < read.invocation.index; over++) {
      const done = reads[over]!;
      const known = largest.get(done.invocation.key);
      if (known === undefined || done.value > known.value) largest.set(done.invocation.key, done);
    }
    judge(largest.get(read.invocation.key), read);
  }
}

function stepBack(first: Read, second: Read, count: number): Anomaly {
  const { key } = second.invocation;
  return {
    name: 'step-back',
    ...(key !== undefined && { key }),
    explanation: [
      `What was read${ofKey(key)} went back from ${first.value} to ${second.value}: ${describeOperation(first)}, and after it ${describeOperation(second)}.`,
      ...(count > 1 ? [`It is the widest of ${plural(count, 'step')} back${ofKey(key)}.`] : []),
    ].join(' '),
    operations: indicesOf([first, second]),
    data: { from: first.value, to: second.value, count },
  };
}
