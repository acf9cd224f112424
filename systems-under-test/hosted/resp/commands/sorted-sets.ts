import { type Command, command } from '../command.ts';
import type { Context } from '../context.ts';
import { type Scored, SortedSet } from '../database/sorted-set.ts';
import { newSortedSet, noteMember, type SortedSetValue } from '../database/values.ts';
import { failure, notPositive, syntaxError } from '../protocol/errors.ts';
import { formatDouble } from '../protocol/numbers.ts';
import { Double, type Reply } from '../protocol/reply.ts';
import type { Argv } from '../session.ts';
import { blockUntil, countedKeys, double, integer, Options } from './arguments.ts';
import { nowOrLater } from './blocking.ts';
import { randomMembers } from './random.ts';
import { byLex, byRank, byScore, entriesAt, type Places } from './ranges.ts';
import { scan } from './scan.ts';

const NONE = new SortedSet();
const setOf = (context: Context, key: string): SortedSet => context.read(key, 'zset')?.set ?? NONE;

interface AddFlags {
  readonly nx: boolean;
  readonly xx: boolean;
  readonly gt: boolean;
  readonly lt: boolean;
}

/** What became of one member: null if the flags forbade it. */
function addOne(
  value: SortedSetValue,
  member: string,
  score: number,
  flags: AddFlags,
  incr: boolean,
): number | null {
  const old = value.set.score(member);
  if (old === undefined ? flags.xx : flags.nx) return null;
  const wanted = incr ? (old ?? 0) + score : score;
  if (Number.isNaN(wanted)) throw failure('ERR resulting score is not a number (NaN)');
  if (old !== undefined && ((flags.gt && wanted <= old) || (flags.lt && wanted >= old))) return null;
  value.set.set(member, wanted);
  noteMember(value, member);
  return wanted;
}

function add(context: Context, argv: Argv): Reply {
  const key = argv[1]!;
  const given = new Set<string>();
  let at = 2;
  for (; at < argv.length && /^(?:nx|xx|gt|lt|ch|incr)$/i.test(argv[at]!); at++)
    given.add(argv[at]!.toLowerCase());
  const pairs = argv.slice(at);
  if (pairs.length === 0 || pairs.length % 2 !== 0) throw syntaxError();
  const has = (flag: string): boolean => given.has(flag);
  if (has('nx') && has('xx')) throw failure('ERR XX and NX options at the same time are not compatible');
  if ((has('gt') && has('nx')) || (has('lt') && has('nx')) || (has('gt') && has('lt')))
    throw failure('ERR GT, LT, and/or NX options at the same time are not compatible');
  if (has('incr') && pairs.length > 2)
    throw failure('ERR INCR option supports a single increment-element pair');
  const scores = pairs.filter((_, nth) => nth % 2 === 0).map((text) => double(text));
  const flags = { nx: has('nx'), xx: has('xx'), gt: has('gt'), lt: has('lt') };
  const known = context.read(key, 'zset');
  if (known === undefined && flags.xx) return has('incr') ? null : 0;
  const value = known ?? newSortedSet();
  let [added, updated] = [0, 0];
  let last: number | null = null;
  scores.forEach((score, nth) => {
    const member = pairs[2 * nth + 1]!;
    const old = value.set.score(member);
    last = addOne(value, member, score, flags, has('incr'));
    if (last === null) return;
    if (old === undefined) added++;
    else if (old !== last) updated++;
  });
  if (known === undefined && added > 0) context.database.set(key, value);
  if (added + updated > 0) context.changed(key, has('incr') ? 'z:zincr' : 'z:zadd', added + updated);
  if (has('incr')) return last === null ? null : new Double(last);
  return has('ch') ? added + updated : added;
}

function increment(context: Context, [, key, by, member]: Argv): Reply {
  const delta = double(by!);
  const value = context.read(key!, 'zset') ?? newSortedSet();
  const score = addOne(value, member!, delta, { nx: false, xx: false, gt: false, lt: false }, true)!;
  if (value.set.size === 1) context.database.set(key!, value, true);
  context.changed(key!, 'z:zincr');
  return new Double(score);
}

