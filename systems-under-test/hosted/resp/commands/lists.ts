import { type Command, command } from '../command.ts';
import type { Context } from '../context.ts';
import { type ListValue, newList } from '../database/values.ts';
import { failure, noSuchKey, notPositive, outOfRange, syntaxError, wrongArity } from '../protocol/errors.ts';
import { NIL_ARRAY, OK, type Reply } from '../protocol/reply.ts';
import type { Argv } from '../session.ts';
import { blockUntil, clampRange, countedKeys, integer, Options } from './arguments.ts';
import { nowOrLater } from './blocking.ts';

export type End = 'left' | 'right';

const take = (list: ListValue, end: End): string =>
  end === 'left' ? list.items.shift()! : list.items.pop()!;
const put = (list: ListValue, end: End, item: string): void => {
  if (end === 'left') list.items.unshift(item);
  else list.items.push(item);
};

function push(end: End, onlyIfThere: boolean) {
  return (context: Context, [, key, ...items]: Argv): Reply => {
    const list = onlyIfThere ? context.read(key!, 'list') : context.readOrMake(key!, 'list', newList);
    if (list === undefined) return 0;
    for (const item of items) put(list, end, item);
    context.changed(key!, end === 'left' ? 'l:lpush' : 'l:rpush', items.length);
    return list.items.length;
  };
}

/** Takes so many items from one end of a list that has some. */
function popItems(context: Context, key: string, list: ListValue, end: End, count: number): string[] {
  const items = Array.from({ length: Math.min(count, list.items.length) }, () => take(list, end));
  context.changed(key, end === 'left' ? 'l:lpop' : 'l:rpop', items.length);
  context.removeIfEmpty(key, list);
  return items;
}

function pop(end: End) {
  return (context: Context, argv: Argv): Reply => {
    if (argv.length > 3) throw wrongArity(argv[0]!);
    let count: number | null = null;
    if (argv.length === 3) {
      count = integer(argv[2]!, notPositive);
      if (count < 0) throw notPositive();
    }
    const list = context.read(argv[1]!, 'list');
    if (list === undefined) return count === null ? null : NIL_ARRAY;
    if (count === 0) return [];
    const items = popItems(context, argv[1]!, list, end, count ?? 1);
    return count === null ? items[0]! : items;
  };
}

function popBlocking(end: End) {
  return (context: Context, argv: Argv): Reply => {
    const keys = argv.slice(1, -1);
    const until = blockUntil(argv[argv.length - 1]!, context.now);
    const attempt = (now: Context, waited: boolean): Reply | undefined => {
      for (const key of keys) {
        if (waited && now.value(key)?.kind !== 'list') continue;
        const list = now.read(key, 'list');
        if (list === undefined) continue;
        const [item] = popItems(now, key, list, end, 1);
        now.replicateAs([end === 'left' ? 'LPOP' : 'RPOP', key]);
        return [key, item!];
      }
      return undefined;
    };
    return nowOrLater(context, keys, until, attempt);
  };
}

function endNamed(word: string): End {
  const end = word.toLowerCase();
  if (end !== 'left' && end !== 'right') throw syntaxError();
  return end;
}

/** Moves one item; undefined if there is none. */
function moveItem(context: Context, from: string, to: string, out: End, into: End): string | undefined {
  const source = context.read(from, 'list');
  if (source === undefined) return undefined;
  context.read(to, 'list');
  const item = take(source, out);
  put(from === to ? source : context.readOrMake(to, 'list', newList), into, item);
  context.changed(to, into === 'left' ? 'l:lpush' : 'l:rpush');
  context.changed(from, out === 'left' ? 'l:lpop' : 'l:rpop');
  context.removeIfEmpty(from, source);
  if (out === 'right' && into === 'left') context.replicateAs(['RPOPLPUSH', from, to]);
  else context.replicateAs(['LMOVE', from, to, out, into]);
  return item;
}

