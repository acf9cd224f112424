import type { Json } from '../../histories/index.ts';
import { inWords } from '../shared/words.ts';
import { uint8s } from '../transactions/arrays.ts';
import { IntList } from '../transactions/int-list.ts';
import { OK, type TransactionTable } from '../transactions/transaction-table.ts';
import { sameElement } from './element.ts';

/** A read that contradicts what its own transaction did or saw before. */
export interface InternalAnomaly {
  readonly transaction: number;
  readonly key: number;
  readonly list: readonly Json[];
  /** What the transaction had to see: a whole list, or `...` and the elements it had appended. */
  readonly expected: readonly Json[];
}

/**
 * Appends and reads of all transactions, as columns. Appends are those of every transaction, also of failed ones; reads are
 * those of acknowledged transactions, one for each key and transaction: later reads of a key must follow from the first one
 * and are kept only if they do not.
 */
export interface MicroOperations {
  readonly keys: readonly (string | number)[];
  readonly appends: {
    readonly count: number;
    readonly transaction: Int32Array;
    readonly key: Int32Array;
    readonly value: readonly Json[];
    /** The append of the same transaction to the same key before it; -1 for the first. */
    readonly previous: Int32Array;
    /** 1 if the same transaction appended to the same key again. */
    readonly superseded: Uint8Array;
  };
  readonly reads: {
    readonly count: number;
    readonly transaction: Int32Array;
    readonly key: Int32Array;
    readonly list: readonly (readonly Json[])[];
    /** How much of the list others had appended: all of it but the transaction's own appends before the read. */
    readonly length: Int32Array;
    /** The last append of the whole transaction to the key, -1 if there is none. */
    readonly own: Int32Array;
    /** The last append of the transaction to the key before this read, -1 if there was none. */
    readonly ownBefore: Int32Array;
  };
  readonly internal: readonly InternalAnomaly[];
}

/** A transaction that is no list of micro-operations of these two kinds. */
export interface Malformed {
  readonly malformed: string;
}

const EMPTY: readonly Json[] = [];

/**
 * Takes the transactions apart. A nil read of an acknowledged transaction is the empty list.
 * Cost: linear in micro-operations; lists are compared only where a transaction reads a key again.
 */
export function microOperationsOf(table: TransactionTable): MicroOperations | Malformed {
  const likely = Math.ceil(table.count * 1.5);
  const keys: (string | number)[] = [];
  const keyIds = new Map<Json, number>();
  const appendTransaction = new IntList(likely);
  const appendKey = new IntList(likely);
  const appendValue: Json[] = [];
  const appendPrevious = new IntList(likely);
  const readTransaction = new IntList(likely);
  const readKey = new IntList(likely);
  const readList: (readonly Json[])[] = [];
  const readLength = new IntList(likely);
  const readOwnBefore = new IntList(likely);
  const readOwn = new IntList(likely);
  const internal: InternalAnomaly[] = [];
  // What the transaction at hand knows of a key; valid where `stamp` is its number.
  const stamp = new IntList();
  const firstRead = new IntList();
  const ownCount = new IntList();
  const ownLast = new IntList();

  const idOf = (key: Json): number => {
    let id = keyIds.get(key);
    if (id === undefined) {
      const name = typeof key === 'number' || typeof key === 'string' ? key : JSON.stringify(key);
      id = keyIds.get(name);
      if (id === undefined) {
        id = keys.push(name) - 1;
        keyIds.set(name, id);
        stamp.push(-1);
        firstRead.push(-1);
        ownCount.push(0);
        ownLast.push(-1);
      }
    }
    return id;
  };

  const read = (t: number, key: number, list: readonly Json[]): void => {
    const own = ownCount.at(key);
    let outside = list.length - own;
    let append = ownLast.at(key);
    let consistent = outside >= 0;
    for (let i = list.length - 1; consistent && append >= 0; i--, append = appendPrevious.at(append)) {
      consistent = sameElement(list[i]!, appendValue[append]!);
    }
    const first = firstRead.at(key);
    if (consistent && first >= 0) {
      const seen = readList[first]!;
      const length = readLength.at(first);
      consistent = length === outside;
      for (let i = 0; consistent && i < length; i++) consistent = sameElement(list[i]!, seen[i]!);
      if (consistent) return;
    }
    if (!consistent) {
      const expected: Json[] = first >= 0 ? readList[first]!.slice(0, readLength.at(first)) : ['...'];
      const mine: Json[] = [];
      for (let a = ownLast.at(key); a >= 0; a = appendPrevious.at(a)) mine.push(appendValue[a]!);
      internal.push({ transaction: t, key, list, expected: [...expected, ...mine.reverse()] });
      outside = list.length;
    }
    if (first < 0) firstRead.set(key, readList.length);
    readTransaction.push(t);
    readKey.push(key);
    readList.push(list);
    readLength.push(outside);
    readOwnBefore.push(ownLast.at(key));
    readOwn.push(-1);
  };

  for (let t = 0; t < table.count; t++) {
    const micros = table.valueOf(t);
    if (!Array.isArray(micros)) return malformed(table, t, micros);
    const readsBefore = readList.length;
    const known = table.outcome[t] === OK;
    for (const micro of micros as readonly Json[]) {
      if (!Array.isArray(micro) || micro.length < 2 || micro.length > 3) return malformed(table, t, micro);
      // By index: destructuring goes through an iterator, millions of times.
      const f: Json = micro[0];
      const name: Json = micro[1];
      const value: Json = micro[2] ?? null;
      if (f === 'append' ? micro.length !== 3 : f !== 'r' || !(value === null || Array.isArray(value))) {
        return malformed(table, t, micro);
      }
      const key = idOf(name);
      if (stamp.at(key) !== t) {
        stamp.set(key, t);
        firstRead.set(key, -1);
        ownCount.set(key, 0);
        ownLast.set(key, -1);
      }
      if (f === 'append') {
        appendPrevious.push(ownLast.at(key));
        ownLast.set(key, appendValue.length);
        ownCount.set(key, ownCount.at(key) + 1);
        appendTransaction.push(t);
        appendKey.push(key);
        appendValue.push(value);
      } else if (known) {
        read(t, key, value === null ? EMPTY : (value as readonly Json[]));
      }
    }
    for (let r = readsBefore; r < readList.length; r++) readOwn.set(r, ownLast.at(readKey.at(r)));
  }

  const superseded = uint8s(appendValue.length);
  for (const previous of appendPrevious.view()) if (previous >= 0) superseded[previous] = 1;
  return {
    keys,
    appends: {
      count: appendValue.length,
      transaction: appendTransaction.view(),
      key: appendKey.view(),
      value: appendValue,
      previous: appendPrevious.view(),
      superseded,
    },
    reads: {
      count: readList.length,
      transaction: readTransaction.view(),
      key: readKey.view(),
      list: readList,
      length: readLength.view(),
      own: readOwn.view(),
      ownBefore: readOwnBefore.view(),
    },
    internal,
  };
}

function malformed(table: TransactionTable, t: number, value: Json): Malformed {
  const { index } = (table.outcome[t] === OK ? table.completion(t) : undefined) ?? table.invocation(t);
  return {
    malformed: `operation ${index}: expected micro-operations ["append", key, value] and ["r", key, null or list], got ${inWords(value)}`,
  };
}
