import { type Command, command } from '../command.ts';
import type { Context } from '../context.ts';
import { addMember, membersOf, newSet } from '../database/values.ts';
import { failure, notPositive, syntaxError } from '../protocol/errors.ts';
import { type Reply, Unordered } from '../protocol/reply.ts';
import type { Argv } from '../session.ts';
import { countedKeys, integer, Options } from './arguments.ts';
import { distinct } from './random.ts';
import { scan } from './scan.ts';

const EMPTY: ReadonlySet<string> = new Set();
const setOf = (context: Context, key: string): ReadonlySet<string> =>
  context.read(key, 'set')?.members ?? EMPTY;

function members(context: Context, key: string): string[] {
  const set = context.read(key, 'set');
  return set === undefined ? [] : membersOf(set);
}

function intersection(context: Context, keys: readonly string[]): string[] {
  const sets = keys.map((key) => setOf(context, key));
  const smallest = sets.reduce((least, set) => (set.size < least.size ? set : least), sets[0]!);
  const ordered = members(context, keys[sets.indexOf(smallest)]!);
  return ordered.filter((member) => sets.every((set) => set.has(member)));
}

function union(context: Context, keys: readonly string[]): string[] {
  return membersOf(newSet(keys.flatMap((key) => members(context, key))));
}

function difference(context: Context, keys: readonly string[]): string[] {
  const others = keys.slice(1).map((key) => setOf(context, key));
  return members(context, keys[0]!).filter((member) => !others.some((set) => set.has(member)));
}

type Combine = (context: Context, keys: readonly string[]) => string[];

const combined =
  (combine: Combine) =>
  (context: Context, [, ...keys]: Argv): Reply =>
    new Unordered(combine(context, keys));

function stored(combine: Combine, event: string) {
  return (context: Context, [, destination, ...keys]: Argv): Reply => {
    const result = combine(context, keys);
    if (result.length === 0) {
      context.remove(destination!);
      return 0;
    }
    context.database.set(destination!, newSet(result));
    context.changed(destination!, `s:${event}`);
    return result.length;
  };
}

function remove(context: Context, [, key, ...gone]: Argv): Reply {
  const set = context.read(key!, 'set');
  if (set === undefined) return 0;
  const removed = gone.filter((member) => set.members.delete(member)).length;
  if (removed > 0) {
    context.changed(key!, 's:srem', removed);
    context.removeIfEmpty(key!, set);
  }
  return removed;
}

function pop(context: Context, argv: Argv): Reply {
  if (argv.length > 3) throw syntaxError();
  const key = argv[1]!;
  const count = argv.length === 3 ? integer(argv[2]!, notPositive) : null;
  if (count !== null && count < 0) throw notPositive();
  const set = context.read(key, 'set');
  if (set === undefined) return count === null ? null : new Unordered([]);
  if (count === 0) return new Unordered([]);
  const all = membersOf(set);
  const taken = count !== null && count >= all.length ? all : distinct(context, all, count ?? 1);
  for (const member of taken) set.members.delete(member);
  context.changed(key, 's:spop', taken.length);
  context.replicateAs(context.removeIfEmpty(key, set) ? ['DEL', key] : ['SREM', key, ...taken]);
  return count === null ? taken[0]! : new Unordered(taken);
}

function randomMember(context: Context, argv: Argv): Reply {
  if (argv.length > 3) throw syntaxError();
  const count = argv.length === 3 ? integer(argv[2]!) : null;
  const all = members(context, argv[1]!);
  const { random } = context.engine.environment;
  if (count === null) return all.length === 0 ? null : random.pick(all);
  if (all.length === 0) return [];
  if (count < 0) return Array.from({ length: -count }, () => random.pick(all));
  return count >= all.length ? new Unordered(all) : new Unordered(distinct(context, all, count));
}

function move(context: Context, [, from, to, member]: Argv): Reply {
  const source = context.read(from!, 'set');
  if (source === undefined) return 0;
  context.read(to!, 'set');
  if (from === to) return Number(source.members.has(member!));
  if (!source.members.delete(member!)) return 0;
  context.changed(from!, 's:srem');
  context.removeIfEmpty(from!, source);
  if (addMember(context.readOrMake(to!, 'set', newSet), member!)) context.changed(to!, 's:sadd');
  return 1;
}

function intersectionCard(context: Context, argv: Argv): Reply {
  const keys = countedKeysOf(argv);
  const options = new Options(argv, 2 + keys.length);
  let limit = 0;
  for (let option = options.next(); option !== null; option = options.next()) {
    if (option !== 'limit') throw syntaxError();
    limit = integer(options.value(), () => failure("ERR LIMIT can't be negative"));
    if (limit < 0) throw failure("ERR LIMIT can't be negative");
  }
  const { length } = intersection(context, keys);
  return limit === 0 ? length : Math.min(limit, length);
}

function countedKeysOf(argv: Argv): string[] {
  const zero = 'ERR numkeys should be greater than 0';
  const count = integer(argv[1]!, () => failure(zero));
  if (count > argv.length - 2) throw failure("ERR Number of keys can't be greater than number of args");
  return countedKeys(argv, 1, zero);
}

export const SETS: readonly Command[] = [
  command('sadd', -3, 'write denyoom fast', [1, 1, 1], (context, [, key, ...added]) => {
    const set = context.readOrMake(key!, 'set', newSet);
    const count = added.filter((member) => addMember(set, member)).length;
    if (count > 0) context.changed(key!, 's:sadd', count);
    return count;
  }),
  command('srem', -3, 'write fast', [1, 1, 1], remove),
  command('smembers', 2, 'readonly', [1, 1, 1], (context, [, key]) => new Unordered(members(context, key!))),
  command('sismember', 3, 'readonly fast', [1, 1, 1], (context, [, key, member]) =>
    Number(setOf(context, key!).has(member!)),
  ),
  command('smismember', -3, 'readonly fast', [1, 1, 1], (context, [, key, ...asked]) => {
    const set = setOf(context, key!);
    return asked.map((member) => Number(set.has(member)));
  }),
  command('scard', 2, 'readonly fast', [1, 1, 1], (context, [, key]) => setOf(context, key!).size),
  command('spop', -2, 'write fast', [1, 1, 1], pop),
  command('srandmember', -2, 'readonly', [1, 1, 1], randomMember),
  command('smove', 4, 'write fast', [1, 2, 1], move),
  command('sinter', -2, 'readonly', [1, -1, 1], combined(intersection)),
  command('sunion', -2, 'readonly', [1, -1, 1], combined(union)),
  command('sdiff', -2, 'readonly', [1, -1, 1], combined(difference)),
  command('sinterstore', -3, 'write denyoom', [1, -1, 1], stored(intersection, 'sinterstore')),
  command('sunionstore', -3, 'write denyoom', [1, -1, 1], stored(union, 'sunionstore')),
  command('sdiffstore', -3, 'write denyoom', [1, -1, 1], stored(difference, 'sdiffstore')),
  command('sintercard', -3, 'readonly movablekeys', null, intersectionCard),
  command('sscan', -3, 'readonly', [1, 1, 1], (context, argv) => {
    const set = context.read(argv[1]!, 'set');
    return scan(argv, 2, set === undefined ? [] : membersOf(set), set?.large === false, (member) => [member]);
  }),
];
