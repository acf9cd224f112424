import type { Json, Operation } from '../../histories/index.ts';
import { inWords } from '../shared/words.ts';
import { int32s, uint8s } from '../transactions/arrays.ts';
import { IntList } from '../transactions/int-list.ts';
import { OK, type TransactionTable } from '../transactions/transaction-table.ts';
import { ValueCodes } from './values.ts';

/** The first read of its key by its transaction, before it wrote the key. */
export const FIRST = 0;
/** A later one of the same value. */
export const AGAIN = 1;
/** A later one of another value. */
export const CHANGED = 2;
/** After its transaction wrote the key, a read of another value than the last it wrote. */
export const CONTRADICTS = 3;

/**
 * Writes and reads of all transactions, as columns. Writes are those of every transaction, also of failed ones; reads are those of
 * acknowledged transactions that did not just return what the transaction itself had written last. Those of transaction `t` are `from[t]` to
 * `from[t + 1]`, in its order.
 */
export interface MicroOperations {
  readonly keys: readonly (string | number)[];
  readonly values: ValueCodes;
  readonly writes: {
    readonly count: number;
    readonly from: Int32Array;
    readonly transaction: Int32Array;
    readonly key: Int32Array;
    readonly code: Int32Array;
    /** 1 if the transaction did not write the key again. */
    readonly final: Uint8Array;
  };
  readonly reads: {
    readonly count: number;
    readonly from: Int32Array;
    readonly transaction: Int32Array;
    readonly key: Int32Array;
    readonly code: Int32Array;
    /** `FIRST`, `AGAIN`, `CHANGED` or `CONTRADICTS`. */
    readonly kind: Uint8Array;
    /** The first write that comes after it, of its transaction or the next. */
    readonly before: Int32Array;
  };
  /** Reads that returned what their own transaction had written last. */
  readonly ownReads: number;
}

/** A transaction that is no list of micro-operations of these two kinds. */
export interface Malformed {
  readonly malformed: string;
}

/** A plain `read` or `write` of a key as a transaction of one micro-operation. */
export function singleOperation({ f, key, value }: Operation, completion?: Operation): Json | undefined {
  if (key === undefined) return undefined;
  if (f === 'write') return [['w', key, value]];
  return f === 'read' ? [['r', key, completion?.value ?? null]] : undefined;
}

/** Takes the transactions apart. Cost: linear in micro-operations. */
export function microOperationsOf(table: TransactionTable): MicroOperations | Malformed {
  const likely = table.count * 4;
  const keys: (string | number)[] = [];
  const keyIds = new Map<Json, number>();
  const values = new ValueCodes();
  const writeFrom = int32s(table.count + 1);
  const writeTransaction = new IntList(likely);
  const writeKey = new IntList(likely);
  const writeCode = new IntList(likely);
  const superseded: number[] = [];
  const readFrom = int32s(table.count + 1);
  const readTransaction = new IntList(likely);
  const readKey = new IntList(likely);
  const readCode = new IntList(likely);
  const readKind = new IntList(likely);
  const readBefore = new IntList(likely);
  let ownReads = 0;
  // What the transaction at hand knows of a key; valid where `stamp` is its number.
  const stamp = new IntList();
  const lastWrite = new IntList();
  const firstRead = new IntList();

  const idOf = (key: Json): number => {
    const name = typeof key === 'number' || typeof key === 'string' ? key : JSON.stringify(key);
    let id = keyIds.get(name);
    if (id === undefined) {
      id = keys.push(name) - 1;
      keyIds.set(name, id);
      stamp.push(-1);
      lastWrite.push(-1);
      firstRead.push(-1);
    }
    return id;
  };

  for (let t = 0; t < table.count; t++) {
    writeFrom[t] = writeCode.length;
    readFrom[t] = readCode.length;
    const micros = table.valueOf(t);
    if (!Array.isArray(micros)) return malformed(table, t, micros);
    const known = table.outcome[t] === OK;
    for (const micro of micros as readonly Json[]) {
      if (!Array.isArray(micro) || micro.length < 2 || micro.length > 3) return malformed(table, t, micro);
      // By index: destructuring goes through an iterator, millions of times.
      const f: Json = micro[0];
      if (f === 'w' ? micro.length !== 3 : f !== 'r') return malformed(table, t, micro);
      const key = idOf(micro[1]);
      if (stamp.at(key) !== t) {
        stamp.set(key, t);
        lastWrite.set(key, -1);
        firstRead.set(key, -1);
      }
      if (f === 'w') {
        if (lastWrite.at(key) >= 0) superseded.push(lastWrite.at(key));
        lastWrite.set(key, writeCode.length);
        writeTransaction.push(t);
        writeKey.push(key);
        writeCode.push(values.codeOf(micro[2]));
      } else if (known) {
        const code = values.codeOf(micro[2] ?? null);
        const own = lastWrite.at(key);
        const first = firstRead.at(key);
        if (own >= 0 && writeCode.at(own) === code) {
          ownReads++;
          continue;
        }
        if (own < 0 && first < 0) firstRead.set(key, readCode.length);
        readTransaction.push(t);
        readKey.push(key);
        readCode.push(code);
        readBefore.push(writeCode.length);
        readKind.push(
          own >= 0 ? CONTRADICTS : first < 0 ? FIRST : readCode.at(first) === code ? AGAIN : CHANGED,
        );
      }
    }
  }
  writeFrom[table.count] = writeCode.length;
  readFrom[table.count] = readCode.length;
  const final = uint8s(writeCode.length).fill(1);
  for (const write of superseded) final[write] = 0;
  const kind = uint8s(readKind.length);
  kind.set(readKind.view());
  return {
    keys,
    values,
    writes: {
      count: writeCode.length,
      from: writeFrom,
      transaction: writeTransaction.view(),
      key: writeKey.view(),
      code: writeCode.view(),
      final,
    },
    reads: {
      count: readCode.length,
      from: readFrom,
      transaction: readTransaction.view(),
      key: readKey.view(),
      code: readCode.view(),
      kind,
      before: readBefore.view(),
    },
    ownReads,
  };
}

function malformed(table: TransactionTable, t: number, value: Json): Malformed {
  const { index } = (table.outcome[t] === OK ? table.completion(t) : undefined) ?? table.invocation(t);
  return {
    malformed: `operation ${index}: expected micro-operations ["w", key, value] and ["r", key, value or null], got ${inWords(value)}`,
  };
}
