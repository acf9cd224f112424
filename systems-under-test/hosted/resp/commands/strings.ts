import { type Command, command } from '../command.ts';
import type { Context } from '../context.ts';
import { newString } from '../database/values.ts';
import { failure, notFloat, overflow, syntaxError, wrongArity } from '../protocol/errors.ts';
import { addDecimals } from '../protocol/long-double.ts';
import { isInt64, parseDouble } from '../protocol/numbers.ts';
import { OK, type Reply } from '../protocol/reply.ts';
import type { Argv } from '../session.ts';
import { int64, integer, Options } from './arguments.ts';
import { expireTime, expiryOption, onlyOne } from './expiry.ts';

/** The longest string, in bytes (`proto-max-bulk-len`). */
export const STRING_MAX = 512 * 1024 * 1024;
export const tooLong = (): Error => failure('ERR string exceeds maximum allowed size (proto-max-bulk-len)');

const text = (context: Context, key: string): string | null => context.read(key, 'string')?.bytes ?? null;

/** Sets a key to a string, whatever it held. */
function put(context: Context, key: string, bytes: string, keepExpiry = false): void {
  context.database.set(key, newString(bytes), keepExpiry);
  context.changed(key, '$:set');
}

function set(context: Context, argv: Argv): Reply {
  const [, key, value] = argv as [string, string, string];
  const options = new Options(argv, 3);
  let condition: 'nx' | 'xx' | null = null;
  let wantsOld = false;
  let keep = false;
  let expiry: { option: string; word: string } | null = null;
  for (let option = options.next(); option !== null; option = options.next()) {
    if (option === 'nx' || option === 'xx') {
      onlyOne(condition !== null && condition !== option);
      condition = option;
    } else if (option === 'get') wantsOld = true;
    else if (option === 'keepttl') {
      onlyOne(expiry !== null);
      keep = true;
    } else if (option === 'ex' || option === 'px' || option === 'exat' || option === 'pxat') {
      onlyOne(expiry !== null || keep);
      expiry = { option, word: options.value() };
    } else throw syntaxError();
  }
  const at =
    expiry === null
      ? null
      : expiryOption('set', expiry.option, new Options(['', expiry.word], 1), context.now);
  const old = wantsOld ? text(context, key) : null;
  if (condition !== null && context.database.has(key) !== (condition === 'xx')) return wantsOld ? old : null;
  put(context, key, value, keep);
  if (at !== null) {
    context.database.expireAt(key, at);
    context.engine.notify(context.database, 'g:expire', key);
    context.replicateAs(['SET', key, value, 'PXAT', String(at)]);
  } else context.replicateAs(keep ? ['SET', key, value, 'KEEPTTL'] : ['SET', key, value]);
  return wantsOld ? old : OK;
}

function setFor(unit: 's' | 'ms') {
  return (context: Context, [name, key, time, value]: Argv): Reply => {
    const at = expireTime(name!, time!, unit, context.now, true);
    put(context, key!, value!);
    context.database.expireAt(key!, at);
    context.engine.notify(context.database, 'g:expire', key!);
    context.replicateAs(['SET', key!, value!, 'PXAT', String(at)]);
    return OK;
  };
}

function getAndExpire(context: Context, argv: Argv): Reply {
  const key = argv[1]!;
  const options = new Options(argv, 2);
  const option = options.next();
  const word = option !== null && option !== 'persist' ? options.value() : null;
  if (options.next() !== null) throw syntaxError();
  let at: number | null = null;
  if (word !== null) {
    at = expiryOption('getex', option!, new Options(['', word], 1), context.now);
    if (at === null) throw syntaxError();
  }
  const value = text(context, key);
  if (value === null) return null;
  if (at !== null && at <= context.now) {
    context.remove(key);
    context.replicateAs(['DEL', key]);
  } else if (at !== null) {
    context.database.expireAt(key, at);
    context.changed(key, 'g:expire');
    context.replicateAs(['PEXPIREAT', key, String(at)]);
  } else if (option === 'persist' && context.database.persist(key)) {
    context.changed(key, 'g:persist');
    context.replicateAs(['PERSIST', key]);
  }
  return value;
}

/** Replaces a string in place: its time to live stays. */
function modify(
  context: Context,
  key: string,
  bytes: string,
  event: '$:append' | '$:setrange' | '$:incrby',
): void {
  const value = context.readOrMake(key, 'string', () => newString(''));
  value.bytes = bytes;
  value.form = event === '$:incrby' ? 'any' : 'raw';
  context.changed(key, event);
}

function add(context: Context, key: string, increment: bigint): Reply {
  const sum = int64(text(context, key) ?? '0') + increment;
  if (!isInt64(sum)) throw overflow();
  modify(context, key, sum.toString(), '$:incrby');
  return sum;
}

function setRange(context: Context, argv: Argv): Reply {
  const [, key, place, bytes] = argv as [string, string, string, string];
  const offset = integer(place);
  if (offset < 0) throw failure('ERR offset is out of range');
  const old = text(context, key) ?? '';
  if (bytes === '') return old.length;
  if (offset + bytes.length > STRING_MAX) throw tooLong();
  modify(
    context,
    key,
    old.padEnd(offset, '\0').slice(0, offset) + bytes + old.slice(offset + bytes.length),
    '$:setrange',
  );
  return Math.max(old.length, offset + bytes.length);
}