function rank(reverse: boolean) {
  return (context: Context, [, key, member]: Argv): Reply => {
    const set = setOf(context, key!);
    const at = set.rank(member!);
    if (at === undefined) return null;
    return reverse ? set.size - 1 - at : at;
  };
}

function removeMembers(context: Context, key: string, members: readonly string[], event: string): number {
  const value = context.read(key, 'zset');
  if (value === undefined) return 0;
  const removed = members.filter((member) => value.set.delete(member)).length;
  if (removed > 0) {
    context.changed(key, `z:${event}`, removed);
    context.removeIfEmpty(key, value);
  }
  return removed;
}

function removeRange(
  event: string,
  places: (low: string, high: string) => (set: SortedSet, reverse: boolean) => Places,
) {
  return (context: Context, [, key, low, high]: Argv): Reply => {
    const find = places(low!, high!);
    const set = setOf(context, key!);
    const members = entriesAt(set, find(set, false), false).map(({ member }) => member);
    return removeMembers(context, key!, members, event);
  };
}

function count(places: (low: string, high: string) => (set: SortedSet) => Places) {
  return (context: Context, [, key, low, high]: Argv): Reply => {
    const find = places(low!, high!);
    const [from, to] = find(setOf(context, key!));
    return Math.max(0, to - from);
  };
}

/** One member and its score: alone, as ZPOPMIN without a count. */
const flatPair = ({ member, score }: Scored): Reply[] => [member, new Double(score)];

function popEntries(
  context: Context,
  key: string,
  value: SortedSetValue,
  end: 'min' | 'max',
  most: number,
): Scored[] {
  const from = end === 'min' ? 0 : Math.max(0, value.set.size - most);
  const entries = [
    ...entriesAt(
      value.set,
      [from, end === 'min' ? Math.min(most, value.set.size) : value.set.size],
      end === 'max',
    ),
  ];
  for (const { member } of entries) value.set.delete(member);
  if (entries.length > 0) context.changed(key, end === 'min' ? 'z:zpopmin' : 'z:zpopmax', entries.length);
  context.removeIfEmpty(key, value);
  return entries;
}

function pop(end: 'min' | 'max') {
  return (context: Context, argv: Argv): Reply => {
    if (argv.length > 3) throw syntaxError();
    const most = argv.length === 3 ? integer(argv[2]!, notPositive) : 1;
    if (most < 0) throw notPositive();
    const value = context.read(argv[1]!, 'zset');
    if (value === undefined || most === 0) return [];
    const entries = popEntries(context, argv[1]!, value, end, most);
    const nested = argv.length === 3 && context.session.version === 3;
    return nested ? entries.map(flatPair) : entries.flatMap(flatPair);
  };
}

function popBlocking(end: 'min' | 'max') {
  return (context: Context, argv: Argv): Reply => {
    const keys = argv.slice(1, -1);
    const until = blockUntil(argv[argv.length - 1]!, context.now);
    const attempt = (now: Context, waited: boolean): Reply | undefined => {
      for (const key of keys) {
        if (waited && now.value(key)?.kind !== 'zset') continue;
        const value = now.read(key, 'zset');
        if (value === undefined) continue;
        const [entry] = popEntries(now, key, value, end, 1);
        now.replicateAs([end === 'min' ? 'ZPOPMIN' : 'ZPOPMAX', key]);
        return [key, ...flatPair(entry!)];
      }
      return undefined;
    };
    return nowOrLater(context, keys, until, attempt);
  };
}