function moveBlocking(
  context: Context,
  from: string,
  to: string,
  out: End,
  into: End,
  timeout: string,
): Reply {
  const until = blockUntil(timeout, context.now);
  const attempt = (now: Context, waited: boolean): Reply | undefined =>
    waited && now.value(from)?.kind !== 'list' ? undefined : moveItem(now, from, to, out, into);
  if (context.nested) return attempt(context, false) ?? null;
  return nowOrLater(context, [from], until, attempt);
}

/** LMPOP and BLMPOP: `numkeys key ... LEFT|RIGHT [COUNT n]` from a place on. */
function popFromFirst(context: Context, argv: Argv, at: number, until: number | null): Reply {
  const keys = countedKeys(argv, at, 'ERR numkeys should be greater than 0');
  const options = new Options(argv, at + 1 + keys.length);
  const end = endNamed(options.value());
  let count = 1;
  const option = options.next();
  if (option !== null) {
    if (option !== 'count') throw syntaxError();
    count = integer(options.value(), () => failure('ERR count should be greater than 0'));
    if (count <= 0) throw failure('ERR count should be greater than 0');
    if (options.next() !== null) throw syntaxError();
  }
  const attempt = (now: Context, waited: boolean): Reply | undefined => {
    for (const key of keys) {
      if (waited && now.value(key)?.kind !== 'list') continue;
      const list = now.read(key, 'list');
      if (list === undefined) continue;
      const items = popItems(now, key, list, end, count);
      now.replicateAs([end === 'left' ? 'LPOP' : 'RPOP', key, String(items.length)]);
      return [key, items];
    }
    return undefined;
  };
  return nowOrLater(context, keys, until, attempt);
}

function insert(context: Context, [, key, where, pivot, item]: Argv): Reply {
  const place = where!.toLowerCase();
  if (place !== 'before' && place !== 'after') throw syntaxError();
  const list = context.read(key!, 'list');
  if (list === undefined) return 0;
  const at = list.items.indexOf(pivot!);
  if (at < 0) return -1;
  list.items.splice(place === 'before' ? at : at + 1, 0, item!);
  context.changed(key!, 'l:linsert');
  return list.items.length;
}

function removeItems(context: Context, [, key, number, item]: Argv): Reply {
  const count = integer(number!);
  const list = context.read(key!, 'list');
  if (list === undefined) return 0;
  const most = count === 0 ? list.items.length : Math.abs(count);
  const places = list.items.flatMap((one, at) => (one === item ? [at] : []));
  const chosen = new Set(count < 0 ? places.slice(-most) : places.slice(0, most));
  if (chosen.size === 0) return 0;
  const left = list.items.filter((_, at) => !chosen.has(at));
  list.items.length = 0;
  for (const one of left) list.items.push(one);
  context.changed(key!, 'l:lrem', chosen.size);
  context.removeIfEmpty(key!, list);
  return chosen.size;
}

function positions(context: Context, argv: Argv): Reply {
  const options = new Options(argv, 3);
  let rank = 1;
  let count: number | null = null;
  let most = 0;
  for (let option = options.next(); option !== null; option = options.next()) {
    if (options.left === 0) throw syntaxError();
    if (option === 'rank') {
      rank = integer(options.value());
      if (rank === 0)
        throw failure(
          "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list",
        );
    } else if (option === 'count') {
      count = integer(options.value(), () => failure("ERR COUNT can't be negative"));
      if (count < 0) throw failure("ERR COUNT can't be negative");
    } else if (option === 'maxlen') {
      most = integer(options.value(), () => failure("ERR MAXLEN can't be negative"));
      if (most < 0) throw failure("ERR MAXLEN can't be negative");
    } else throw syntaxError();
  }
  const items = context.read(argv[1]!, 'list')?.items ?? [];
  const wanted = count === null ? 1 : count === 0 ? Number.POSITIVE_INFINITY : count;
  const found: number[] = [];
  let skip = Math.abs(rank) - 1;
  for (let nth = 0; nth < items.length && (most === 0 || nth < most) && found.length < wanted; nth++) {
    const at = rank > 0 ? nth : items.length - 1 - nth;
    if (items[at] === argv[2] && skip-- <= 0) found.push(at);
  }
  return count === null ? (found[0] ?? null) : found;
}

