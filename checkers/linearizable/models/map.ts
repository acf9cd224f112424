import type { Json } from '../../../histories/index.ts';
import { canonical } from '../interner.ts';
import { type Call, type Effect, type Model, OBJECT } from '../model.ts';

/** What keys hold. A key that is not there holds null. */
type Entries = { readonly [key: string]: Json };

const isKey = (key: Json | undefined): key is string | number =>
  typeof key === 'string' || typeof key === 'number';

const isObject = (value: Json | undefined): value is Entries =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Key names as in JSON objects: 1 and "1" are the same. */
function keyOf({ f, value }: Call): string {
  return String(f === 'put' ? (value as readonly Json[])[0] : value);
}

function malformed({ f, value, result }: Call): string | undefined {
  if (f === 'read') {
    return result === undefined || isObject(result)
      ? undefined
      : `a read returns an object, not ${JSON.stringify(result)}`;
  }
  if (f !== 'put') return isKey(value) ? undefined : `${f} takes a key, not ${JSON.stringify(value)}`;
  const isPair = Array.isArray(value) && value.length === 2 && isKey(value[0]) && value[1] !== null;
  return isPair
    ? undefined
    : `put takes [key, value] with a value other than null, not ${JSON.stringify(value)}`;
}

function effect({ f }: Call): Effect {
  return f === 'get' || f === 'read' ? 'pure' : 'total';
}

/** The map with the key holding the value. */
function holding(entries: Entries, key: string, value: Json): Entries {
  const rest = Object.entries(entries).filter(([name]) => name !== key);
  return Object.fromEntries(value === null ? rest : [...rest, [key, value]]);
}

const found = (entries: Json): Json =>
  Object.fromEntries(Object.entries(entries as Entries).filter(([, value]) => value !== null));

/** A map: each key is a register of its own for as long as nobody reads the whole. */
export const map: Model = {
  name: 'map',
  summary:
    'put of [key, value], get and delete of a key, read of all as an object; a key that is not there holds null',
  functions: ['put', 'get', 'delete', 'read'],
  initial: {},
  form: OBJECT,
  apply(state, call) {
    if (call.f === 'read')
      return canonical(found(state)) === canonical(found(call.result!)) ? state : undefined;
    const key = keyOf(call);
    const entries = state as Entries;
    const value = Object.hasOwn(entries, key) ? entries[key]! : null;
    if (call.f === 'get') return canonical(value) === canonical(call.result!) ? state : undefined;
    return holding(entries, key, call.f === 'put' ? (call.value as readonly Json[])[1]! : null);
  },
  effect,
  malformed,
  parts: (call) => (call.f === 'read' ? undefined : [keyOf(call)]),
  register: {
    initial: (part, initial) =>
      Object.hasOwn(initial as Entries, part) ? (initial as Entries)[part]! : null,
    subject: (part) => part,
    translate({ f, value, result, outcome }) {
      if (f === 'get') return { f: 'read', value: null, result, outcome };
      const wrote = f === 'put' ? (value as readonly Json[])[1]! : null;
      return { f: 'write', value: wrote, result: result === undefined ? undefined : wrote, outcome };
    },
  },
};
