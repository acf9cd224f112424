import type { Json } from '../../../histories/index.ts';
import { canonical } from '../interner.ts';
import { type Call, type Effect, type Model, OBJECT } from '../model.ts';

type Entries = { readonly [key: string]: Json };

/** One step of an operation: a value written to a key, or read from it (undefined: nobody knows what). */
interface Step {
  readonly key: string;
  readonly writes: boolean;
  readonly value: Json | undefined;
}

const READS = ['r', 'read'];
const WRITES = ['w', 'write'];

function stepsOf({ f, value, result }: Call): Step[] {
  if (f === 'txn') {
    const asked = value as readonly (readonly [string, string | number, Json])[];
    const answered = result as typeof asked | undefined;
    return asked.map(([kind, key, wrote], n) => {
      const writes = WRITES.includes(kind);
      return { key: String(key), writes, value: writes ? wrote : answered?.[n]?.[2] };
    });
  }
  if (f === 'write') {
    return Object.entries(value as Entries).map(([key, wrote]) => ({ key, writes: true, value: wrote }));
  }
  const answer = (result ?? value ?? {}) as Entries;
  return Object.entries(answer).map(([key, read]) => ({
    key,
    writes: false,
    value: result === undefined ? undefined : read,
  }));
}

const isObject = (value: Json | undefined): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isTransaction(value: Json | undefined): boolean {
  return (
    Array.isArray(value) &&
    value.every(
      (step: Json) =>
        Array.isArray(step) &&
        step.length === 3 &&
        [...READS, ...WRITES].includes(String(step[0])) &&
        (typeof step[1] === 'string' || typeof step[1] === 'number'),
    )
  );
}

/** The same steps on the same keys, whatever was read. */
function answers(asked: readonly Json[], answered: readonly Json[]): boolean {
  const shape = (steps: readonly Json[]): string =>
    JSON.stringify(steps.map((step) => [(step as readonly Json[])[0], (step as readonly Json[])[1]]));
  return shape(asked) === shape(answered);
}

function malformed({ f, value, result }: Call): string | undefined {
  if (f === 'write')
    return isObject(value) ? undefined : `a write takes {key: value}, not ${JSON.stringify(value)}`;
  if (f === 'read') {
    if (result === undefined || isObject(result)) return undefined;
    return `a read returns {key: value}, not ${JSON.stringify(result)}`;
  }
  if (!isTransaction(value))
    return `a txn takes [["r" or "w", key, value], ...], not ${JSON.stringify(value)}`;
  if (result === undefined || (isTransaction(result) && answers(value as Json[], result as Json[])))
    return undefined;
  return `a txn returns its steps with what was read, not ${JSON.stringify(result)}`;
}

function effect(call: Call): Effect {
  const steps = stepsOf(call);
  if (steps.every(({ writes }) => !writes)) return 'pure';
  return steps.every(({ writes, value }) => writes || value === undefined) ? 'total' : 'partial';
}

/** Several registers, of which one operation reads or writes some at once. A register that was never written holds null. */
export const multiRegister: Model = {
  name: 'multi-register',
  summary:
    'read and write of several keys at once ({key: value}), and txn of [["r" or "w", key, value], ...]',
  functions: ['read', 'write', 'txn'],
  initial: {},
  form: OBJECT,
  apply(state, call) {
    let entries = state as Entries;
    for (const { key, writes, value } of stepsOf(call)) {
      if (writes) entries = Object.fromEntries([...Object.entries(entries), [key, value!]]);
      else if (value !== undefined) {
        const held = Object.hasOwn(entries, key) ? entries[key]! : null;
        if (canonical(held) !== canonical(value)) return undefined;
      }
    }
    return entries;
  },
  effect,
  malformed,
  parts: (call) => stepsOf(call).map(({ key }) => key),
  withoutNils(call) {
    if (call.result === undefined) return call;
    if (call.f === 'read') {
      const known = Object.entries((call.result ?? {}) as Entries).filter(([, value]) => value !== null);
      return { ...call, result: Object.fromEntries(known) };
    }
    if (call.f !== 'txn') return call;
    const steps = call.result as readonly (readonly Json[])[];
    const isKnown = (n: number): boolean => steps[n]![2] !== null || WRITES.includes(String(steps[n]![0]));
    const kept = (of: Json): Json => (of as readonly Json[]).filter((_, n) => isKnown(n));
    return { ...call, value: kept(call.value), result: kept(call.result) };
  },
};
