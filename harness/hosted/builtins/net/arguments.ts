import { nodeError } from '../errors.ts';

/** What `connect` and `listen` are called with, whichever of their forms was used. */
export interface Options {
  port?: unknown;
  host?: unknown;
  path?: unknown;
  [option: string]: unknown;
}

export type Callback = (...parameters: unknown[]) => void;

/** `(options, cb)`, `(path, cb)` or `(port, host, cb)`: as Node's own, the callback is the last parameter. */
export function normalized(parameters: readonly unknown[]): readonly [Options, Callback | null] {
  const [first, second] = parameters;
  let options: Options = {};
  if (typeof first === 'object' && first !== null) options = first as Options;
  else if (isPipeName(first)) options.path = first;
  else if (parameters.length > 0 && typeof first !== 'function') {
    options.port = first;
    if (parameters.length > 1 && typeof second === 'string') options.host = second;
  }
  const last = parameters.at(-1);
  return [options, typeof last === 'function' ? (last as Callback) : null];
}

function isPipeName(value: unknown): value is string {
  return typeof value === 'string' && toNumber(value) === false;
}

function toNumber(value: string): number | false {
  const number = Number(value);
  return number >= 0 ? number : false;
}

/** @throws RangeError with Node's code. */
export function checkedPort(value: unknown, name: string): number {
  const text = typeof value === 'string' ? value.trim() : '';
  const fits =
    (typeof value === 'number' || text !== '') &&
    Number(value) === Number(value) >>> 0 &&
    Number(value) <= 65535;
  if (!fits) {
    throw nodeError(
      'ERR_SOCKET_BAD_PORT',
      `${name} should be >= 0 and < 65536. Received ${received(value)}.`,
      RangeError,
    );
  }
  return Number(value);
}

/** How Node's messages describe a value. */
export function received(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'function') return `function ${value.name}`;
  if (typeof value === 'object') return `an instance of ${value.constructor?.name ?? 'Object'}`;
  return `type ${typeof value} (${typeof value === 'string' ? `'${value}'` : String(value)})`;
}

export function refusePipes(path: unknown): never {
  throw nodeError(
    'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM',
    `Unix domain sockets are not simulated (${String(path)}): listen on and connect to a port instead`,
    TypeError,
  );
}

/** Of an argument, or of a property of one. */
export function invalidType(name: string, expected: string, value: unknown): Error {
  const kind = name.includes('.') ? 'property' : 'argument';
  return nodeError(
    'ERR_INVALID_ARG_TYPE',
    `The "${name}" ${kind} must be ${expected}. Received ${received(value)}`,
    TypeError,
  );
}
