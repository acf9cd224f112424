import type { Json } from '../../histories/index.ts';
import { int32s, uint8s } from '../transactions/arrays.ts';
import { type Groups, groupBy } from '../transactions/group-by.ts';
import { IntList } from '../transactions/int-list.ts';
import { FAILED, INDETERMINATE, OK, type TransactionTable } from '../transactions/transaction-table.ts';
import { type ElementKey, elementKey, sameElement } from './element.ts';
import type { MicroOperations } from './micro-operations.ts';

/** In the place of an append: nobody appended that element. */
export const NOBODY = -1;
/** In the place of an append: several transactions may have appended that element. */
export const AMBIGUOUS = -2;

/**
 * The order in which each key got its elements, as far as reads agree on it. Since a list holds all that was appended before,
 * one read of the last version shows the whole order (traceability; Kingsbury and Alvaro 2020, section 4.2.3).
 */
export interface VersionOrders {
  readonly appendsOf: Groups;
  readonly readsOf: Groups;
  /** The longest read of each key, -1 if it was never read. */
  readonly longest: Int32Array;
  /**
   * Appends in the order of their elements, key by key: `order[from[key]]` to `order[from[key + 1]]`; `NOBODY` and `AMBIGUOUS` where
   * the element tells no append. It ends where two reads disagree or an element comes a second time.
   */
  readonly order: Int32Array;
  readonly from: Int32Array;
  /** Where an append stands in the order of its key; -1 if it does not. */
  readonly position: Int32Array;
  /** 1 if no read of the key goes on after the end of its order. */
  readonly complete: Uint8Array;
  /** 1 if some read shows the append's element. */
  readonly observed: Uint8Array;
  /** 1 if another append that may have happened has the same key and value. */
  readonly ambiguous: Uint8Array;
  /** 1 if the transaction happened: acknowledged, or one of its appends was seen. */
  readonly happened: Uint8Array;
  /** The append of an element of this key, or `NOBODY` or `AMBIGUOUS`. Takes time linear in the appends of the key. */
  writersOf(key: number): (element: Json) => number;
}

/** Cost: linear in appends and in the lengths of all lists read. */
export function versionOrdersOf(table: TransactionTable, micros: MicroOperations): VersionOrders {
  const { appends, reads, keys } = micros;
  const appendsOf = groupBy(appends.key, keys.length);
  const readsOf = groupBy(reads.key, keys.length);
  const longest = int32s(keys.length).fill(-1);
  const order = new IntList(appends.count);
  const from = int32s(keys.length + 1);
  const position = int32s(appends.count).fill(-1);
  const complete = uint8s(keys.length).fill(1);
  const observed = uint8s(appends.count);
  const ambiguous = uint8s(appends.count);
  const writers = new Map<ElementKey, number>();

  const indexKey = (key: number): void => {
    writers.clear();
    for (let i = appendsOf.from[key]!; i < appendsOf.from[key + 1]!; i++) {
      const append = appendsOf.items[i]!;
      const element = elementKey(appends.value[append]!);
      const other = writers.get(element);
      // What failed does not compete with a retry of the same append that may have happened.
      if (other === undefined || (other >= 0 && hasFailed(other))) writers.set(element, append);
      else if (!hasFailed(append)) {
        if (other >= 0) ambiguous[other] = 1;
        ambiguous[append] = 1;
        writers.set(element, AMBIGUOUS);
      }
    }
  };
  const hasFailed = (append: number): boolean => table.outcome[appends.transaction[append]!] === FAILED;
  const writerOf = (element: Json): number => writers.get(elementKey(element)) ?? NOBODY;

  for (let key = 0; key < keys.length; key++) {
    from[key] = order.length;
    const first = readsOf.from[key]!;
    const end = readsOf.from[key + 1]!;
    let top = -1;
    for (let i = first; i < end; i++) {
      const read = readsOf.items[i]!;
      if (top < 0 || reads.list[read]!.length > reads.list[top]!.length) top = read;
    }
    longest[key] = top;
    if (top < 0 || reads.list[top]!.length === 0) continue;
    indexKey(key);
    const list = reads.list[top]!;
    const start = order.length;
    let agreed = list.length;
    for (let i = 0; i < list.length; i++) {
      const append = writerOf(list[i]!);
      order.push(append);
      if (append < 0) continue;
      observed[append] = 1;
      if (position[append]! >= 0) agreed = Math.min(agreed, i);
      else position[append] = i;
    }
    for (let i = first; i < end; i++) {
      const read = readsOf.items[i]!;
      if (read === top) continue;
      const other = reads.list[read]!;
      let at = 0;
      while (at < other.length && sameElement(other[at]!, list[at]!)) at++;
      if (at === other.length) continue;
      agreed = Math.min(agreed, at);
      for (; at < other.length; at++) {
        const append = writerOf(other[at]!);
        if (append >= 0) observed[append] = 1;
      }
    }
    if (agreed === list.length) continue;
    complete[key] = 0;
    for (let i = agreed; i < list.length; i++) {
      const append = order.at(start + i);
      if (append >= 0 && position[append]! >= agreed) position[append] = -1;
    }
    order.length = start + agreed;
  }
  from[keys.length] = order.length;

  const happened = uint8s(table.count);
  for (let t = 0; t < table.count; t++) if (table.outcome[t] === OK) happened[t] = 1;
  for (let append = 0; append < appends.count; append++) {
    const t = appends.transaction[append]!;
    if (observed[append] === 1 && table.outcome[t] === INDETERMINATE) happened[t] = 1;
  }
  return {
    appendsOf,
    readsOf,
    longest,
    order: order.view(),
    from,
    position,
    complete,
    observed,
    ambiguous,
    happened,
    writersOf: (key) => {
      indexKey(key);
      return writerOf;
    },
  };
}
