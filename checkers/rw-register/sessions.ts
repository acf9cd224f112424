import { int32s } from '../transactions/arrays.ts';
import { groupBy } from '../transactions/group-by.ts';
import type { TransactionTable } from '../transactions/transaction-table.ts';

/** Transactions that happened by process, in its order: `order[from[s]]` to `order[from[s + 1]]`. */
export interface Sessions {
  readonly count: number;
  readonly from: Int32Array;
  readonly order: Int32Array;
  /** The session of each transaction; -1 for those that did not happen as far as is known. */
  readonly of: Int32Array;
}

/** Cost: linear. */
export function sessionsOf(table: TransactionTable, happened: Uint8Array): Sessions {
  const numbers = new Map<number, number>();
  const of = int32s(table.count).fill(-1);
  for (let t = 0; t < table.count; t++) {
    if (happened[t] === 0) continue;
    const process = table.processOf(t);
    let session = numbers.get(process);
    if (session === undefined) {
      session = numbers.size;
      numbers.set(process, session);
    }
    of[t] = session;
  }
  const { from, items } = groupBy(of, numbers.size);
  return { count: numbers.size, from, order: items, of };
}
