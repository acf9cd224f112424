import { inspect } from 'node:util';

/** An error with a code, as Node's own have it. */
export function codedError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** A TypeError for a parameter, as Node's own functions throw it. */
export function invalidArgument(name: string, expected: string, value: unknown): TypeError {
  const received =
    value === null || value === undefined
      ? String(value)
      : typeof value === 'function'
        ? `function ${value.name}`
        : typeof value === 'object'
          ? `an instance of ${value.constructor?.name ?? 'Object'}`
          : `type ${typeof value} (${inspect(value)})`;
  return Object.assign(new TypeError(`The "${name}" argument must be ${expected}. Received ${received}`), {
    code: 'ERR_INVALID_ARG_TYPE',
  });
}
