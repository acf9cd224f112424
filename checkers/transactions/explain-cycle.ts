import type { Json } from '../../histories/index.ts';
import type { Anomaly } from '../checker.ts';
import type { CycleStep } from './cycle-classes.ts';
import type { FoundCycle } from './find-cycles.ts';
import { PROCESS, REALTIME, RW, WR } from './graph.ts';
import type { TransactionTable } from './transaction-table.ts';
import { type MicroInWords, TransactionWords } from './transaction-words.ts';

/** One step in words and as data. */
export interface Told {
  readonly words: string;
  readonly data: { readonly [name: string]: Json };
}

/** What a kind of history knows about its own dependencies. */
export interface CycleTeller {
  readonly micro: MicroInWords;
  /** Transactions whose reads and writes prove a step that depends on data, if others than the two of the step. */
  witnesses(step: CycleStep): readonly number[];
  /** A step that depends on data; the data is added to `{from, to, type}`. */
  tell(step: CycleStep, words: TransactionWords): Told;
}

/**
 * Tells a cycle step by step, with the reads that prove each step, and as data: `{cycle: [{from, to, type, key, ...}], transactions}`, and `shortest: false` where a
 * shorter one of the kind may exist.
 */
export function explainCycle(
  table: TransactionTable,
  teller: CycleTeller,
  { name, steps, shortest }: FoundCycle,
): Anomaly {
  const witnesses = steps.flatMap((step) => (isOrder(step) ? [] : teller.witnesses(step)));
  const named = [...steps.map(({ from }) => from), ...witnesses];
  const words = new TransactionWords(table, teller.micro, named);
  const told = steps.map((step) => tell(step));
  const chain = told.map(({ words: sentence }, i) => {
    const { from, to } = steps[i]!;
    const last = i === told.length - 1;
    return `${last ? 'However, ' : ''}${words.name(from)} must come before ${words.name(to)}, because ${sentence}${last ? ': a contradiction' : ''}.`;
  });
  const keys = new Set(
    told.flatMap(({ data }) => (data.key === undefined ? [] : [data.key as string | number])),
  );
  const [onlyKey] = keys;
  return {
    name,
    ...(keys.size === 1 && { key: onlyKey }),
    explanation: `${words.introduction()} ${chain.join(' ')}`,
    operations: words.operations(),
    data: {
      cycle: told.map(({ data }) => data),
      transactions: words.asData(),
      ...(!shortest && { shortest }),
    },
  };

  function tell(step: CycleStep): Told {
    const from = words.name(step.from);
    const to = words.name(step.to);
    if (step.type === PROCESS) {
      const process = table.processOf(step.from);
      return {
        words: `process ${process} ran ${from} before ${to}`,
        data: { from, to, type: 'process', process },
      };
    }
    if (step.type === REALTIME) {
      const ended = table.completion(step.from)!.index;
      const began = table.invocation(step.to).index;
      return {
        words: `${from} had completed (operation ${ended}) before ${to} was invoked (operation ${began})`,
        data: { from, to, type: 'realtime', completed: ended, invoked: began },
      };
    }
    const type = (step.type & RW) !== 0 ? 'rw' : (step.type & WR) !== 0 ? 'wr' : 'ww';
    const { words: sentence, data } = teller.tell(step, words);
    return { words: sentence, data: { from, to, type, ...data } };
  }
}

/** Whether the step follows from the order of events alone. */
function isOrder({ type }: CycleStep): boolean {
  return type === PROCESS || type === REALTIME;
}
