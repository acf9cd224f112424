import { type Command, command, container } from '../command.ts';
import type { Context } from '../context.ts';
import { scanPage } from '../database/scan.ts';
import { copyValue, encodingOf } from '../database/values.ts';
import { failure, noSuchKey, syntaxError } from '../protocol/errors.ts';
import { globMatches } from '../protocol/glob.ts';
import { OK, type Reply, Status } from '../protocol/reply.ts';
import type { Argv } from '../session.ts';
import { integer, Options } from './arguments.ts';
import { scanOptions } from './scan.ts';

function deleteKeys(context: Context, [, ...keys]: Argv): Reply {
  return keys.filter((key) => context.remove(key)).length;
}

function rename(context: Context, from: string, to: string, unlessThere: boolean): boolean {
  const { database } = context;
  const value = database.get(from);
  if (value === undefined) throw noSuchKey();
  if (from === to) return !unlessThere;
  if (unlessThere && database.has(to)) return false;
  const expires = database.expires(from);
  database.delete(from);
  database.delete(to);
  database.set(to, value);
  if (expires !== null) database.expireAt(to, expires);
  context.changed(from, 'g:rename_from');
  context.changed(to, 'g:rename_to');
  return true;
}

function databaseNumber(context: Context, text: string, wrong: string): number {
  const index = integer(text, () => failure(wrong));
  if (index < 0 || index >= context.engine.databases.length) throw failure('ERR DB index is out of range');
  return index;
}

function copy(context: Context, argv: Argv): Reply {
  const [, from, to] = argv as [string, string, string];
  const options = new Options(argv, 3);
  let target = context.database;
  let replace = false;
  for (let option = options.next(); option !== null; option = options.next()) {
    if (option === 'replace') replace = true;
    else if (option === 'db' && options.left > 0)
      target =
        context.engine.databases[
          databaseNumber(context, options.value(), 'ERR value is not an integer or out of range')
        ]!;
    else throw syntaxError();
  }
  if (target === context.database && from === to)
    throw failure('ERR source and destination objects are the same');
  const value = context.value(from);
  if (value === undefined || (target.has(to) && !replace)) return 0;
  const expires = context.database.expires(from);
  target.delete(to);
  target.set(to, copyValue(value));
  if (expires !== null) target.expireAt(to, expires);
  context.dirty++;
  context.engine.touch(target, to);
  context.engine.notify(target, 'g:copy_to', to);
  return 1;
}

function move(context: Context, [, key, index]: Argv): Reply {
  const target =
    context.engine.databases[databaseNumber(context, index!, 'ERR value is not an integer or out of range')]!;
  if (target === context.database) throw failure('ERR source and destination objects are the same');
  const value = context.value(key!);
  if (value === undefined || target.has(key!)) return 0;
  const expires = context.database.expires(key!);
  context.database.delete(key!);
  target.set(key!, value);
  if (expires !== null) target.expireAt(key!, expires);
  context.changed(key!, 'g:move_from');
  context.engine.touch(target, key!);
  context.engine.notify(target, 'g:move_to', key!);
  return 1;
}

function scanKeys(context: Context, argv: Argv): Reply {
  const { cursor, count, pattern, type } = scanOptions(argv, 1, true);
  const page = scanPage(context.database.keys(), cursor, count);
  const fits = (key: string): boolean =>
    (pattern === null || globMatches(pattern, key)) && (type === null || context.value(key)!.kind === type);
  return [page.cursor, page.names.filter(fits)];
}

/** OBJECT's subcommands answer nothing for a key that is not there. */
function object(name: string, show: (context: Context, key: string) => Reply): Command {
  return command(`object|${name}`, 3, 'readonly', [2, 2, 1], (context, [, , key]) =>
    context.database.has(key!) ? show(context, key!) : null,
  );
}

export const KEYS: readonly Command[] = [
  command('del', -2, 'write', [1, -1, 1], deleteKeys),
  command('unlink', -2, 'write fast', [1, -1, 1], deleteKeys),
  command(
    'exists',
    -2,
    'readonly fast',
    [1, -1, 1],
    (context, [, ...keys]) => keys.filter((key) => context.database.has(key)).length,
  ),
  command(
    'touch',
    -2,
    'readonly fast',
    [1, -1, 1],
    (context, [, ...keys]) => keys.filter((key) => context.database.has(key)).length,
  ),
  command(
    'type',
    2,
    'readonly fast',
    [1, 1, 1],
    (context, [, key]) => new Status(context.value(key!)?.kind ?? 'none'),
  ),
  command('keys', 2, 'readonly', null, (context, [, pattern]) =>
    [...context.database.keys()].filter((key) => globMatches(pattern!, key)),
  ),
  command('randomkey', 1, 'readonly', null, (context) => {
    const keys = [...context.database.keys()];
    return keys.length === 0 ? null : context.engine.environment.random.pick(keys);
  }),
  command('rename', 3, 'write', [1, 2, 1], (context, [, from, to]) => {
    rename(context, from!, to!, false);
    return OK;
  }),
  command('renamenx', 3, 'write fast', [1, 2, 1], (context, [, from, to]) =>
    Number(rename(context, from!, to!, true)),
  ),
  command('copy', -3, 'write denyoom', [1, 2, 1], copy),
  command('move', 3, 'write fast', [1, 1, 1], move),
  command('scan', -2, 'readonly', null, scanKeys),
  command('dbsize', 1, 'readonly fast', null, (context) => context.database.size),
  command('flushdb', -1, 'write', null, (context, argv) => {
    flushMode(argv);
    context.dirty += 1 + context.engine.empty(context.database);
    return OK;
  }),
  command('flushall', -1, 'write', null, (context, argv) => {
    flushMode(argv);
    for (const database of context.engine.databases) context.dirty += 1 + context.engine.empty(database);
    return OK;
  }),
  container('object', [
    object('encoding', (context, key) => encodingOf(context.value(key)!)),
    object('refcount', () => 1),
    object('idletime', () => 0),
    object('freq', () => {
      throw failure(
        'ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.',
      );
    }),
  ]),
];

function flushMode(argv: Argv): void {
  const mode = argv[1]?.toLowerCase();
  if (argv.length > 2 || (mode !== undefined && mode !== 'async' && mode !== 'sync')) throw syntaxError();
}
