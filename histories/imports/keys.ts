import { abbreviate, HistoryError } from '../error.ts';
import { type HistoryEvent, isOperation, type Json, type Operation } from '../operation.ts';

/** Whether values are tuples of key and value. */
export type Keyed = boolean | 'auto';

type Mutable<T> = { -readonly [name in keyof T]: T[name] };
type Tuple = readonly [Json, Json];

const READS = ['read', 'r', 'get'];

/**
 * Splits tuples `[key value]` in place; says whether values were taken for tuples that were not marked. `keys` has those of the operations that are open
 * at the beginning, where `events` is not the first part of a history, and then at its end.
 * @throws HistoryError `not-keyed` when told that there are tuples and one is none, or pairs disagree.
 */
export function splitTuples(
  events: readonly HistoryEvent[],
  marked: ReadonlySet<number>,
  keyed: Keyed,
  keys = new Map<number, string | number>(),
): boolean {
  const operations = events.filter(isOperation);
  const unmarked = keyed === true || (keyed === 'auto' && marked.size === 0 && looksKeyed(operations));
  if (!unmarked && marked.size === 0 && keys.size === 0) return false;
  for (const operation of operations as Mutable<Operation>[]) {
    const { process, type, value, index } = operation;
    if (unmarked || marked.has(index)) {
      if (operation.key !== undefined) continue;
      if (isTuple(value)) {
        operation.key = keyOf(value[0]);
        operation.value = value[1];
      } else if (type === 'invoke' || type === 'ok' || value !== null) {
        throw new HistoryError(
          'not-keyed',
          `operation ${index}: expected a tuple [key value], got ${abbreviate(value)}`,
        );
      }
    }
    if (type === 'invoke') {
      if (operation.key === undefined) keys.delete(process);
      else keys.set(process, operation.key);
      continue;
    }
    const key = keys.get(process);
    if (operation.key === undefined && key !== undefined) operation.key = key;
    if (operation.key !== key) {
      const message = `operation ${index}: expected the key ${abbreviate(key)} of its invocation, got ${abbreviate(operation.key)}`;
      throw new HistoryError('mismatch', message);
    }
  }
  return unmarked;
}

/**
 * Whether all values of clients are tuples `[key value]`, although nothing marks them. A cas of `[old new]`, a write of a pair
 * and a transaction of two micro-operations look alike, so it must be certain:
 * - no operation has a key of its own;
 * - every value of an invocation and of an `ok` is an array of two whose first is a number or a text, and it is
 *   the same in both;
 * - the second of every cas is an array of two (`[key [old new]]`), and of every invoked read `nil`;
 * - there is at least one invoked read or cas among them.
 */
export function looksKeyed(operations: readonly Operation[]): boolean {
  const keys = new Map<number, Json>();
  let evidence = false;
  for (const { process, type, f, key, value } of operations) {
    if (key !== undefined) return false;
    if (!isTuple(value) || !isScalar(value[0])) {
      if (value === null && (type === 'fail' || type === 'info')) continue;
      return false;
    }
    if (type === 'invoke') keys.set(process, value[0]);
    else if (keys.get(process) !== value[0]) return false;
    if (f === 'cas' && !isTuple(value[1])) return false;
    if (READS.includes(f) && type === 'invoke' && value[1] !== null) return false;
    evidence ||= f === 'cas' || (READS.includes(f) && type === 'invoke');
  }
  return evidence;
}

function isTuple(value: Json): value is Tuple {
  return Array.isArray(value) && value.length === 2;
}

function isScalar(value: Json): boolean {
  return typeof value === 'number' || typeof value === 'string';
}

/** Keys are texts and numbers; others become text. */
export function keyOf(key: Json): string | number {
  return typeof key === 'string' || typeof key === 'number' ? key : JSON.stringify(key);
}
