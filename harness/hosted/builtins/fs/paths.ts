import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import type { BuiltinContext } from '../context.ts';
import { nodeError } from '../errors.ts';
import { invalidType } from './failures.ts';

/** The absolute name of what a program calls by a path of any kind. @throws TypeError with Node's code. */
export function absolute(context: BuiltinContext, path: unknown, name = 'path'): string {
  const text = textOf(path, name);
  if (text.includes('\0')) {
    throw nodeError(
      'ERR_INVALID_ARG_VALUE',
      `The argument '${name}' must be a string, Uint8Array, or URL without null bytes. Received ${inspect(text)}`,
      TypeError,
    );
  }
  const { cwd } = context.require('process') as { cwd(): string };
  return posix.resolve(cwd(), text);
}

/** As the program wrote it: what error messages show. */
export function textOf(path: unknown, name = 'path'): string {
  if (typeof path === 'string') return path;
  if (path instanceof Uint8Array) return Buffer.from(path).toString();
  if (path instanceof URL) return fileURLToPath(path, { windows: false });
  throw invalidType(name, 'of type string or an instance of Buffer or URL', path);
}
