import { type Arguments, library } from './arguments.ts';
import { formatText } from './format.ts';
import { type Match, Pattern } from './patterns.ts';
import { type Runtime, typeName } from './runtime.ts';
import { LuaTable } from './table.ts';
import { isTrue, LuaFunction, type LuaValue } from './values.ts';

const SPECIAL = /[\^$*+?.([%-]/;

/** A place counted from 1, or from the end by a negative one; at least 0. */
const placeIn = (place: number, length: number): number =>
  place >= 0 ? place : Math.max(0, length + place + 1);

/** What a match gives: its captures, or itself if it has none. */
function capturesOf(match: Match, text: string): LuaValue[] {
  const captures = match.captures();
  return captures.length === 0 ? [text.slice(match.start, match.end)] : captures;
}

function find(runtime: Runtime, args: Arguments, wantsPlaces: boolean): LuaValue[] {
  const [text, pattern] = [args.text(1), args.text(2)];
  const start = Math.max(1, placeIn(args.integerOr(3, 1), text.length)) - 1;
  if (start > text.length && wantsPlaces) return [undefined];
  if (wantsPlaces && (isTrue(args.values[3]) || !SPECIAL.test(pattern))) {
    const at = text.indexOf(pattern, start);
    return at < 0 ? [undefined] : [at + 1, at + pattern.length];
  }
  const match = new Pattern(pattern, runtime).find(text, Math.min(start, text.length));
  if (match === null) return [undefined];
  return wantsPlaces ? [match.start + 1, match.end, ...match.captures()] : capturesOf(match, text);
}

/** Matches one after the other; an empty one where the last ended is passed over. */
function* matches(pattern: Pattern, text: string): Iterable<Match> {
  for (let at = 0; at <= text.length; ) {
    const match = pattern.matchAt(text, at);
    if (match !== null) yield match;
    if (match !== null && match.end > at) at = match.end;
    else at++;
    if (pattern.isAnchored) return;
  }
}

function iterate(runtime: Runtime, args: Arguments): LuaValue[] {
  const [text, source] = [args.text(1), args.text(2)];
  const pattern = new Pattern(source, runtime);
  let at = 0;
  const next = (): LuaValue[] => {
    for (; at <= text.length; at++) {
      const match = pattern.matchAt(text, at);
      if (match === null) continue;
      at = match.end > match.start ? match.end : match.end + 1;
      return capturesOf(match, text);
    }
    return [undefined];
  };
  return [new LuaFunction('gmatch iterator', next)];
}

function replacement(runtime: Runtime, args: Arguments): (match: Match, text: string) => string {
  const by = args.values[2];
  if (typeof by === 'string' || typeof by === 'number') {
    const template = runtime.toText(by);
    return (match, text) =>
      template.replace(/%([\s\S]?)/g, (_, mark: string) => {
        if (mark < '0' || mark > '9' || mark === '') return mark;
        if (mark === '0') return text.slice(match.start, match.end);
        const capture = capturesOf(match, text)[Number(mark) - 1];
        if (capture === undefined) throw runtime.error('invalid capture index');
        return runtime.toText(capture);
      });
  }
  if (!(by instanceof LuaTable || by instanceof LuaFunction))
    throw args.fail(3, `string/function/table expected, got ${args.count < 3 ? 'no value' : typeName(by)}`);
  return (match, text) => {
    const captures = capturesOf(match, text);
    const value =
      by instanceof LuaTable ? runtime.index(by, captures[0], runtime.line) : runtime.call(by, captures)[0];
    if (!isTrue(value)) return text.slice(match.start, match.end);
    if (typeof value !== 'string' && typeof value !== 'number')
      throw runtime.error(`invalid replacement value (a ${typeName(value)})`);
    return runtime.toText(value);
  };
}

function substitute(runtime: Runtime, args: Arguments): LuaValue[] {
  const [text, source] = [args.text(1), args.text(2)];
  const replace = replacement(runtime, args);
  const most = args.integerOr(4, Number.POSITIVE_INFINITY);
  let result = '';
  let count = 0;
  let at = 0;
  if (most > 0)
    for (const match of matches(new Pattern(source, runtime), text)) {
      result += text.slice(at, match.start) + replace(match, text);
      at = match.end;
      if (++count >= most) break;
    }
  return [result + text.slice(at), count];
}

/** The library `string`, and the methods of strings. */
export function addStringLibrary(runtime: Runtime): void {
  const table = library(runtime, {
    byte: (args) => {
      const text = args.text(1);
      const from = placeIn(args.integerOr(2, 1), text.length);
      const to = Math.min(text.length, placeIn(args.integerOr(3, from), text.length));
      const bytes: LuaValue[] = [];
      for (let at = Math.max(1, from); at <= to; at++) bytes.push(text.charCodeAt(at - 1));
      return bytes;
    },
    char: (args) => [
      args.values
        .map((_, at) => {
          const code = args.integer(at + 1);
          if (code < 0 || code > 255) throw args.fail(at + 1, 'invalid value');
          return String.fromCharCode(code);
        })
        .join(''),
    ],
    find: (args) => find(runtime, args, true),
    format: (args) => [formatText(runtime, args)],
    gmatch: (args) => iterate(runtime, args),
    gsub: (args) => substitute(runtime, args),
    len: (args) => [args.text(1).length],
    lower: (args) => [args.text(1).replace(/[A-Z]+/g, (part) => part.toLowerCase())],
    match: (args) => find(runtime, args, false),
    rep: (args) => [args.text(1).repeat(Math.max(0, args.integer(2)))],
    reverse: (args) => [[...args.text(1)].reverse().join('')],
    sub: (args) => {
      const text = args.text(1);
      const from = Math.max(1, placeIn(args.integer(2), text.length));
      const to = placeIn(args.integerOr(3, -1), text.length);
      return [text.slice(from - 1, Math.max(from - 1, to))];
    },
    upper: (args) => [args.text(1).replace(/[a-z]+/g, (part) => part.toUpperCase())],
  });
  runtime.stringMethods = table;
  runtime.globals.set('string', table);
}
