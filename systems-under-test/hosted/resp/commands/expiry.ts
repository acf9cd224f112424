import { type Command, command } from '../command.ts';
import type { Context } from '../context.ts';
import { failure, invalidExpire, syntaxError } from '../protocol/errors.ts';
import { isInt64 } from '../protocol/numbers.ts';
import type { Reply } from '../protocol/reply.ts';
import type { Argv } from '../session.ts';
import { int64, type Options } from './arguments.ts';

const SECOND = 1000n;

/** When a key goes, from the words of a command: in milliseconds since the epoch. @throws CommandError: not an integer, or too large */
export function expireTime(
  name: string,
  text: string,
  unit: 's' | 'ms',
  relativeTo: number,
  positive: boolean,
): number {
  const given = int64(text);
  if (positive && given <= 0n) throw invalidExpire(name);
  const milliseconds = unit === 's' ? given * SECOND : given;
  const at = milliseconds + BigInt(relativeTo);
  if (!isInt64(milliseconds) || !isInt64(at)) throw invalidExpire(name);
  return Number(at);
}

/** `EX s`, `PX ms`, `EXAT s`, `PXAT ms` of SET and GETEX: the time, or null if the option is none of them. */
export function expiryOption(name: string, option: string, options: Options, now: number): number | null {
  switch (option) {
    case 'ex':
      return expireTime(name, options.value(), 's', now, true);
    case 'px':
      return expireTime(name, options.value(), 'ms', now, true);
    case 'exat':
      return expireTime(name, options.value(), 's', 0, true);
    case 'pxat':
      return expireTime(name, options.value(), 'ms', 0, true);
    default:
      return null;
  }
}

/** Sets a key's time, or deletes it if that has passed. */
export function expireOrDelete(context: Context, key: string, at: number): void {
  const { database } = context;
  if (at <= context.now && context.engine.replication.isPrimary && !context.session.trusted) {
    context.remove(key);
    context.replicateAs(['DEL', key]);
    return;
  }
  database.expireAt(key, at);
  context.changed(key, 'g:expire');
  context.replicateAs(['PEXPIREAT', key, String(at)]);
}

const UNSUPPORTED = (option: string): Error => failure(`ERR Unsupported option ${option}`);

function expire(unit: 's' | 'ms', absolute: boolean) {
  return (context: Context, argv: Argv): Reply => {
    const key = argv[1]!;
    const flags = new Set<string>();
    for (const word of argv.slice(3)) {
      const flag = word.toLowerCase();
      if (flag !== 'nx' && flag !== 'xx' && flag !== 'gt' && flag !== 'lt') throw UNSUPPORTED(word);
      flags.add(flag);
    }
    if (flags.has('nx') && flags.size > 1)
      throw failure('ERR NX and XX, GT or LT options at the same time are not compatible');
    if (flags.has('gt') && flags.has('lt'))
      throw failure('ERR GT and LT options at the same time are not compatible');
    const at = expireTime(argv[0]!, argv[2]!, unit, absolute ? 0 : context.now, false);
    if (!context.database.has(key)) return 0;
    const old = context.database.expires(key);
    if (flags.has('nx') && old !== null) return 0;
    if (flags.has('xx') && old === null) return 0;
    if (flags.has('gt') && (old === null || at <= old)) return 0;
    if (flags.has('lt') && old !== null && at >= old) return 0;
    expireOrDelete(context, key, at);
    return 1;
  };
}

function timeToLive(unit: 1 | 1000, absolute: boolean) {
  return (context: Context, argv: Argv): Reply => {
    if (!context.database.has(argv[1]!)) return -2;
    const at = context.database.expires(argv[1]!);
    if (at === null) return -1;
    const shown = absolute ? at : Math.max(0, at - context.now);
    return unit === 1 ? shown : Math.floor((shown + unit / 2) / unit);
  };
}

export const EXPIRY: readonly Command[] = [
  command('expire', -3, 'write fast', [1, 1, 1], expire('s', false)),
  command('pexpire', -3, 'write fast', [1, 1, 1], expire('ms', false)),
  command('expireat', -3, 'write fast', [1, 1, 1], expire('s', true)),
  command('pexpireat', -3, 'write fast', [1, 1, 1], expire('ms', true)),
  command('ttl', 2, 'readonly fast', [1, 1, 1], timeToLive(1000, false)),
  command('pttl', 2, 'readonly fast', [1, 1, 1], timeToLive(1, false)),
  command('expiretime', 2, 'readonly fast', [1, 1, 1], timeToLive(1000, true)),
  command('pexpiretime', 2, 'readonly fast', [1, 1, 1], timeToLive(1, true)),
  command('persist', 2, 'write fast', [1, 1, 1], (context, [, key]) => {
    if (!context.database.has(key!) || !context.database.persist(key!)) return 0;
    context.changed(key!, 'g:persist');
    return 1;
  }),
];

/** For SET: the words can be but one of these. @throws CommandError (syntax) */
export function onlyOne(taken: boolean): void {
  if (taken) throw syntaxError();
}
