import { type Command, command } from '../command.ts';
import type { Context } from '../context.ts';
import { newHash, setField } from '../database/values.ts';
import { failure, overflow, wrongArity } from '../protocol/errors.ts';
import { isInt64, parseInt64 } from '../protocol/numbers.ts';
import { OK, Pairs, type Reply } from '../protocol/reply.ts';
import type { Argv } from '../session.ts';
import { double, int64 } from './arguments.ts';
import { randomMembers } from './random.ts';
import { scan } from './scan.ts';
import { addFloat } from './strings.ts';

const fieldsOf = (context: Context, key: string): ReadonlyMap<string, string> =>
  context.read(key, 'hash')?.fields ?? new Map();

function setFields(context: Context, argv: Argv): number {
  if (argv.length % 2 !== 0) throw wrongArity(argv[0]!);
  const hash = context.readOrMake(argv[1]!, 'hash', newHash);
  let created = 0;
  for (let at = 2; at < argv.length; at += 2) if (setField(hash, argv[at]!, argv[at + 1]!)) created++;
  context.changed(argv[1]!, 'h:hset', (argv.length - 2) / 2);
  return created;
}

function deleteFields(context: Context, [, key, ...fields]: Argv): Reply {
  const hash = context.read(key!, 'hash');
  if (hash === undefined) return 0;
  const deleted = fields.filter((field) => hash.fields.delete(field)).length;
  if (deleted > 0) {
    context.changed(key!, 'h:hdel', deleted);
    context.removeIfEmpty(key!, hash);
  }
  return deleted;
}

function increment(context: Context, [, key, field, by]: Argv): Reply {
  const delta = int64(by!);
  const hash = context.readOrMake(key!, 'hash', newHash);
  const old = parseInt64(hash.fields.get(field!) ?? '0');
  if (old === null) throw failure('ERR hash value is not an integer');
  if (!isInt64(old + delta)) throw overflow();
  setField(hash, field!, String(old + delta));
  context.changed(key!, 'h:hincrby');
  return old + delta;
}

function incrementFloat(context: Context, [, key, field, by]: Argv): Reply {
  if (!Number.isFinite(double(by!))) throw failure('ERR value is NaN or Infinity');
  const old = context.read(key!, 'hash')?.fields.get(field!) ?? '0';
  const sum = addFloat(old, by!, () => failure('ERR hash value is not a float'));
  setField(context.readOrMake(key!, 'hash', newHash), field!, sum);
  context.changed(key!, 'h:hincrbyfloat');
  context.replicateAs(['HSET', key!, field!, sum]);
  return sum;
}

export const HASHES: readonly Command[] = [
  command('hset', -4, 'write denyoom fast', [1, 1, 1], setFields),
  command('hmset', -4, 'write denyoom fast', [1, 1, 1], (context, argv) => {
    setFields(context, argv);
    return OK;
  }),
  command('hsetnx', 4, 'write denyoom fast', [1, 1, 1], (context, [, key, field, value]) => {
    if (fieldsOf(context, key!).has(field!)) return 0;
    setField(context.readOrMake(key!, 'hash', newHash), field!, value!);
    context.changed(key!, 'h:hset');
    return 1;
  }),
  command(
    'hget',
    3,
    'readonly fast',
    [1, 1, 1],
    (context, [, key, field]) => fieldsOf(context, key!).get(field!) ?? null,
  ),
  command('hmget', -3, 'readonly fast', [1, 1, 1], (context, [, key, ...fields]) => {
    const hash = fieldsOf(context, key!);
    return fields.map((field) => hash.get(field) ?? null);
  }),
  command(
    'hgetall',
    2,
    'readonly',
    [1, 1, 1],
    (context, [, key]) => new Pairs([...fieldsOf(context, key!)].flat()),
  ),
  command('hkeys', 2, 'readonly', [1, 1, 1], (context, [, key]) => [...fieldsOf(context, key!).keys()]),
  command('hvals', 2, 'readonly', [1, 1, 1], (context, [, key]) => [...fieldsOf(context, key!).values()]),
  command('hlen', 2, 'readonly fast', [1, 1, 1], (context, [, key]) => fieldsOf(context, key!).size),
  command('hexists', 3, 'readonly fast', [1, 1, 1], (context, [, key, field]) =>
    Number(fieldsOf(context, key!).has(field!)),
  ),
  command(
    'hstrlen',
    3,
    'readonly fast',
    [1, 1, 1],
    (context, [, key, field]) => fieldsOf(context, key!).get(field!)?.length ?? 0,
  ),
  command('hdel', -3, 'write fast', [1, 1, 1], deleteFields),
  command('hincrby', 4, 'write denyoom fast', [1, 1, 1], increment),
  command('hincrbyfloat', 4, 'write denyoom fast', [1, 1, 1], incrementFloat),
  command('hrandfield', -2, 'readonly', [1, 1, 1], (context, argv) => {
    const fields = fieldsOf(context, argv[1]!);
    return randomMembers(context, argv, [...fields.keys()], 'withvalues', (field) => fields.get(field)!);
  }),
  command('hscan', -3, 'readonly', [1, 1, 1], (context, argv) => {
    const hash = context.read(argv[1]!, 'hash');
    return scan(argv, 2, hash?.fields.keys() ?? [], hash?.large === false, (field) => [
      field,
      hash!.fields.get(field)!,
    ]);
  }),
];
