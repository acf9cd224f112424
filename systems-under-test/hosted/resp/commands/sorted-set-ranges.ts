import { type Command, command } from '../command.ts';
import type { Context } from '../context.ts';
import { type Scored, SortedSet } from '../database/sorted-set.ts';
import { newSortedSet } from '../database/values.ts';
import { failure, syntaxError, wrongType } from '../protocol/errors.ts';
import { parseDouble } from '../protocol/numbers.ts';
import { Double, type Reply } from '../protocol/reply.ts';
import type { Argv } from '../session.ts';
import { integer, Options } from './arguments.ts';
import { byLex, byRank, byScore, entriesAt, type Limit, limitOption, type Places } from './ranges.ts';

type By = 'rank' | 'score' | 'lex';

/** Members, with their scores if asked for: pairs in RESP3, flat in RESP2. */
export function showEntries(context: Context, entries: readonly Scored[], withScores: boolean): Reply {
  if (!withScores) return entries.map(({ member }) => member);
  const pairs = entries.map(({ member, score }): readonly Reply[] => [member, new Double(score)]);
  return context.session.version === 3 ? pairs : pairs.flat();
}

interface RangeWords {
  readonly key: string;
  readonly low: string;
  readonly high: string;
  readonly optionsAt: number;
}

/** What ZRANGE and its older forms do; `fixed` is what the command's name says already. */
function rangeOf(
  context: Context,
  argv: Argv,
  words: RangeWords,
  fixed: { by?: By; reverse?: boolean; store?: boolean },
): { entries: readonly Scored[]; withScores: boolean } {
  const options = new Options(argv, words.optionsAt);
  let by: By = fixed.by ?? 'rank';
  let reverse = fixed.reverse ?? false;
  let withScores = false;
  let limit: Limit | null = null;
  for (let option = options.next(); option !== null; option = options.next()) {
    if (option === 'withscores' && !fixed.store) withScores = true;
    else if (option === 'limit') limit = limitOption(options);
    else if (option === 'rev' && fixed.reverse === undefined) reverse = true;
    else if (option === 'byscore' && fixed.by === undefined) by = 'score';
    else if (option === 'bylex' && fixed.by === undefined) by = 'lex';
    else throw syntaxError();
  }
  if (limit !== null && by === 'rank')
    throw failure('ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX');
  if (withScores && by === 'lex')
    throw failure('ERR syntax error, WITHSCORES not supported in combination with BYLEX');
  const [low, high] = reverse && by !== 'rank' ? [words.high, words.low] : [words.low, words.high];
  const find: (set: SortedSet, reverse: boolean) => Places =
    by === 'rank' ? byRank(low, high) : by === 'score' ? byScore(low, high) : byLex(low, high);
  const set = context.read(words.key, 'zset')?.set ?? new SortedSet();
  return { entries: entriesAt(set, find(set, reverse), reverse, limit), withScores };
}

function range(fixed: { by?: By; reverse?: boolean }) {
  return (context: Context, argv: Argv): Reply => {
    const words = { key: argv[1]!, low: argv[2]!, high: argv[3]!, optionsAt: 4 };
    const { entries, withScores } = rangeOf(context, argv, words, fixed);
    return showEntries(context, entries, withScores);
  };
}

function store(context: Context, key: string, entries: readonly Scored[], event: string): Reply {
  if (entries.length === 0) {
    context.remove(key);
    return 0;
  }
  context.database.set(key, newSortedSet(SortedSet.of(entries)));
  context.changed(key, `z:${event}`);
  return entries.length;
}

/** The scores of a set or sorted set, in order. */
function scoresOf(context: Context, key: string): ReadonlyMap<string, number> {
  const value = context.value(key);
  if (value === undefined) return new Map();
  if (value.kind === 'set') return new Map([...value.members].map((member) => [member, 1]));
  if (value.kind !== 'zset') throw wrongType();
  return new Map(value.set.all().map(({ member, score }) => [member, score]));
}

type Operation = 'union' | 'inter' | 'diff';

/** Of infinities with different signs, and of zero times infinity, there is no sum: it is 0. */
const number = (value: number): number => (Number.isNaN(value) ? 0 : value);

function combine(
  operation: Operation,
  maps: readonly ReadonlyMap<string, number>[],
  weights: readonly number[],
  aggregate: string,
): readonly Scored[] {
  if (operation === 'diff') {
    const left = [...maps[0]!].filter(([member]) => !maps.slice(1).some((map) => map.has(member)));
    return SortedSet.of(left.map(([member, score]) => ({ member, score }))).all();
  }
  const result = new Map<string, number>();
  maps.forEach((map, nth) => {
    for (const [member, score] of map) {
      if (operation === 'inter' && !maps.every((other) => other.has(member))) continue;
      const weighted = number(score * weights[nth]!);
      const old = result.get(member);
      if (old === undefined) result.set(member, weighted);
      else
        result.set(
          member,
          aggregate === 'sum'
            ? number(old + weighted)
            : aggregate === 'min'
              ? Math.min(old, weighted)
              : Math.max(old, weighted),
        );
    }
  });
  return SortedSet.of([...result].map(([member, score]) => ({ member, score }))).all();
}

