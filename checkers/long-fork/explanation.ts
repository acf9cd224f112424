import type { Json } from '../../histories/index.ts';
import type { Anomaly } from '../checker.ts';
import { inWords, list, seconds } from '../shared/words.ts';
import type { FoundCycle } from '../transactions/find-cycles.ts';
import { RW, WR } from '../transactions/graph.ts';
import type { TransactionTable } from '../transactions/transaction-table.ts';
import type { Write } from './micro-operations.ts';

/** Tells a cycle: who was before whom, step by step. `writes`: the versions that are the reasons of the steps. */
export function explainCycle(
  table: TransactionTable,
  writes: readonly Write[],
  { steps }: FoundCycle,
): Omit<Anomaly, 'name'> {
  const numbers = new Map(steps.map(({ from }, i) => [from, i + 1]));
  const name = (t: number): string => `T${numbers.get(t)}`;
  const sentences = steps.map(({ from, to, type, reason }, i) => {
    const { key, value } = writes[reason]!;
    const what = `${inWords(key)} = ${inWords(value)}`;
    const why =
      type === WR
        ? `${name(to)} saw ${what}, which ${name(from)} wrote`
        : type === RW
          ? `${name(from)} did not see ${what}, which ${name(to)} wrote`
          : `${name(to)} wrote the later ${what}`;
    const last = i === steps.length - 1;
    return `${last ? 'However, ' : ''}${name(from)} < ${name(to)}, because ${why}${last ? ': no order of the writes explains all reads' : ''}.`;
  });
  const transactions = [...numbers.keys()];
  return {
    explanation: `Let ${list(transactions.map((t) => `${name(t)} = (${introduce(table, t)})`))}. ${sentences.join(' ')}`,
    operations: operationsOf(table, transactions),
    data: {
      cycle: steps.map(({ from, to, type, reason }): Json => {
        const { key, value } = writes[reason]!;
        return {
          from: name(from),
          to: name(to),
          type: type === WR ? 'wr' : type === RW ? 'rw' : 'ww',
          key,
          value,
        };
      }),
      transactions: Object.fromEntries(transactions.map((t) => [name(t), table.invocation(t).index])),
    },
  };
}

/** `process 0: read x = 1, read y = null; operations 3 and 4, 0.001 s - 0.002 s`. */
export function introduce(table: TransactionTable, t: number): string {
  const { process, time, index } = table.invocation(t);
  const completion = table.completion(t);
  const micros = table.valueOf(t) as readonly (readonly [string, Json, Json])[];
  const what = micros.map(
    ([f, key, value]) => `${f === 'r' ? 'read' : 'write'} ${inWords(key)} = ${inWords(value)}`,
  );
  const lines =
    completion === undefined ? `operation ${index}` : `operations ${index} and ${completion.index}`;
  const until = completion === undefined ? 'open' : seconds(completion.time);
  const fate = completion?.type === 'ok' ? '' : completion?.type === 'fail' ? ', failed' : ', indeterminate';
  return `process ${process}: ${list(what, 12)}; ${lines}, ${seconds(time)} - ${until}${fate}`;
}

export function operationsOf(table: TransactionTable, transactions: readonly number[]): number[] {
  const indices = transactions.flatMap((t) => [
    table.invocation(t).index,
    ...[table.completion(t)].flatMap((completion) => completion?.index ?? []),
  ]);
  return indices.sort((a, b) => a - b);
}