function index(list: ListValue, text: string): number {
  const at = integer(text);
  return at < 0 ? list.items.length + at : at;
}

export const LISTS: readonly Command[] = [
  command('lpush', -3, 'write denyoom fast', [1, 1, 1], push('left', false)),
  command('rpush', -3, 'write denyoom fast', [1, 1, 1], push('right', false)),
  command('lpushx', -3, 'write denyoom fast', [1, 1, 1], push('left', true)),
  command('rpushx', -3, 'write denyoom fast', [1, 1, 1], push('right', true)),
  command('lpop', -2, 'write fast', [1, 1, 1], pop('left')),
  command('rpop', -2, 'write fast', [1, 1, 1], pop('right')),
  command('blpop', -3, 'write noscript blocking', [1, -2, 1], popBlocking('left')),
  command('brpop', -3, 'write noscript blocking', [1, -2, 1], popBlocking('right')),
  command('lmpop', -4, 'write movablekeys', null, (context, argv) => popFromFirst(context, argv, 1, null)),
  command('blmpop', -5, 'write blocking movablekeys', null, (context, argv) =>
    popFromFirst(context, argv, 2, blockUntil(argv[1]!, context.now)),
  ),
  command(
    'lmove',
    5,
    'write denyoom',
    [1, 2, 1],
    (context, [, from, to, out, into]) =>
      moveItem(context, from!, to!, endNamed(out!), endNamed(into!)) ?? null,
  ),
  command(
    'rpoplpush',
    3,
    'write denyoom',
    [1, 2, 1],
    (context, [, from, to]) => moveItem(context, from!, to!, 'right', 'left') ?? null,
  ),
  command(
    'blmove',
    6,
    'write denyoom noscript blocking',
    [1, 2, 1],
    (context, [, from, to, out, into, timeout]) =>
      moveBlocking(context, from!, to!, endNamed(out!), endNamed(into!), timeout!),
  ),
  command('brpoplpush', 4, 'write denyoom noscript blocking', [1, 2, 1], (context, [, from, to, timeout]) =>
    moveBlocking(context, from!, to!, 'right', 'left', timeout!),
  ),
  command(
    'llen',
    2,
    'readonly fast',
    [1, 1, 1],
    (context, [, key]) => context.read(key!, 'list')?.items.length ?? 0,
  ),
  command('lrange', 4, 'readonly', [1, 1, 1], (context, [, key, start, end]) => {
    const [from, to] = [integer(start!), integer(end!)];
    const items = context.read(key!, 'list')?.items ?? [];
    const range = clampRange(from, to, items.length);
    return range === null ? [] : items.slice(range[0], range[1] + 1);
  }),
  command('lindex', 3, 'readonly', [1, 1, 1], (context, [, key, at]) => {
    const list = context.read(key!, 'list');
    return list === undefined ? null : (list.items[index(list, at!)] ?? null);
  }),
  command('lset', 4, 'write denyoom', [1, 1, 1], (context, [, key, at, item]) => {
    const list = context.read(key!, 'list');
    if (list === undefined) throw noSuchKey();
    const place = index(list, at!);
    if (list.items[place] === undefined) throw outOfRange();
    list.items[place] = item!;
    context.changed(key!, 'l:lset');
    return OK;
  }),
  command('linsert', 5, 'write denyoom', [1, 1, 1], insert),
  command('lrem', 4, 'write', [1, 1, 1], removeItems),
  command('ltrim', 4, 'write', [1, 1, 1], (context, [, key, start, end]) => {
    const [from, to] = [integer(start!), integer(end!)];
    const list = context.read(key!, 'list');
    if (list === undefined) return OK;
    const range = clampRange(from, to, list.items.length);
    const kept = range === null ? [] : list.items.slice(range[0], range[1] + 1);
    const gone = list.items.length - kept.length;
    if (gone > 0) {
      list.items.length = 0;
      for (const one of kept) list.items.push(one);
    }
    context.changed(key!, 'l:ltrim', gone);
    context.removeIfEmpty(key!, list);
    return OK;
  }),
  command('lpos', -3, 'readonly', [1, 1, 1], positions),
];
