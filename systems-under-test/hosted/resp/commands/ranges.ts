import type { Scored, SortedSet } from '../database/sorted-set.ts';
import { failure, notInteger, syntaxError } from '../protocol/errors.ts';
import { parseDouble } from '../protocol/numbers.ts';
import { clampRange, integer, type Options } from './arguments.ts';

/** Places in a sorted set: from the first, up to and without the second. */
export type Places = readonly [number, number];

interface Bound<T> {
  readonly value: T;
  readonly open: boolean;
}

function scoreBound(text: string): Bound<number> {
  const open = text.startsWith('(');
  const value = parseDouble(open ? text.slice(1) : text);
  if (value === null) throw failure('ERR min or max is not a float');
  return { value, open };
}

/** Places of the scores between two bounds as ZRANGEBYSCORE takes them. @throws CommandError */
export function byScore(low: string, high: string): (set: SortedSet) => Places {
  const [from, to] = [scoreBound(low), scoreBound(high)];
  return (set) => [
    set.first(({ score }) => (from.open ? score > from.value : score >= from.value)),
    set.first(({ score }) => (to.open ? score >= to.value : score > to.value)),
  ];
}

type Extreme = '-' | '+';

function lexBound(text: string): Extreme | Bound<string> {
  if (text === '-' || text === '+') return text;
  if (text[0] !== '(' && text[0] !== '[') throw failure('ERR min or max not valid string range item');
  return { value: text.slice(1), open: text[0] === '(' };
}

/** Places of the members between two bounds as ZRANGEBYLEX takes them. @throws CommandError */
export function byLex(low: string, high: string): (set: SortedSet) => Places {
  const [from, to] = [lexBound(low), lexBound(high)];
  const place = (set: SortedSet, bound: Extreme | Bound<string>, isEnd: boolean): number => {
    if (bound === '-') return 0;
    if (bound === '+') return set.size;
    return set.first(
      ({ member }) => member > bound.value || (member === bound.value && bound.open === isEnd),
    );
  };
  return (set) => [place(set, from, false), place(set, to, true)];
}

/** Places by rank, negative ones from the end. @throws CommandError */
export function byRank(start: string, end: string): (set: SortedSet, reverse: boolean) => Places {
  const [from, to] = [integer(start), integer(end)];
  return (set, reverse) => {
    const range = clampRange(from, to, set.size);
    if (range === null) return [0, 0];
    return reverse ? [set.size - 1 - range[1], set.size - range[0]] : [range[0], range[1] + 1];
  };
}

export interface Limit {
  readonly offset: number;
  readonly count: number;
}

export function limitOption(options: Options): Limit {
  if (options.left < 2) throw syntaxError();
  return { offset: integer(options.value(), notInteger), count: integer(options.value(), notInteger) };
}

/** The entries at these places, in either direction, cut by the limit (a negative count: no end). */
export function entriesAt(
  set: SortedSet,
  [from, to]: Places,
  reverse: boolean,
  limit: Limit | null = null,
): readonly Scored[] {
  const entries = set.all().slice(from, Math.max(from, to));
  if (reverse) entries.reverse();
  if (limit === null) return entries;
  if (limit.offset < 0) return [];
  return entries.slice(limit.offset, limit.count < 0 ? undefined : limit.offset + limit.count);
}
