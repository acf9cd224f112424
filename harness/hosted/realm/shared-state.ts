import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { guardOuterRealm } from './guards.ts';

const requireReal = createRequire(import.meta.url);

/** Builtins of the process around whose objects programs share. */
const MODULES = [
  ...['events', 'stream', 'buffer', 'util', 'url', 'path', 'querystring', 'string_decoder', 'assert', 'http'],
  ...['async_hooks', 'crypto', 'diagnostics_channel', 'readline', 'zlib'],
];
// Not AbortSignal: the simulator's own traps come and go on it.
const GLOBALS = [
  ...['URL', 'URLSearchParams', 'TextEncoder', 'TextDecoder', 'AbortController', 'Event', 'EventTarget'],
  ...[
    'Blob',
    'DOMException',
    'Uint8Array',
    'ArrayBuffer',
    'DataView',
    'ReadableStream',
    'WritableStream',
    'TransformStream',
  ],
];

interface Kept {
  readonly name: string;
  readonly object: object;
  readonly properties: ReadonlyMap<PropertyKey, PropertyDescriptor>;
}

let kept: readonly Kept[] | undefined;
/** The run that programs belong to now, by an object that all its hosts share; with the patches that were told of in it. */
let run: object | undefined;
const told = new Set<string>();
/** Programs whose loading was looked at: another host or incarnation of one does the same. */
let looked = new WeakSet<object>();

/** Everything of these builtins as it is before any program runs. */
function keep(): readonly Kept[] {
  const found = new Map<object, Kept>();
  const add = (name: string, value: unknown): void => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || found.has(value))
      return;
    const properties = new Map<PropertyKey, PropertyDescriptor>();
    for (const key of Reflect.ownKeys(value))
      properties.set(key, Object.getOwnPropertyDescriptor(value, key)!);
    found.set(value, { name, object: value, properties });
    if (typeof value === 'function') add(`${name}.prototype`, properties.get('prototype')?.value);
  };
  const within = (name: string, value: object): void => {
    add(name, value);
    for (const [key, { value: member }] of Object.entries(Object.getOwnPropertyDescriptors(value)))
      if (typeof member === 'function') add(`${name}.${key}`, member);
  };
  for (const name of MODULES) within(name, requireReal(`node:${name}`) as object);
  const outer = globalThis as unknown as { readonly [name: string]: object | undefined };
  for (const name of GLOBALS) if (outer[name] !== undefined) add(name, outer[name]);
  return [...found.values()];
}

/** Calls back for each property that is not what it was. */
function changes(
  visit: (name: string, object: object, key: PropertyKey, was: PropertyDescriptor | undefined) => void,
): void {
  for (const { name, object, properties } of kept!) {
    for (const key of Reflect.ownKeys(object)) {
      const is = Object.getOwnPropertyDescriptor(object, key)!;
      const was = properties.get(key);
      if (was === undefined || was.value !== is.value || was.get !== is.get || was.set !== is.set)
        visit(`${name}.${String(key)}`, object, key, was);
    }
    for (const [key, was] of properties)
      if (!Object.hasOwn(object, key)) visit(`${name}.${String(key)}`, object, key, was);
  }
}

/** A host starts a program: the first one of a run finds all builtins as Node made them, whatever programs of earlier runs did to them. */
export function beginsIn(ofRun: object): void {
  if (run === ofRun) return;
  run = ofRun;
  told.clear();
  looked = new WeakSet();
  guardOuterRealm();
  if (kept === undefined) {
    kept = keep();
    return;
  }
  changes((_, object, key, was) => {
    if (was === undefined) Reflect.deleteProperty(object, key);
    else Reflect.defineProperty(object, key, was);
  });
  EventEmitter.defaultMaxListeners = 10;
}

/** Names of the builtins' properties that programs of this run have changed, each once: other hosts see them too, as no real machines would. */
export function newPatches(program: object): string[] {
  const found: string[] = [];
  if (kept === undefined || looked.has(program)) return found;
  looked.add(program);
  changes((name) => {
    if (!told.has(name)) found.push(name);
    told.add(name);
  });
  return found;
}