/** ZMPOP and BZMPOP: `numkeys key ... MIN|MAX [COUNT n]` from a place on. */
function popFromFirst(context: Context, argv: Argv, at: number, until: number | null): Reply {
  const keys = countedKeys(argv, at, 'ERR numkeys should be greater than 0');
  const options = new Options(argv, at + 1 + keys.length);
  const end = options.value().toLowerCase();
  if (end !== 'min' && end !== 'max') throw syntaxError();
  let most = 1;
  if (options.left > 0) {
    if (options.next() !== 'count') throw syntaxError();
    most = integer(options.value(), () => failure('ERR count should be greater than 0'));
    if (most <= 0) throw failure('ERR count should be greater than 0');
    if (options.left > 0) throw syntaxError();
  }
  const attempt = (now: Context, waited: boolean): Reply | undefined => {
    for (const key of keys) {
      if (waited && now.value(key)?.kind !== 'zset') continue;
      const value = now.read(key, 'zset');
      if (value === undefined) continue;
      const entries = popEntries(now, key, value, end, most);
      now.replicateAs([end === 'min' ? 'ZPOPMIN' : 'ZPOPMAX', key, String(entries.length)]);
      return [key, entries.map(flatPair)];
    }
    return undefined;
  };
  return nowOrLater(context, keys, until, attempt);
}

export const SORTED_SETS: readonly Command[] = [
  command('zadd', -4, 'write denyoom fast', [1, 1, 1], add),
  command('zincrby', 4, 'write denyoom fast', [1, 1, 1], increment),
  command('zrem', -3, 'write fast', [1, 1, 1], (context, [, key, ...members]) =>
    removeMembers(context, key!, members, 'zrem'),
  ),
  command('zcard', 2, 'readonly fast', [1, 1, 1], (context, [, key]) => setOf(context, key!).size),
  command('zscore', 3, 'readonly fast', [1, 1, 1], (context, [, key, member]) => {
    const score = setOf(context, key!).score(member!);
    return score === undefined ? null : new Double(score);
  }),
  command('zmscore', -3, 'readonly fast', [1, 1, 1], (context, [, key, ...members]) => {
    const set = setOf(context, key!);
    return members.map((member) => {
      const score = set.score(member);
      return score === undefined ? null : new Double(score);
    });
  }),
  command('zrank', 3, 'readonly fast', [1, 1, 1], rank(false)),
  command('zrevrank', 3, 'readonly fast', [1, 1, 1], rank(true)),
  command('zcount', 4, 'readonly fast', [1, 1, 1], count(byScore)),
  command('zlexcount', 4, 'readonly fast', [1, 1, 1], count(byLex)),
  command('zremrangebyrank', 4, 'write', [1, 1, 1], removeRange('zremrangebyrank', byRank)),
  command('zremrangebyscore', 4, 'write', [1, 1, 1], removeRange('zremrangebyscore', byScore)),
  command('zremrangebylex', 4, 'write', [1, 1, 1], removeRange('zremrangebylex', byLex)),
  command('zpopmin', -2, 'write fast', [1, 1, 1], pop('min')),
  command('zpopmax', -2, 'write fast', [1, 1, 1], pop('max')),
  command('bzpopmin', -3, 'write noscript blocking fast', [1, -2, 1], popBlocking('min')),
  command('bzpopmax', -3, 'write noscript blocking fast', [1, -2, 1], popBlocking('max')),
  command('zmpop', -4, 'write movablekeys', null, (context, argv) => popFromFirst(context, argv, 1, null)),
  command('bzmpop', -5, 'write blocking movablekeys', null, (context, argv) =>
    popFromFirst(context, argv, 2, blockUntil(argv[1]!, context.now)),
  ),
  command('zrandmember', -2, 'readonly', [1, 1, 1], (context, argv) => {
    const set = setOf(context, argv[1]!);
    const members = set.all().map(({ member }) => member);
    return randomMembers(context, argv, members, 'withscores', (member) => new Double(set.score(member)!));
  }),
  command('zscan', -3, 'readonly', [1, 1, 1], (context, argv) => {
    const value = context.read(argv[1]!, 'zset');
    const names = value?.set.all().map(({ member }) => member) ?? [];
    return scan(argv, 2, names, value?.large === false, (member) => [
      member,
      formatDouble(value!.set.score(member)!),
    ]);
  }),
];
