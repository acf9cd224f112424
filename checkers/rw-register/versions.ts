import type { Json } from '../../histories/index.ts';
import { int32s, uint8s } from '../transactions/arrays.ts';
import { FAILED, INDETERMINATE, OK, type TransactionTable } from '../transactions/transaction-table.ts';
import { FIRST, type MicroOperations } from './micro-operations.ts';

/** In the place of a write: nobody wrote that value to that key. */
export const NOBODY = -1;
/** In the place of a write: several transactions may have written it. */
export const AMBIGUOUS = -2;
/** In the place of a write: the state before anything was written. */
export const INITIAL = -3;

/**
 * Who wrote what was read, which unique values tell (traceability; Kingsbury and Alvaro 2020, section 4.2.3).
 * A **version** is the last write to a key of a transaction that happened, of a value that no other transaction may have written to the key.
 */
export interface Versions {
  /** For each read the write that it saw, or `NOBODY`, `AMBIGUOUS`, `INITIAL`. */
  readonly source: Int32Array;
  /** 1 if another transaction that may have happened wrote the same, or if it is what the key held at first. */
  readonly ambiguous: Uint8Array;
  /** 1 if the transaction happened: acknowledged, or one of its writes was seen. */
  readonly happened: Uint8Array;
  /** 1 if the write is a version. */
  readonly version: Uint8Array;
  /**
   * For each write that is the last to its key of a transaction which had read the key before: what that read saw, as in `source`. `NOBODY` for all
   * other writes.
   */
  readonly basis: Int32Array;
}

/**
 * Versions as nodes of a graph: a write is its own number, and the initial state of key `k` is the number of all writes plus `k`.
 * -1 for what is no version.
 */
export function nodeOf(
  { writes }: MicroOperations,
  { version }: Versions,
  source: number,
  key: number,
): number {
  if (source === INITIAL) return writes.count + key;
  return source >= 0 && version[source] === 1 ? source : -1;
}

/** Cost: linear in writes and reads, by a table of writes. */
export function versionsOf(table: TransactionTable, micros: MicroOperations, initial: Json): Versions {
  const { writes, reads, keys } = micros;
  const initialCode = micros.values.codeOf(initial);
  const ambiguous = uint8s(writes.count);
  const find = indexWrites(table, micros, ambiguous, initialCode);
  const source = int32s(reads.count);
  const happened = uint8s(table.count);
  for (let t = 0; t < table.count; t++) if (table.outcome[t] === OK) happened[t] = 1;
  for (let read = 0; read < reads.count; read++) {
    const write = find(reads.key[read]!, reads.code[read]!);
    const failed = write >= 0 && table.outcome[writes.transaction[write]!] === FAILED;
    if (reads.code[read] === initialCode && (write < 0 || failed)) source[read] = INITIAL;
    else if (write < 0) source[read] = NOBODY;
    else if (ambiguous[write] === 1) source[read] = AMBIGUOUS;
    else {
      source[read] = write;
      const writer = writes.transaction[write]!;
      if (table.outcome[writer] === INDETERMINATE) happened[writer] = 1;
    }
  }
  const version = uint8s(writes.count);
  for (let write = 0; write < writes.count; write++) {
    if (writes.final[write] === 1 && ambiguous[write] === 0 && happened[writes.transaction[write]!] === 1)
      version[write] = 1;
  }
  return { source, ambiguous, happened, version, basis: basisOf(micros, source, keys.length) };
}

/** The index of the write of a value to a key, -1 if there is none. What failed does not compete with what may have happened. */
function indexWrites(
  table: TransactionTable,
  micros: MicroOperations,
  ambiguous: Uint8Array,
  initialCode: number,
): (key: number, code: number) => number {
  const { count, transaction, key, code } = micros.writes;
  const { slots, slotOf } = slotsOf(micros);
  for (let write = 0; write < count; write++) {
    const failed = table.outcome[transaction[write]!] === FAILED;
    if (!failed && code[write] === initialCode) ambiguous[write] = 1;
    const slot = slotOf(key[write]!, code[write]!);
    const other = slots[slot]! - 1;
    if (other < 0 || table.outcome[transaction[other]!] === FAILED) slots[slot] = write + 1;
    else if (transaction[other] === transaction[write]) {
      ambiguous[write] = ambiguous[other]!;
      slots[slot] = write + 1;
    } else if (!failed) {
      ambiguous[other] = 1;
      ambiguous[write] = 1;
    }
  }
  return (k, c) => slots[slotOf(k, c)]! - 1;
}

/** Slots for each value of each key that was written: a write plus one, 0 if there is none. */
interface Slots {
  readonly slots: Int32Array;
  slotOf(key: number, code: number): number;
}

/** Slots for each write, at most, where values are looked up directly. */
const SLOTS_A_WRITE = 8;

function slotsOf({ keys, writes: { count, key, code } }: MicroOperations): Slots {
  // Values mostly count up: then each key has a stretch of slots, one for each value from its smallest to its largest, and slot 0 is for all others.
  const least = int32s(keys.length).fill(0x7fffffff);
  const most = int32s(keys.length).fill(-0x80000000);
  for (let write = 0; write < count; write++) {
    const k = key[write]!;
    const c = code[write]!;
    if (c < least[k]!) least[k] = c;
    if (c > most[k]!) most[k] = c;
  }
  let size = 1;
  const from = new Float64Array(keys.length);
  for (let k = 0; k < keys.length; k++) {
    from[k] = size;
    if (most[k]! >= least[k]!) size += most[k]! - least[k]! + 1;
  }
  if (size > SLOTS_A_WRITE * count + 1024) return hashedSlots(count, key, code);
  return {
    slots: int32s(size),
    slotOf: (k, c) => (c < least[k]! || c > most[k]! ? 0 : from[k]! + c - least[k]!),
  };
}

function hashedSlots(count: number, key: Int32Array, code: Int32Array): Slots {
  const size = 1 << (33 - Math.clz32(Math.max(1, count)));
  const mask = size - 1;
  const slots = int32s(size);
  return {
    slots,
    slotOf: (k, c) => {
      // Mixed well: values of a key that follow each other would else fill long stretches, through which all of them would have to be sought.
      const mixed = Math.imul(c, 0x85ebca6b) ^ Math.imul(k, 0x9e3779b1);
      let slot = (mixed ^ (mixed >>> 15)) & mask;
      for (;;) {
        const write = slots[slot]! - 1;
        if (write < 0 || (key[write] === k && code[write] === c)) return slot;
        slot = (slot + 1) & mask;
      }
    },
  };
}

function basisOf({ writes, reads }: MicroOperations, source: Int32Array, keys: number): Int32Array {
  const basis = int32s(writes.count).fill(NOBODY);
  // What the transaction at hand read of a key first; valid where `stamp` is its number.
  const saw = int32s(keys);
  const stamp = int32s(keys).fill(-1);
  for (let t = 0; t + 1 < writes.from.length; t++) {
    if (writes.from[t] === writes.from[t + 1]) continue;
    for (let read = reads.from[t]!; read < reads.from[t + 1]!; read++) {
      if (reads.kind[read] !== FIRST) continue;
      stamp[reads.key[read]!] = t;
      saw[reads.key[read]!] = source[read]!;
    }
    for (let write = writes.from[t]!; write < writes.from[t + 1]!; write++) {
      const key = writes.key[write]!;
      if (writes.final[write] === 1 && stamp[key] === t) basis[write] = saw[key]!;
    }
  }
  return basis;
}
