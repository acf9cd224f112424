import { type Command, command } from '../command.ts';
import type { Context } from '../context.ts';
import {
  compareIds,
  firstPlace,
  formatId,
  LAST_ID,
  LAST_NTH,
  parseId,
  type Stream,
  type StreamEntry,
  type StreamId,
  ZERO_ID,
} from '../database/stream.ts';
import { newStream } from '../database/values.ts';
import { failure, notInteger, syntaxError, wrongArity } from '../protocol/errors.ts';
import { NIL_ARRAY, Pairs, type Reply } from '../protocol/reply.ts';
import type { Argv } from '../session.ts';
import { integer, Options } from './arguments.ts';
import { nowOrLater } from './blocking.ts';

export const invalidId = (): Error => failure('ERR Invalid stream ID specified as stream command argument');

/** An id from the words of a command. @throws CommandError */
export function streamId(text: string, missing: bigint): StreamId {
  const id = parseId(text, missing);
  if (id === null) throw invalidId();
  return id;
}

export const showEntry = ({ id, fields }: StreamEntry): Reply => [formatId(id), fields];

const after = ({ ms, nth }: StreamId): StreamId | null =>
  nth < LAST_NTH ? { ms, nth: nth + 1n } : ms < LAST_NTH ? { ms: ms + 1n, nth: 0n } : null;
const before = ({ ms, nth }: StreamId): StreamId | null =>
  nth > 0n ? { ms, nth: nth - 1n } : ms > 0n ? { ms: ms - 1n, nth: LAST_NTH } : null;

/** A bound of a range: `-`, `+`, an id, or one left out by `(`. */
export function rangeBound(text: string, isStart: boolean): StreamId {
  if (text === '-') return ZERO_ID;
  if (text === '+') return LAST_ID;
  const missing = isStart ? 0n : LAST_NTH;
  if (!text.startsWith('(')) return streamId(text, missing);
  const id = streamId(text.slice(1), missing);
  const bound = isStart ? after(id) : before(id);
  if (bound === null) throw failure(`ERR invalid ${isStart ? 'start' : 'end'} ID for the interval`);
  return bound;
}

/** Redis keeps entries in nodes of so many (small ones), and an approximate trim drops whole nodes. */
const NODE = 100;

type Trim = { readonly approximate: boolean } & (
  | { readonly kind: 'maxlen'; readonly length: number }
  | { readonly kind: 'minid'; readonly id: StreamId }
);

function trimOption(option: 'maxlen' | 'minid', options: Options): Trim {
  let word = options.value();
  const approximate = word === '~';
  if (word === '=' || word === '~') word = options.value();
  if (option === 'minid') return { kind: 'minid', approximate, id: streamId(word, 0n) };
  const length = integer(word);
  if (length < 0) throw failure('ERR The MAXLEN argument must be >= 0.');
  return { kind: 'maxlen', approximate, length };
}

function trim(stream: Stream, how: Trim): number {
  const { length } = stream.entries;
  const surplus =
    how.kind === 'maxlen'
      ? Math.max(0, length - how.length)
      : firstPlace(stream.entries, ({ id }) => compareIds(id, how.id) >= 0);
  const gone = how.approximate ? surplus - (surplus % NODE) : surplus;
  return stream.trimToLength(length - gone);
}

/** The id of a new entry from the word of XADD: `*`, `ms-*` or an id. */
function newId(text: string, stream: Stream | undefined, now: number): StreamId {
  const last = stream?.last ?? ZERO_ID;
  const tooSmall = (): Error =>
    failure('ERR The ID specified in XADD is equal or smaller than the target stream top item');
  if (text === '*') {
    const ms = BigInt(now);
    if (ms > last.ms) return { ms, nth: 0n };
    const next = after(last);
    if (next === null)
      throw failure('ERR The stream has exhausted the last possible ID, unable to add more items');
    return next;
  }
  const automatic = /^([0-9]{1,20})-\*$/.exec(text);
  if (automatic) {
    const { ms } = streamId(automatic[1]!, 0n);
    if (ms < last.ms || (ms === last.ms && last.nth === LAST_NTH)) throw tooSmall();
    return { ms, nth: ms === last.ms ? last.nth + 1n : 0n };
  }
  const id = streamId(text, 0n);
  if (compareIds(id, ZERO_ID) === 0) throw failure('ERR The ID specified in XADD must be greater than 0-0');
  if (compareIds(id, last) <= 0) throw tooSmall();
  return id;
}

function add(context: Context, argv: Argv): Reply {
  const key = argv[1]!;
  const options = new Options(argv, 2);
  let make = true;
  let how: Trim | null = null;
  let word = options.value();
  for (let option = word.toLowerCase(); ; option = word.toLowerCase()) {
    if (option === 'nomkstream') make = false;
    else if (option === 'maxlen' || option === 'minid') how = trimOption(option, options);
    else if (option === 'limit') {
      if (integer(options.value()) < 0) throw failure('ERR The LIMIT argument must be >= 0.');
    } else break;
    word = options.value();
  }
  const fields = argv.slice(argv.length - options.left);
  if (word !== '*' && !/^[0-9]{1,20}-\*$/.test(word)) streamId(word, 0n);
  if (fields.length === 0 || fields.length % 2 !== 0) throw wrongArity('xadd');
  const known = context.read(key, 'stream');
  if (known === undefined && !make) return null;
  const id = newId(word, known?.stream, context.now);
  const { stream } = context.readOrMake(key, 'stream', newStream);
  stream.entries.push({ id, fields });
  stream.last = id;
  stream.added++;
  context.changed(key, 'x:xadd');
  const trimmed = how === null ? 0 : trim(stream, how);
  if (trimmed > 0) context.engine.notify(context.database, 'x:xtrim', key);
  context.replicateAs(
    ['XADD', key, formatId(id), ...fields],
    ...(trimmed > 0 ? [['XTRIM', key, 'MAXLEN', '=', String(stream.entries.length)]] : []),
  );
  return formatId(id);
}

