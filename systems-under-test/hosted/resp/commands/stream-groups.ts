import { type Command, command, container } from '../command.ts';
import type { Context } from '../context.ts';
import {
  ConsumerGroup,
  compareIds,
  formatId,
  type Pending,
  type Stream,
  type StreamEntry,
  type StreamId,
  ZERO_ID,
} from '../database/stream.ts';
import { newStream } from '../database/values.ts';
import { failure, syntaxError } from '../protocol/errors.ts';
import { NIL_ARRAY, OK, type Reply } from '../protocol/reply.ts';
import type { Argv } from '../session.ts';
import { integer, Options } from './arguments.ts';
import { nowOrLater } from './blocking.ts';
import { rangeBound, readOptions, showEntry, showStreams, streamId } from './streams.ts';

const noKey = (): Error =>
  failure(
    'ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.',
  );
const noGroup = (group: string, key: string): Error =>
  failure(`NOGROUP No such consumer group '${group}' for key name '${key}'`);

function streamOf(context: Context, key: string): Stream {
  const value = context.read(key, 'stream');
  if (value === undefined) throw noKey();
  return value.stream;
}

export function groupOf(context: Context, key: string, name: string): ConsumerGroup {
  const group = streamOf(context, key).groups.get(name);
  if (group === undefined) throw noGroup(name, key);
  return group;
}

function groupStart(text: string, stream: Stream | undefined): StreamId {
  return text === '$' ? (stream?.last ?? ZERO_ID) : streamId(text, 0n);
}

/** `[MKSTREAM] [ENTRIESREAD n]` at the end of XGROUP CREATE and SETID. */
function groupOptions(argv: Argv): { make: boolean; read: number | null } {
  const options = new Options(argv, 5);
  let make = false;
  let read: number | null = null;
  for (let option = options.next(); option !== null; option = options.next()) {
    if (option === 'mkstream') make = true;
    else if (option === 'entriesread' && options.left > 0) {
      read = integer(options.value());
      if (read < 0 && read !== -1) throw failure('ERR value for ENTRIESREAD must be positive or -1');
    } else throw syntaxError();
  }
  return { make, read: read === -1 ? null : read };
}

function create(context: Context, argv: Argv): Reply {
  const [, , key, name, start] = argv as [string, string, string, string, string];
  const { make, read } = groupOptions(argv);
  const value = context.read(key, 'stream');
  if (value === undefined && !make) throw noKey();
  const from = groupStart(start, value?.stream);
  const { stream } = value ?? context.readOrMake(key, 'stream', newStream);
  if (stream.groups.has(name)) throw failure('BUSYGROUP Consumer Group name already exists');
  stream.groups.set(name, new ConsumerGroup(from, read));
  context.changed(key, 'x:xgroup-create');
  return OK;
}

function destroy(context: Context, [, , key, name]: Argv): Reply {
  if (!streamOf(context, key!).groups.delete(name!)) return 0;
  context.changed(key!, 'x:xgroup-destroy');
  return 1;
}

function setId(context: Context, argv: Argv): Reply {
  const [, , key, name, start] = argv as [string, string, string, string, string];
  const { read } = groupOptions(argv);
  const group = groupOf(context, key, name);
  group.last = groupStart(start, streamOf(context, key));
  group.read = read;
  context.changed(key, 'x:xgroup-setid');
  return OK;
}

function deleteConsumer(context: Context, [, , key, name, consumer]: Argv): Reply {
  const group = groupOf(context, key!, name!);
  if (!group.consumers.delete(consumer!)) return 0;
  const kept = group.pending.filter((one) => one.consumer !== consumer);
  const gone = group.pending.length - kept.length;
  group.pending.splice(0, group.pending.length, ...kept);
  context.changed(key!, 'x:xgroup-delconsumer');
  return gone;
}

export function entryAt(stream: Stream, id: StreamId): StreamEntry | undefined {
  return stream.range(id, id)[0];
}

/** A delivery as replicas are told of it: with the primary's own time. */
export function delivery(key: string, group: string, { id, consumer, delivered, deliveries }: Pending): Argv {
  const how = ['TIME', String(delivered), 'RETRYCOUNT', String(deliveries), 'FORCE', 'JUSTID'];
  return ['XCLAIM', key, group, consumer, '0', formatId(id), ...how];
}

/** Where a group is, as replicas are told of it. */
function groupAt(key: string, name: string, { last, read }: ConsumerGroup): Argv {
  return ['XGROUP', 'SETID', key, name, formatId(last), 'ENTRIESREAD', String(read ?? -1)];
}

/** New entries for a consumer; they wait for its acknowledgement unless it wants none. */
function readNew(
  context: Context,
  key: string,
  name: string,
  group: ConsumerGroup,
  consumer: string,
  count: number,
  noAck: boolean,
): Reply[] {
  const { stream } = context.read(key, 'stream')!;
  const entries = stream.after(group.last, count);
  if (entries.length === 0) return [];
  for (const { id } of entries) {
    group.last = id;
    if (group.read !== null) group.read++;
    if (noAck) continue;
    const made = { id, consumer, delivered: context.now, deliveries: 1 };
    const at = group.find(id);
    if (at >= 0) group.pending[at] = made;
    else group.add(made);
    context.alsoReplicate(delivery(key, name, made));
  }
  context.dirty++;
  context.alsoReplicate(groupAt(key, name, group));
  return entries.map(showEntry);
}

/** What a consumer was given and has not acknowledged, after an id. */
function readOwn(
  stream: Stream,
  group: ConsumerGroup,
  consumer: string,
  from: StreamId,
  count: number,
): Reply[] {
  return group.pending
    .filter((one) => one.consumer === consumer && compareIds(one.id, from) > 0)
    .slice(0, count)
    .map(({ id }) => {
      const entry = entryAt(stream, id);
      return entry === undefined ? [formatId(id), NIL_ARRAY] : showEntry(entry);
    });
}

