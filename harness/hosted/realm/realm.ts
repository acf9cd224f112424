import { type Context, constants, createContext, Script } from 'node:vm';
import { type PreludeInput, type PreludeOutput, prelude } from './prelude.ts';
import { formatStack } from './stack.ts';

/** Constructors whose instances builtins hand out, and `instanceof` shall know. */
const OUTER_CLASSES = {
  ...{ Array, Date, Function, Map, Object, Promise, RegExp, Set },
  ...{ AggregateError, Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError },
};

/** Globals that are the same for all hosts: classes of Node's own without state, and binary data, which crosses between realms all the time. */
const SHARED = [
  ...['ArrayBuffer', 'SharedArrayBuffer', 'DataView', 'Uint8Array', 'Int8Array', 'Uint8ClampedArray'],
  ...['Uint16Array', 'Int16Array', 'Uint32Array', 'Int32Array', 'Float32Array', 'Float64Array'],
  ...['BigInt64Array', 'BigUint64Array', 'Float16Array'],
  ...[
    'URL',
    'URLSearchParams',
    'URLPattern',
    'TextEncoder',
    'TextDecoder',
    'AbortController',
    'Event',
    'EventTarget',
  ],
  ...[
    'MessageEvent',
    'CustomEvent',
    'CloseEvent',
    'DOMException',
    'structuredClone',
    'Buffer',
    'atob',
    'btoa',
    'Blob',
    'File',
  ],
  ...[
    'ReadableStream',
    'ReadableStreamDefaultReader',
    'ReadableStreamBYOBReader',
    'ReadableStreamDefaultController',
  ],
  ...[
    'ReadableByteStreamController',
    'ReadableStreamBYOBRequest',
    'WritableStream',
    'WritableStreamDefaultWriter',
  ],
  ...[
    'WritableStreamDefaultController',
    'TransformStream',
    'TransformStreamDefaultController',
    'CompressionStream',
  ],
  ...['DecompressionStream', 'TextDecoderStream', 'TextEncoderStream', 'ByteLengthQueuingStrategy'],
  ...['CountQueuingStrategy'],
];

/** A realm of JavaScript of its own: globals and classes of one incarnation of a program. */
export interface Realm extends PreludeOutput {
  readonly global: Context;
}

const preludeScript = new Script(`(${prelude.toString()})`, { filename: 'node:internal/sixways' });

/** An ordinary global object is a fifth faster than one that a sandbox stands behind; old versions of Node have no other. */
const plain = (constants as { readonly DONT_CONTEXTIFY?: unknown } | undefined)?.DONT_CONTEXTIFY;

export function createRealm(
  name: string,
  clock: Pick<PreludeInput, 'wall' | 'fraction'>,
  globals: { readonly [name: string]: unknown },
): Realm {
  const global = createContext((plain ?? {}) as Context, { name });
  const start = preludeScript.runInContext(global) as typeof prelude;
  const output = start({ outer: OUTER_CLASSES, ...clock, formatStack });
  const outer = globalThis as unknown as { readonly [name: string]: unknown };
  const define = (property: string, value: unknown): void => {
    Object.defineProperty(global, property, { value, writable: true, configurable: true, enumerable: false });
  };
  for (const property of SHARED) if (outer[property] !== undefined) define(property, outer[property]);
  for (const [property, value] of Object.entries(globals)) define(property, value);
  define('global', global);
  return { global, ...output };
}

/** A global that is made when it is first used; an assignment replaces it. */
export function defineLazily(global: Context, name: string, make: () => unknown): void {
  const replace = (value: unknown): void => {
    Object.defineProperty(global, name, { value, writable: true, configurable: true, enumerable: false });
  };
  Object.defineProperty(global, name, {
    get() {
      const value = make();
      if (value !== undefined) replace(value);
      return value;
    },
    set: replace,
    configurable: true,
    enumerable: false,
  });
}
