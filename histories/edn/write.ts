import { HistoryError } from '../error.ts';
import type { History } from '../history.ts';
import { jsonFault } from '../json-value.ts';
import {
  type HistoryEvent,
  isObservation,
  type Json,
  type NemesisOperation,
  type Operation,
} from '../operation.ts';
import { writeLines } from './write-lines.ts';

export interface EdnOptions {
  /**
   * How an operation says which object it is done to: as Jepsen's independent workloads do, by a value `[key value]`
   * (`tuple`, the default), or in a field `:key` (`field`).
   */
  readonly keys?: 'tuple' | 'field';
}

/** What can stand after the colon of a keyword. Anything else is written as a text. */
const KEYWORD = /^[A-Za-z*!_?$%&=<>][\w*!?$%&=<>.+-]*$/;
/** Micro-operations of transactions begin with one of these, as keywords. */
const MICRO_OPERATIONS: readonly Json[] = ['r', 'w', 'append'];

/**
 * Writes a history as Jepsen does, one map of EDN for each operation: `{:index 0, :time 5, :process 0, :type :invoke, :f :read, :value nil}`.
 * Names of operations, and of micro-operations in a `txn`, become keywords; all other texts stay texts, and objects maps with texts as
 * keys. Observations have no place in that format and are left out, and what follows is numbered anew.
 * Header and footer are lost. Cost: linear.
 * @throws HistoryError `unwritable`, `not-finite`
 */
export function writeEdn(file: string, history: History, options: EdnOptions = {}): void {
  writeLines(file, ednLines(history.events, options));
}

/** The lines of such a file, without their ends. @throws HistoryError `not-finite`, with index and pointer */
export function* ednLines(
  events: readonly HistoryEvent[],
  { keys = 'tuple' }: EdnOptions = {},
): Generator<string> {
  let index = 0;
  for (const event of events) {
    if (isObservation(event)) continue;
    const fault = jsonFault(event);
    if (fault !== undefined) {
      throw new HistoryError(fault.code, `operation ${event.index}: ${fault.message}`, {
        pointer: fault.pointer,
      });
    }
    yield operationText(event, index++, keys);
  }
}

function operationText(event: Operation | NemesisOperation, index: number, keys: 'tuple' | 'field'): string {
  const { time, process, type, f } = event;
  const by = typeof process === 'number' ? process : `:${process}`;
  const { key, error, id, node, phase }: Partial<Operation> =
    typeof process === 'number' ? (event as Operation) : {};
  let value = f === 'txn' ? transaction(event.value) : edn(event.value);
  let text = `{:index ${index}, :time ${time}, :process ${by}, :type :${type}, :f ${word(f)}`;
  if (key !== undefined && keys === 'tuple') value = `[${edn(key)} ${value}]`;
  if (key !== undefined && keys === 'field') text += `, :key ${edn(key)}`;
  text += `, :value ${value}`;
  if (error !== undefined) text += `, :error ${edn(error)}`;
  if (id !== undefined) text += `, :id ${edn(id)}`;
  if (node !== undefined) text += `, :node ${edn(node)}`;
  if (phase !== undefined) text += `, :phase ${edn(phase)}`;
  return `${text}}`;
}

export function transaction(value: Json): string {
  if (!Array.isArray(value)) return edn(value);
  const micro = value.map((one: Json) => {
    if (!Array.isArray(one) || !MICRO_OPERATIONS.includes(one[0])) return edn(one);
    return `[:${[one[0], ...one.slice(1).map(edn)].join(' ')}]`;
  });
  return `[${micro.join(' ')}]`;
}

export function edn(value: Json): string {
  if (value === null) return 'nil';
  if (typeof value === 'number') return number(value);
  if (typeof value === 'string') return text(value);
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[${value.map(edn).join(' ')}]`;
  const entries = Object.entries(value as { readonly [name: string]: Json }).filter(
    ([, item]) => item !== undefined,
  );
  return `{${entries.map(([name, item]) => `${text(name)} ${edn(item)}`).join(', ')}}`;
}

/** Whole numbers beyond 2^53 are written as floats: as integers they would claim digits that nobody knows. */
function number(value: number): string {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value);
  if (Object.is(value, -0)) return '-0.0';
  return Number.isInteger(value) ? value.toExponential() : String(value);
}

/** JSON's escapes are all known to EDN except that of the slash, which is never written. */
function text(value: string): string {
  return JSON.stringify(value);
}

function word(name: string): string {
  return KEYWORD.test(name) ? `:${name}` : text(name);
}