function getRange(context: Context, argv: Argv): Reply {
  let start = integer(argv[2]!);
  let end = integer(argv[3]!);
  const value = text(context, argv[1]!) ?? '';
  if (start < 0 && end < 0 && start > end) return '';
  if (start < 0) start = Math.max(0, value.length + start);
  if (end < 0) end = Math.max(0, value.length + end);
  return value.slice(start, end + 1);
}

function setMany(context: Context, argv: Argv, unlessAny: boolean): Reply {
  if (argv.length % 2 === 0) throw wrongArity(argv[0]!);
  if (unlessAny) for (let at = 1; at < argv.length; at += 2) if (context.database.has(argv[at]!)) return 0;
  for (let at = 1; at < argv.length; at += 2) put(context, argv[at]!, argv[at + 1]!);
  return unlessAny ? 1 : OK;
}

export const STRINGS: readonly Command[] = [
  command('get', 2, 'readonly fast', [1, 1, 1], (context, [, key]) => text(context, key!)),
  command('set', -3, 'write denyoom', [1, 1, 1], set),
  command('setnx', 3, 'write denyoom fast', [1, 1, 1], (context, [, key, value]) => {
    if (context.database.has(key!)) return 0;
    put(context, key!, value!);
    return 1;
  }),
  command('setex', 4, 'write denyoom', [1, 1, 1], setFor('s')),
  command('psetex', 4, 'write denyoom', [1, 1, 1], setFor('ms')),
  command('getset', 3, 'write denyoom fast', [1, 1, 1], (context, [, key, value]) => {
    const old = text(context, key!);
    put(context, key!, value!);
    context.replicateAs(['SET', key!, value!]);
    return old;
  }),
  command('getdel', 2, 'write fast', [1, 1, 1], (context, [, key]) => {
    const old = text(context, key!);
    if (old !== null) context.remove(key!);
    context.replicateAs(...(old === null ? [] : [['DEL', key!]]));
    return old;
  }),
  command('getex', -2, 'write fast', [1, 1, 1], getAndExpire),
  command('mget', -2, 'readonly fast', [1, -1, 1], (context, [, ...keys]) =>
    keys.map((key) => {
      const value = context.value(key);
      return value?.kind === 'string' ? value.bytes : null;
    }),
  ),
  command('mset', -3, 'write denyoom', [1, -1, 2], (context, argv) => setMany(context, argv, false)),
  command('msetnx', -3, 'write denyoom', [1, -1, 2], (context, argv) => setMany(context, argv, true)),
  command('append', 3, 'write denyoom fast', [1, 1, 1], (context, [, key, bytes]) => {
    const old = text(context, key!);
    if (old === null) {
      put(context, key!, bytes!);
      return bytes!.length;
    }
    if (old.length + bytes!.length > STRING_MAX) throw tooLong();
    modify(context, key!, old + bytes!, '$:append');
    return old.length + bytes!.length;
  }),
  command('strlen', 2, 'readonly fast', [1, 1, 1], (context, [, key]) => text(context, key!)?.length ?? 0),
  command('getrange', 4, 'readonly', [1, 1, 1], getRange),
  command('substr', 4, 'readonly', [1, 1, 1], getRange),
  command('setrange', 4, 'write denyoom', [1, 1, 1], setRange),
  command('incr', 2, 'write denyoom fast', [1, 1, 1], (context, [, key]) => add(context, key!, 1n)),
  command('decr', 2, 'write denyoom fast', [1, 1, 1], (context, [, key]) => add(context, key!, -1n)),
  command('incrby', 3, 'write denyoom fast', [1, 1, 1], (context, [, key, by]) =>
    add(context, key!, int64(by!)),
  ),
  command('decrby', 3, 'write denyoom fast', [1, 1, 1], (context, [, key, by]) => {
    const decrement = int64(by!);
    if (!isInt64(-decrement)) throw failure('ERR decrement would overflow');
    return add(context, key!, -decrement);
  }),
  command('incrbyfloat', 3, 'write denyoom fast', [1, 1, 1], (context, [, key, by]) => {
    const sum = addFloat(text(context, key!) ?? '0', by!);
    context.database.set(key!, newString(sum, 'text'), true);
    context.changed(key!, '$:incrbyfloat');
    context.replicateAs(['SET', key!, sum, 'KEEPTTL']);
    return sum;
  }),
];

/** A sum of two numbers as texts. @throws CommandError */
export function addFloat(value: string, by: string, invalid: () => Error = notFloat): string {
  const old = parseDouble(value);
  if (old === null) throw invalid();
  const increment = parseDouble(by);
  if (increment === null) throw notFloat();
  const sum = addDecimals(value, by);
  if (sum === null || !Number.isFinite(Number(sum)))
    throw failure('ERR increment would produce NaN or Infinity');
  return sum;
}