function weight(text: string): number {
  const value = parseDouble(text);
  if (value === null) throw failure('ERR weight value is not a float');
  return value;
}

/** How many keys follow. @throws CommandError */
function inputKeys(argv: Argv, at: number): number {
  const count = integer(argv[at]!);
  if (count < 1) throw failure(`ERR at least 1 input key is needed for '${argv[0]!.toLowerCase()}' command`);
  if (count > argv.length - at - 1) throw syntaxError();
  return count;
}

/** `numkeys key ... [WEIGHTS w ...] [AGGREGATE SUM|MIN|MAX] [WITHSCORES]` from a place on. */
function combination(
  context: Context,
  argv: Argv,
  at: number,
  operation: Operation,
  storing: boolean,
): { entries: readonly Scored[]; withScores: boolean } {
  const count = inputKeys(argv, at);
  const maps = argv.slice(at + 1, at + 1 + count).map((key) => scoresOf(context, key));
  const options = new Options(argv, at + 1 + count);
  let weights: number[] = maps.map(() => 1);
  let aggregate = 'sum';
  let withScores = false;
  for (let option = options.next(); option !== null; option = options.next()) {
    if (option === 'weights' && operation !== 'diff' && options.left >= count)
      weights = maps.map(() => weight(options.value()));
    else if (option === 'aggregate' && operation !== 'diff') {
      aggregate = options.value().toLowerCase();
      if (!['sum', 'min', 'max'].includes(aggregate)) throw syntaxError();
    } else if (option === 'withscores' && !storing) withScores = true;
    else throw syntaxError();
  }
  return { entries: combine(operation, maps, weights, aggregate), withScores };
}

function combined(operation: Operation) {
  return (context: Context, argv: Argv): Reply => {
    const { entries, withScores } = combination(context, argv, 1, operation, false);
    return showEntries(context, entries, withScores);
  };
}

function storeCombined(operation: Operation) {
  return (context: Context, argv: Argv): Reply => {
    const { entries } = combination(context, argv, 2, operation, true);
    return store(context, argv[1]!, entries, `z${operation}store`);
  };
}

export const SORTED_SET_RANGES: readonly Command[] = [
  command('zrange', -4, 'readonly', [1, 1, 1], range({})),
  command('zrevrange', -4, 'readonly', [1, 1, 1], range({ by: 'rank', reverse: true })),
  command('zrangebyscore', -4, 'readonly', [1, 1, 1], range({ by: 'score', reverse: false })),
  command('zrevrangebyscore', -4, 'readonly', [1, 1, 1], range({ by: 'score', reverse: true })),
  command('zrangebylex', -4, 'readonly', [1, 1, 1], range({ by: 'lex', reverse: false })),
  command('zrevrangebylex', -4, 'readonly', [1, 1, 1], range({ by: 'lex', reverse: true })),
  command('zrangestore', -5, 'write denyoom', [1, 2, 1], (context, argv) => {
    const words = { key: argv[2]!, low: argv[3]!, high: argv[4]!, optionsAt: 5 };
    const { entries } = rangeOf(context, argv, words, { store: true });
    return store(context, argv[1]!, entries, 'zrangestore');
  }),
  command('zunion', -3, 'readonly movablekeys', null, combined('union')),
  command('zinter', -3, 'readonly movablekeys', null, combined('inter')),
  command('zdiff', -3, 'readonly movablekeys', null, combined('diff')),
  command('zunionstore', -4, 'write denyoom movablekeys', [1, 1, 1], storeCombined('union')),
  command('zinterstore', -4, 'write denyoom movablekeys', [1, 1, 1], storeCombined('inter')),
  command('zdiffstore', -4, 'write denyoom movablekeys', [1, 1, 1], storeCombined('diff')),
  command('zintercard', -3, 'readonly movablekeys', null, (context, argv) => {
    const count = inputKeys(argv, 1);
    const maps = argv.slice(2, 2 + count).map((key) => scoresOf(context, key));
    const options = new Options(argv, 2 + count);
    let limit = 0;
    for (let option = options.next(); option !== null; option = options.next()) {
      if (option !== 'limit') throw syntaxError();
      limit = integer(options.value(), () => failure("ERR LIMIT can't be negative"));
      if (limit < 0) throw failure("ERR LIMIT can't be negative");
    }
    const { length } = combine(
      'inter',
      maps,
      maps.map(() => 1),
      'sum',
    );
    return limit === 0 ? length : Math.min(limit, length);
  }),
];