function readGroup(context: Context, argv: Argv): Reply {
  if (argv[1]!.toLowerCase() !== 'group') throw syntaxError();
  const [name, consumer] = [argv[2]!, argv[3]!];
  const { count, until, noAck, keys, ids } = readOptions(context, argv, 4);
  for (const id of ids) if (id !== '>') streamId(id, 0n);
  for (const key of keys) {
    if (context.read(key, 'stream')?.stream.groups.has(name) !== true)
      throw failure(
        `NOGROUP No such key '${key}' or consumer group '${name}' in XREADGROUP with GROUP option`,
      );
  }
  const attempt = (now: Context): Reply | undefined => {
    const found: [string, Reply[]][] = [];
    for (const [nth, key] of keys.entries()) {
      const value = now.value(key);
      const group = value?.kind === 'stream' ? value.stream.groups.get(name) : undefined;
      if (value?.kind !== 'stream' || group === undefined)
        throw failure(
          `NOGROUP No such key '${key}' or consumer group '${name}' in XREADGROUP with GROUP option`,
        );
      const { created } = group.consumer(consumer, now.now);
      if (created) {
        now.changed(key, 'x:xgroup-createconsumer');
        now.alsoReplicate(['XGROUP', 'CREATECONSUMER', key, name, consumer]);
      }
      if (ids[nth] !== '>') {
        found.push([key, readOwn(value.stream, group, consumer, streamId(ids[nth]!, 0n), count)]);
        continue;
      }
      const entries = readNew(now, key, name, group, consumer, count, noAck);
      if (entries.length > 0) found.push([key, entries]);
    }
    return found.length === 0 ? undefined : showStreams(now, found);
  };
  return nowOrLater(context, keys, until, attempt);
}

function acknowledge(context: Context, [, key, name, ...texts]: Argv): Reply {
  const group = context.read(key!, 'stream')?.stream.groups.get(name!);
  if (group === undefined) return 0;
  const ids = texts.map((text) => streamId(text, 0n));
  let done = 0;
  for (const id of ids) {
    const at = group.find(id);
    if (at < 0) continue;
    group.pending.splice(at, 1);
    done++;
  }
  context.dirty += done;
  return done;
}

function pending(context: Context, argv: Argv): Reply {
  const [, key, name] = argv as [string, string, string];
  const options = new Options(argv, 3);
  let idle = 0;
  let range: { from: StreamId; to: StreamId; count: number; consumer: string | null } | null = null;
  if (argv.length > 3) {
    let word = options.value();
    if (word.toLowerCase() === 'idle') {
      idle = integer(options.value());
      word = options.value();
    }
    const from = rangeBound(word, true);
    const to = rangeBound(options.value(), false);
    const count = Math.max(0, integer(options.value()));
    range = { from, to, count, consumer: options.left > 0 ? options.value() : null };
    if (options.left > 0) throw syntaxError();
  }
  const group = context.read(key, 'stream')?.stream.groups.get(name);
  if (group === undefined) throw failure(`NOGROUP No such key '${key}' or consumer group '${name}'`);
  if (range === null) {
    const { pending: all } = group;
    if (all.length === 0) return [0, null, null, NIL_ARRAY];
    const consumers = [...group.consumers.keys()]
      .map((consumer): [string, string] => [
        consumer,
        String(all.filter((one) => one.consumer === consumer).length),
      ])
      .filter(([, count]) => count !== '0')
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return [all.length, formatId(all[0]!.id), formatId(all.at(-1)!.id), consumers];
  }
  const { from, to, count, consumer } = range;
  return group.pending
    .filter(
      (one) =>
        compareIds(one.id, from) >= 0 &&
        compareIds(one.id, to) <= 0 &&
        (consumer === null || one.consumer === consumer) &&
        context.now - one.delivered >= idle,
    )
    .slice(0, count)
    .map((one) => [formatId(one.id), one.consumer, context.now - one.delivered, one.deliveries]);
}

export const STREAM_GROUPS: readonly Command[] = [
  container('xgroup', [
    command('xgroup|create', -5, 'write denyoom', [2, 2, 1], create),
    command('xgroup|destroy', 4, 'write', [2, 2, 1], destroy),
    command('xgroup|setid', -5, 'write', [2, 2, 1], setId),
    command('xgroup|createconsumer', 5, 'write denyoom', [2, 2, 1], (context, [, , key, name, consumer]) => {
      const { created } = groupOf(context, key!, name!).consumer(consumer!, context.now);
      if (created) context.changed(key!, 'x:xgroup-createconsumer');
      return Number(created);
    }),
    command('xgroup|delconsumer', 5, 'write', [2, 2, 1], deleteConsumer),
  ]),
  command('xreadgroup', -7, 'write blocking movablekeys', null, readGroup),
  command('xack', -4, 'write fast', [1, 1, 1], acknowledge),
  command('xpending', -3, 'readonly', [1, 1, 1], pending),
  command('xsetid', -3, 'write denyoom fast', [1, 1, 1], (context, [, key, text]) => {
    const id = streamId(text!, 0n);
    const value = context.read(key!, 'stream');
    if (value === undefined) throw failure('ERR no such key');
    const top = value.stream.entries.at(-1);
    if (top !== undefined && compareIds(id, top.id) < 0)
      throw failure('ERR The ID specified in XSETID is smaller than the target stream top item');
    value.stream.last = id;
    context.changed(key!, 'x:xsetid');
    return OK;
  }),
];
