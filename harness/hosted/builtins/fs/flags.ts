import { constants } from 'node:fs';
import { nodeError } from '../errors.ts';
import { received } from '../net/arguments.ts';

const { O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC, O_APPEND, O_SYNC } = constants;

const NAMED: Readonly<Record<string, number>> = {
  r: O_RDONLY,
  rs: O_RDONLY | O_SYNC,
  'r+': O_RDWR,
  'rs+': O_RDWR | O_SYNC,
  w: O_TRUNC | O_CREAT | O_WRONLY,
  wx: O_TRUNC | O_CREAT | O_WRONLY | O_EXCL,
  'w+': O_TRUNC | O_CREAT | O_RDWR,
  'wx+': O_TRUNC | O_CREAT | O_RDWR | O_EXCL,
  a: O_APPEND | O_CREAT | O_WRONLY,
  ax: O_APPEND | O_CREAT | O_WRONLY | O_EXCL,
  as: O_APPEND | O_CREAT | O_WRONLY | O_SYNC,
  'a+': O_APPEND | O_CREAT | O_RDWR,
  'ax+': O_APPEND | O_CREAT | O_RDWR | O_EXCL,
  'as+': O_APPEND | O_CREAT | O_RDWR | O_SYNC,
};
const SAME: Readonly<Record<string, string>> = {
  sr: 'rs',
  'sr+': 'rs+',
  xw: 'wx',
  'xw+': 'wx+',
  xa: 'ax',
  sa: 'as',
  'xa+': 'ax+',
  'sa+': 'as+',
};

export interface Mode {
  readonly reads: boolean;
  readonly writes: boolean;
  readonly creates: boolean;
  readonly exclusive: boolean;
  readonly truncates: boolean;
  readonly appends: boolean;
  readonly syncs: boolean;
}

/** What a file is opened for. @throws TypeError with Node's code. */
export function modeOf(flags: unknown = 'r'): Mode {
  const bits = typeof flags === 'number' ? flags : bitsOf(flags);
  const access = bits & (O_WRONLY | O_RDWR);
  return {
    reads: access !== O_WRONLY,
    writes: access !== O_RDONLY,
    creates: (bits & O_CREAT) !== 0,
    exclusive: (bits & O_EXCL) !== 0,
    truncates: (bits & O_TRUNC) !== 0,
    appends: (bits & O_APPEND) !== 0,
    syncs: (bits & (O_SYNC | constants.O_DSYNC)) !== 0,
  };
}

function bitsOf(flags: unknown): number {
  const known = flags === null ? O_RDONLY : NAMED[SAME[String(flags)] ?? String(flags)];
  if (known !== undefined) return known;
  const shown = typeof flags === 'string' ? `'${flags}'` : received(flags);
  throw nodeError('ERR_INVALID_ARG_VALUE', `The argument 'flags' is invalid. Received ${shown}`, TypeError);
}
