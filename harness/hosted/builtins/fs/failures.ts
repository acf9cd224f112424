import { nodeError, type SystemError, systemError, textOf } from '../errors.ts';
import { received } from '../net/arguments.ts';

/** `ENOENT: no such file or directory, open '/data/x'`. */
export function fsError(code: string, syscall: string, path?: string, dest?: string): SystemError {
  const where = path === undefined ? '' : ` '${path}'`;
  const to = dest === undefined ? '' : ` -> '${dest}'`;
  const error = systemError(code, syscall, `${code}: ${textOf(code)}, ${syscall}${where}${to}`);
  if (path !== undefined) error.path = path;
  if (dest !== undefined) error.dest = dest;
  return error;
}

/** What the disk's own errors are to a program; others are defects and stay what they are. */
export function translated(error: unknown, syscall: string, path?: string): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  if (code === 'disk-full') return fsError('ENOSPC', syscall, path);
  if (code === 'disk-failure') return fsError('EIO', syscall, path);
  return error;
}

export function invalidType(name: string, expected: string, value: unknown): Error {
  return nodeError(
    'ERR_INVALID_ARG_TYPE',
    `The "${name}" argument must be ${expected}. Received ${received(value)}`,
    TypeError,
  );
}

export function outOfRange(name: string, expected: string, value: unknown): Error {
  return nodeError(
    'ERR_OUT_OF_RANGE',
    `The value of "${name}" is out of range. It must be ${expected}. Received ${String(value)}`,
    RangeError,
  );
}

export function notSimulated(name: string, instead: string): Error {
  return nodeError(
    'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM',
    `fs.${name} is not simulated: ${instead}`,
    TypeError,
  );
}
