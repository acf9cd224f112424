import type { Json, OperationPair } from '../../histories/index.ts';
import type { Register } from '../registers/registers.ts';
import { type Identity, identityOf } from '../shared/identity.ts';
import { int32s, uint8s } from '../transactions/arrays.ts';

/** Where a read got its value: an operation, the beginning, or nobody can tell. */
export const INITIAL = -1;
export const UNKNOWN = -2;
/** No value is read, or written. */
export const NONE = -1;

/**
 * What the processes did, as integers. An operation reads a value, writes one, or both at once (cas). Values are numbered by key and value.
 * Left out are operations that failed, reads without an answer, and indeterminate ones that wrote what nobody looks at.
 */
export interface Program {
  readonly count: number;
  readonly pairs: readonly OperationPair[];
  readonly key: Int32Array;
  readonly keys: readonly (string | number | undefined)[];
  readonly reads: Int32Array;
  readonly writes: Int32Array;
  readonly isWrite: Uint8Array;
  /** Indeterminate: it may have happened. It is the last of its process. */
  readonly optional: Uint8Array;
  readonly source: Int32Array;
  readonly process: Int32Array;
  /** From 1, within the process. */
  readonly position: Int32Array;
  readonly processes: readonly (readonly number[])[];
  readonly values: number;
  /** By key: the number of its initial value. */
  readonly initial: Int32Array;
  readonly ambiguous: number;
  /** Operations that read what nobody writes. */
  readonly impossible: readonly number[];
}

/** @param pairs of these registers, in the order of invocation. Cost: linear. */
export function programOf(
  pairs: readonly OperationPair[],
  registers: readonly Register[],
  initialValue: Json,
): Program {
  const numberOf = new Map(registers.map(({ key }, n) => [key, n]));
  const values = registers.map(() => new Map<Identity, number>());
  let count = 0;
  const value = (key: number, json: Json): number => {
    const identity = identityOf(json);
    let number = values[key]!.get(identity);
    if (number === undefined) {
      number = count++;
      values[key]!.set(identity, number);
    }
    return number;
  };
  const initial = Int32Array.from(registers, (_, key) => value(key, initialValue));
  const all = pairs.flatMap((pair): Entry[] => {
    const key = numberOf.get(pair.invocation.key);
    if (key === undefined) return [];
    const entry = entryOf(pair, key, (json) => value(key, json), initial[key]!);
    return entry === undefined ? [] : [entry];
  });
  const looked = new Uint8Array(count);
  for (const { reads } of all) if (reads !== NONE) looked[reads] = 1;
  const entries = all.filter(({ optional, writes }) => !optional || looked[writes] === 1);
  return compile(entries, registers, initial, count);
}

interface Entry {
  readonly pair: OperationPair;
  readonly key: number;
  readonly reads: number;
  readonly writes: number;
  readonly optional: boolean;
}

function entryOf(
  pair: OperationPair,
  key: number,
  value: (json: Json) => number,
  initial: number,
): Entry | undefined {
  const { f, value: argument } = pair.invocation;
  const { completion } = pair;
  if (f === 'read') {
    if (completion?.type === 'ok') {
      return { pair, key, reads: value(completion.value), writes: NONE, optional: false };
    }
    const found = completion?.type === 'fail' && completion.error === 'not-found';
    return found ? { pair, key, reads: initial, writes: NONE, optional: false } : undefined;
  }
  if (completion?.type === 'fail') return undefined;
  const optional = completion?.type !== 'ok';
  if (f === 'write') return { pair, key, reads: NONE, writes: value(argument), optional };
  if (f !== 'cas' || !Array.isArray(argument)) return undefined;
  return { pair, key, reads: value(argument[0]), writes: value(argument[1]), optional };
}

function compile(
  entries: readonly Entry[],
  registers: readonly Register[],
  initial: Int32Array,
  values: number,
): Program {
  const count = entries.length;
  const writers = int32s(values).fill(NONE);
  const several = uint8s(values);
  for (const number of initial) several[number] = 1;
  entries.forEach(({ writes }, n) => {
    if (writes === NONE) return;
    if (writers[writes] !== NONE) several[writes] = 1;
    writers[writes] = n;
  });
  const source = int32s(count).fill(UNKNOWN);
  const impossible: number[] = [];
  let ambiguous = 0;
  entries.forEach(({ key, reads }, n) => {
    if (reads === NONE) return;
    const isInitial = reads === initial[key];
    // A cas may be the only writer of what it expects: then nobody else wrote it.
    if (isInitial && writers[reads] === NONE) source[n] = INITIAL;
    else if (isInitial || several[reads] === 1) ambiguous++;
    else if (writers[reads] === NONE || writers[reads] === n) {
      if (!entries[n]!.optional) impossible.push(n);
    } else source[n] = writers[reads]!;
  });
  const processes: number[][] = [];
  const numbers = new Map<number, number>();
  const process = int32s(count);
  const position = int32s(count);
  entries.forEach(({ pair }, n) => {
    const name = pair.invocation.process;
    let number = numbers.get(name);
    if (number === undefined) {
      number = processes.push([]) - 1;
      numbers.set(name, number);
    }
    process[n] = number;
    position[n] = processes[number]!.push(n);
  });
  return {
    count,
    pairs: entries.map(({ pair }) => pair),
    key: Int32Array.from(entries, ({ key }) => key),
    keys: registers.map(({ key }) => key),
    reads: Int32Array.from(entries, ({ reads }) => reads),
    writes: Int32Array.from(entries, ({ writes }) => writes),
    isWrite: Uint8Array.from(entries, ({ writes }) => (writes === NONE ? 0 : 1)),
    optional: Uint8Array.from(entries, ({ optional }) => (optional ? 1 : 0)),
    source,
    process,
    position,
    processes,
    values,
    initial,
    ambiguous,
    impossible,
  };
}
