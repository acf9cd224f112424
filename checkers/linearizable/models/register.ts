import type { Json } from '../../../histories/index.ts';
import { canonical, Interner } from '../interner.ts';
import {
  type Call,
  type Calls,
  CONSTANT,
  type Effect,
  type Machine,
  type Model,
  type ModelOptions,
  NEVER,
  type Probe,
  PURE,
  TOTAL,
} from '../model.ts';

const same = (a: Json, b: Json): boolean => a === b || canonical(a) === canonical(b);

function pair(value: Json): readonly [Json, Json] {
  const [expected, replacement] = value as readonly [Json, Json];
  return [expected, replacement];
}

function apply(state: Json, call: Call): Json | undefined {
  if (call.f === 'read') return same(state, call.result ?? null) ? state : undefined;
  if (call.f === 'write') return call.value;
  const [expected, replacement] = pair(call.value);
  if (call.outcome === 'fail') return same(state, expected) ? undefined : state;
  return same(state, expected) ? replacement : undefined;
}

function effect(call: Call): Effect {
  if (call.f === 'read' || call.outcome === 'fail') return 'pure';
  if (call.f === 'write') return 'constant';
  const [expected, replacement] = pair(call.value);
  return same(expected, replacement) ? 'pure' : 'partial';
}

function malformed(call: Call): string | undefined {
  if (call.f !== 'cas') return undefined;
  if (Array.isArray(call.value) && call.value.length === 2) return undefined;
  return `a cas takes [expected, new], not ${JSON.stringify(call.value)}`;
}

const READ = 0;
const WRITE = 1;
const CAS = 2;
const MISMATCH = 3;

/** Stands for every value that nobody looks at any more. */
const DEAD = 0;

/**
 * Values are numbered from 1. A value is observed by reads of it, by a compare-and-set that expects it and by a failed
 * one that found it missing; after the last of them it is as good as any other such value: `DEAD`.
 */
function machine(calls: Calls, options: ModelOptions): Machine {
  const values = new Interner(1);
  const initial = values.id(options.initial);
  const inputNumbers = new Map<number, number>();
  const kinds: number[] = [];
  const expecteds: number[] = [];
  const results: number[] = [];
  const inputs = new Int32Array(calls.count);
  const lastObserved: number[] = [];
  /** Compare-and-sets that never completed. */
  const lasting: number[] = [];
  let lastNegative = -1;
  for (let n = 0; n < calls.count; n++) {
    const call = calls.call(n);
    let kind = READ;
    let expected = 0;
    let result = 0;
    if (call.f === 'read') expected = values.id(call.result ?? null);
    else if (call.f === 'write') {
      kind = WRITE;
      result = values.id(call.value);
    } else {
      const [from, to] = pair(call.value);
      expected = values.id(from);
      if (call.outcome === 'fail') kind = MISMATCH;
      else {
        result = values.id(to);
        if (result !== expected) kind = CAS;
      }
    }
    // Ids stay below 2^24 (a history of more operations does not fit in memory), so this key is exact.
    const key = (kind * 0x1000000 + expected) * 0x1000000 + (kind === READ ? 0 : result);
    let input = inputNumbers.get(key);
    if (input === undefined) {
      input = kinds.length;
      inputNumbers.set(key, input);
      kinds.push(kind);
      expecteds.push(expected);
      results.push(result);
    }
    inputs[n] = input;
    const returned = calls.returned[n]!;
    if (kind === CAS && returned === NEVER) lasting.push(n);
    else if (kind !== WRITE) lastObserved[expected] = Math.max(lastObserved[expected] ?? -1, returned);
    if (kind === MISMATCH) lastNegative = Math.max(lastNegative, returned);
  }
  const kindOf = Uint8Array.from(kinds);
  const expectedOf = Int32Array.from(expecteds);
  const resultOf = Int32Array.from(results);
  const observedUntil = new Int32Array(values.end).fill(-1);
  lastObserved.forEach((position, state) => {
    observedUntil[state] = position;
  });
  propagate(lasting, calls, inputs, expectedOf, resultOf, observedUntil);
  return {
    initial,
    inputs,
    flags: kindOf.map((kind) => (kind === WRITE ? TOTAL | CONSTANT : kind === CAS ? 0 : PURE)),
    step(state, input) {
      const kind = kindOf[input]!;
      if (kind === WRITE) return resultOf[input]!;
      if (kind === MISMATCH) return state === expectedOf[input]! ? -1 : state;
      if (state !== expectedOf[input]!) return -1;
      return kind === READ ? state : resultOf[input]!;
    },
    dead: DEAD,
    lastObserved: (state) => observedUntil[state]!,
    leadsTo: (input) => (kindOf[input] === WRITE || kindOf[input] === CAS ? resultOf[input]! : -1),
    lastNegative,
  };
}

/**
 * A compare-and-set that never completed looks at the value it expects only for as long as somebody looks at the value
 * that it would leave. The least fixed point of that: a ring of such operations keeps nothing alive by itself.
 */
function propagate(
  lasting: readonly number[],
  calls: Calls,
  inputs: Int32Array,
  expectedOf: Int32Array,
  resultOf: Int32Array,
  observedUntil: Int32Array,
): void {
  for (let changed = lasting.length > 0; changed; ) {
    changed = false;
    for (const n of lasting) {
      const input = inputs[n]!;
      const until = observedUntil[resultOf[input]!]!;
      if (until < calls.invoked[n]! || until <= observedUntil[expectedOf[input]!]!) continue;
      observedUntil[expectedOf[input]!] = until;
      changed = true;
    }
  }
}

/**
 * What a register can have held between two positions: what was written there, or before it by an operation that is not
 * certainly overwritten by one that lies between it and `from`.
 */
function candidates(calls: Calls, initial: Json, from: number, to: number): Json[] {
  const changes: { n: number; value: Json; certain: boolean }[] = [];
  for (let n = 0; n < calls.count; n++) {
    const call = calls.call(n);
    if (call.f === 'read' || call.outcome === 'fail' || calls.invoked[n]! > to) continue;
    const [expected, value] = call.f === 'write' ? [undefined, call.value] : pair(call.value);
    const certain = call.outcome === 'ok' && (expected === undefined || !same(expected, value));
    changes.push({ n, value, certain });
  }
  let overwritten = -1;
  for (const { n, certain } of changes) {
    if (certain && calls.returned[n]! < from) overwritten = Math.max(overwritten, calls.invoked[n]!);
  }
  const distinct = new Interner();
  if (overwritten < 0) distinct.id(initial);
  for (const { n, value } of changes) if (calls.returned[n]! >= overwritten) distinct.id(value);
  return distinct.values;
}

const probe: Probe = {
  seeing: (state) => ({ f: 'read', value: null, result: state, outcome: 'ok' }),
  candidates,
  exhaustive: true,
};

/** One value that is read and written. */
export const register: Model = {
  name: 'register',
  summary: 'read and write of one value',
  functions: ['read', 'write'],
  initial: null,
  apply,
  effect,
  isRegister: true,
  probe,
  machine,
};

/** One value that is read, written, and replaced if it is as expected: `cas` of `[expected, new]`. */
export const casRegister: Model = {
  name: 'cas-register',
  summary: 'read, write and compare-and-set of one value; a cas carries [expected, new]',
  functions: ['read', 'write', 'cas'],
  initial: null,
  apply,
  effect,
  isRegister: true,
  probe,
  malformed,
  machine,
};
