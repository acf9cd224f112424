import type { Json } from '../../histories/index.ts';
import { list, seconds } from '../shared/words.ts';
import type { TransactionTable } from './transaction-table.ts';

/** A micro-operation in words: `append 1 to x`, `read x = [1 2]`. `known`: whether its result is. */
export type MicroInWords = (micro: readonly Json[], known: boolean) => string;

/** Names transactions `T1`, `T2`, ... in the order in which they are asked for, and introduces them. */
export class TransactionWords {
  private readonly table: TransactionTable;
  private readonly micro: MicroInWords;
  private readonly numbers = new Map<number, number>();

  constructor(table: TransactionTable, micro: MicroInWords, transactions: Iterable<number>) {
    this.table = table;
    this.micro = micro;
    for (const t of transactions) if (!this.numbers.has(t)) this.numbers.set(t, this.numbers.size + 1);
  }

  name(transaction: number): string {
    return `T${this.numbers.get(transaction)}`;
  }

  /** `T1 (process 0: append x 1; operations 0 and 1) and T2 (...).` */
  introduction(): string {
    return `Let ${list([...this.numbers.keys()].map((t) => this.introduce(t)))}.`;
  }

  /** The lines of the history that prove it, ascending. */
  operations(): number[] {
    const indices: number[] = [];
    for (const t of this.numbers.keys()) {
      indices.push(this.table.invocation(t).index);
      const completion = this.table.completion(t);
      if (completion !== undefined) indices.push(completion.index);
    }
    return indices.sort((a, b) => a - b);
  }

  /** `{T1: 3, T2: 7}`: the index of the invocation of each. */
  asData(): { [name: string]: number } {
    return Object.fromEntries(
      [...this.numbers.keys()].map((t) => [this.name(t), this.table.invocation(t).index]),
    );
  }

  private introduce(t: number): string {
    const { process, index, time } = this.table.invocation(t);
    const completion = this.table.completion(t);
    const micros = this.table.valueOf(t) as readonly (readonly Json[])[];
    const what = micros.map((micro) => this.micro(micro, completion?.type === 'ok')).join(', ');
    const fate =
      completion === undefined
        ? ', never completed'
        : completion.type === 'ok'
          ? ''
          : completion.type === 'fail'
            ? ', failed'
            : ', indeterminate';
    const lines =
      completion === undefined ? `operation ${index}` : `operations ${index} and ${completion.index}`;
    const until = completion === undefined ? 'open' : seconds(completion.time);
    const when = this.table.realtime ? `, ${seconds(time)} - ${until}` : '';
    return `${this.name(t)} = (process ${process}: ${what === '' ? 'nothing' : what}; ${lines}${when}${fate})`;
  }
}

export function keyInWords(key: Json): string {
  return typeof key === 'string' ? key : JSON.stringify(key);
}