function range(reverse: boolean) {
  return (context: Context, argv: Argv): Reply => {
    const [low, high] = reverse ? [argv[3]!, argv[2]!] : [argv[2]!, argv[3]!];
    const [from, to] = [rangeBound(low, true), rangeBound(high, false)];
    let count = Number.POSITIVE_INFINITY;
    const options = new Options(argv, 4);
    for (let option = options.next(); option !== null; option = options.next()) {
      if (option !== 'count') throw syntaxError();
      count = Math.max(0, integer(options.value()));
    }
    const value = context.read(argv[1]!, 'stream');
    if (value === undefined) return [];
    if (count === 0) return NIL_ARRAY;
    const entries = value.stream.range(from, to);
    if (reverse) entries.reverse();
    return entries.slice(0, count).map(showEntry);
  };
}

/** Options of XREAD and XREADGROUP, up to the keys and ids after STREAMS. */
export interface ReadOptions {
  readonly count: number;
  /** When to give up waiting, 0 never; null: no waiting. */
  readonly until: number | null;
  readonly noAck: boolean;
  readonly keys: readonly string[];
  readonly ids: readonly string[];
}

export function readOptions(context: Context, argv: Argv, from: number): ReadOptions {
  const options = new Options(argv, from);
  let count = Number.POSITIVE_INFINITY;
  let until: number | null = null;
  let noAck = false;
  for (let option = options.next(); option !== null; option = options.next()) {
    if (option === 'count') {
      const asked = integer(options.value());
      count = asked > 0 ? asked : Number.POSITIVE_INFINITY;
    } else if (option === 'block') {
      const wait = integer(options.value(), () => failure('ERR timeout is not an integer or out of range'));
      if (wait < 0) throw failure('ERR timeout is negative');
      until = wait === 0 ? 0 : context.now + wait;
    } else if (option === 'noack' && from > 1) noAck = true;
    else if (option === 'streams' && options.left > 0) {
      const words = argv.slice(argv.length - options.left);
      if (words.length % 2 !== 0)
        throw failure(
          `ERR Unbalanced ${argv[0]!.toUpperCase()} list of streams: for each stream key an ID or '${from > 1 ? '>' : '$'}' must be specified.`,
        );
      const half = words.length / 2;
      return { count, until, noAck, keys: words.slice(0, half), ids: words.slice(half) };
    } else throw syntaxError();
  }
  throw syntaxError();
}

/** Keys with their entries: pairs in RESP2, a map in RESP3. */
export function showStreams(
  context: Context,
  streams: readonly (readonly [string, readonly Reply[]])[],
): Reply {
  return context.session.version === 3 ? new Pairs(streams.flat()) : streams;
}

function read(context: Context, argv: Argv): Reply {
  const { count, until, keys, ids } = readOptions(context, argv, 1);
  const from = ids.map((text, nth): StreamId => {
    const stream = context.read(keys[nth]!, 'stream')?.stream;
    return text === '$' ? (stream?.last ?? ZERO_ID) : streamId(text, 0n);
  });
  const attempt = (now: Context): Reply | undefined => {
    const found: [string, Reply[]][] = [];
    keys.forEach((key, nth) => {
      const value = now.value(key);
      const entries = value?.kind === 'stream' ? value.stream.after(from[nth]!, count) : [];
      if (entries.length > 0) found.push([key, entries.map(showEntry)]);
    });
    return found.length === 0 ? undefined : showStreams(now, found);
  };
  return nowOrLater(context, keys, until, attempt);
}

function trimCommand(context: Context, argv: Argv): Reply {
  const options = new Options(argv, 2);
  const option = options.value().toLowerCase();
  if (option !== 'maxlen' && option !== 'minid') throw syntaxError();
  const how = trimOption(option, options);
  if (options.left > 0) {
    if (options.next() !== 'limit') throw syntaxError();
    integer(options.value(), notInteger);
  }
  const value = context.read(argv[1]!, 'stream');
  if (value === undefined) return 0;
  const gone = trim(value.stream, how);
  if (gone > 0) context.changed(argv[1]!, 'x:xtrim', gone);
  context.replicateAs(
    ...(gone > 0 ? [['XTRIM', argv[1]!, 'MAXLEN', '=', String(value.stream.entries.length)]] : []),
  );
  return gone;
}

export const STREAMS: readonly Command[] = [
  command('xadd', -5, 'write denyoom fast', [1, 1, 1], add),
  command(
    'xlen',
    2,
    'readonly fast',
    [1, 1, 1],
    (context, [, key]) => context.read(key!, 'stream')?.stream.entries.length ?? 0,
  ),
  command('xrange', -4, 'readonly', [1, 1, 1], range(false)),
  command('xrevrange', -4, 'readonly', [1, 1, 1], range(true)),
  command('xread', -4, 'readonly blocking movablekeys', null, read),
  command('xdel', -3, 'write fast', [1, 1, 1], (context, [, key, ...ids]) => {
    const gone = ids.map((text) => streamId(text, 0n));
    const value = context.read(key!, 'stream');
    if (value === undefined) return 0;
    const deleted = gone.filter((id) => value.stream.delete(id)).length;
    if (deleted > 0) context.changed(key!, 'x:xdel', deleted);
    return deleted;
  }),
  command('xtrim', -4, 'write', [1, 1, 1], trimCommand),
];
