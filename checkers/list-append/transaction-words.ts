import type { Json } from '../../histories/index.ts';
import type { TransactionTable } from '../transactions/transaction-table.ts';
import { inWords, list, seconds } from '../words.ts';

/** Names transactions `T1`, `T2`, ... in the order in which they are asked for, and introduces them. */
export class TransactionWords {
  private readonly table: TransactionTable;
  private readonly numbers = new Map<number, number>();

  constructor(table: TransactionTable, transactions: Iterable<number>) {
    this.table = table;
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
    const what = micros.map(microInWords).join(', ');
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

function microInWords([f, key, value]: readonly Json[]): string {
  return f === 'append'
    ? `append ${inWords(value!)} to ${keyInWords(key!)}`
    : `read ${keyInWords(key!)}${value == null ? ' = []' : ` = ${listInWords(value as readonly Json[])}`}`;
}

export function keyInWords(key: Json): string {
  return typeof key === 'string' ? key : JSON.stringify(key);
}

/** `[1 2 3]`; of a long list the beginning and the end. */
export function listInWords(elements: readonly Json[], length = elements.length): string {
  const words = (from: number, to: number): string => elements.slice(from, to).map(inWords).join(' ');
  return length <= 12 ? `[${words(0, length)}]` : `[${words(0, 4)} ... ${words(length - 6, length)}]`;
}
