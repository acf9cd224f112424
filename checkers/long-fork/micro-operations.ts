import type { Json } from '../../histories/index.ts';
import { type Identity, identityOf } from '../shared/identity.ts';
import { inWords } from '../shared/words.ts';
import { FAILED, OK, type TransactionTable } from '../transactions/transaction-table.ts';

export interface Write {
  readonly transaction: number;
  readonly key: Json;
  readonly value: Json;
}

export interface Read extends Write {
  /** Of the key and the value together. */
  readonly identity: Identity;
}

export interface MicroOperations {
  /** Writes that were not failed, by key. */
  readonly writes: ReadonlyMap<Identity, readonly Write[]>;
  /** Writes that certainly did not happen, by key and value. */
  readonly failed: ReadonlyMap<Identity, Write>;
  /** What acknowledged transactions read, in order. */
  readonly reads: readonly Read[];
}

/** @returns in words what is no transaction of only reads or only writes, each key written once, if there is one. */
export function microOperationsOf(table: TransactionTable): MicroOperations | string {
  const writes = new Map<Identity, Write[]>();
  const failed = new Map<Identity, Write>();
  const reads: Read[] = [];
  for (let t = 0; t < table.count; t++) {
    const micros = table.valueOf(t);
    const place = `operation ${table.invocation(t).index}`;
    if (!Array.isArray(micros))
      return `${place}: expected a list of micro-operations, got ${inWords(micros)}`;
    const kinds = new Set<Json>();
    const keys = new Set<Identity>();
    for (const micro of micros as readonly Json[]) {
      if (!Array.isArray(micro) || micro.length !== 3 || (micro[0] !== 'r' && micro[0] !== 'w'))
        return `${place}: expected ["r", key, value] or ["w", key, value], got ${inWords(micro)}`;
      const [f, key, value] = micro as readonly Json[] as readonly [Json, Json, Json];
      const id = identityOf(key);
      kinds.add(f);
      if (f === 'r') {
        if (table.outcome[t] === OK)
          reads.push({ transaction: t, key, value, identity: identityOf([key, value]) });
        continue;
      }
      if (keys.has(id)) return `${place}: writes key ${inWords(key)} more than once`;
      keys.add(id);
      const write = { transaction: t, key, value };
      if (table.outcome[t] === FAILED) failed.set(identityOf([key, value]), write);
      else if (writes.has(id)) writes.get(id)!.push(write);
      else writes.set(id, [write]);
    }
    if (kinds.size > 1)
      return `${place} both reads and writes, and long-fork judges transactions that do one of the two (list-append and rw-register judge others)`;
  }
  return { writes, failed, reads };
}
