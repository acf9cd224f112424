import type { Json } from '../../histories/index.ts';
import type { Anomaly } from '../checker.ts';
import type { TransactionTable } from './transaction-table.ts';
import { keyInWords, type MicroInWords, TransactionWords } from './transaction-words.ts';

/** Anomalies of one name that are told; the others are counted. */
const TOLD = 8;

/** What is wrong without any cycle. */
export class Phenomena {
  readonly anomalies: Anomaly[] = [];
  readonly counts = new Map<string, number>();
  private readonly table: TransactionTable;
  private readonly keys: readonly (string | number)[];
  private readonly micro: MicroInWords;

  constructor(table: TransactionTable, keys: readonly (string | number)[], micro: MicroInWords) {
    this.table = table;
    this.keys = keys;
    this.micro = micro;
  }

  /** `tell` gets the transactions named and says what is impossible about them. */
  add(
    name: string,
    key: number,
    transactions: readonly number[],
    tell: (words: TransactionWords, x: string) => string,
    data: { readonly [name: string]: Json },
  ): void {
    const count = (this.counts.get(name) ?? 0) + 1;
    this.counts.set(name, count);
    if (count > TOLD) return;
    const words = new TransactionWords(this.table, this.micro, transactions);
    const keyName = this.keys[key]!;
    this.anomalies.push({
      name,
      key: keyName,
      explanation: `${words.introduction()} ${tell(words, keyInWords(keyName))}.`,
      operations: words.operations(),
      data: { ...data, transactions: words.asData() },
    });
  }
}
