import { type Command, command } from '../command.ts';
import type { Context } from '../context.ts';
import {
  type ConsumerGroup,
  compareIds,
  formatId,
  type Pending,
  type Stream,
  type StreamId,
} from '../database/stream.ts';
import { failure, syntaxError } from '../protocol/errors.ts';
import type { Reply } from '../protocol/reply.ts';
import type { Argv } from '../session.ts';
import { integer, Options } from './arguments.ts';
import { delivery, entryAt } from './stream-groups.ts';
import { rangeBound, showEntry, streamId } from './streams.ts';

interface ClaimOptions {
  readonly delivered: number;
  readonly deliveries: number | null;
  readonly force: boolean;
  readonly justId: boolean;
}

/** Where something is claimed, and for whom. */
interface Claim {
  readonly key: string;
  readonly name: string;
  readonly consumer: string;
  readonly stream: Stream;
  readonly group: ConsumerGroup;
}

/** @throws CommandError (NOGROUP) */
function claimIn(context: Context, key: string, name: string, consumer: string): Claim {
  const stream = context.read(key, 'stream')?.stream;
  const group = stream?.groups.get(name);
  if (stream === undefined || group === undefined)
    throw failure(`NOGROUP No such key '${key}' or consumer group '${name}'`);
  if (group.consumer(consumer, context.now).created) {
    context.dirty++;
    context.alsoReplicate(['XGROUP', 'CREATECONSUMER', key, name, consumer]);
  }
  return { key, name, consumer, stream, group };
}

/** Gives a pending entry to a consumer; null if the entry itself is gone, and then it is pending no more. */
function claimOne(
  context: Context,
  { key, name, consumer, stream, group }: Claim,
  one: Pending,
  how: ClaimOptions,
): Reply {
  const entry = entryAt(stream, one.id);
  context.dirty++;
  if (entry === undefined) {
    group.pending.splice(group.find(one.id), 1);
    context.alsoReplicate(['XACK', key, name, formatId(one.id)]);
    return null;
  }
  one.consumer = consumer;
  one.delivered = how.delivered;
  if (how.deliveries !== null) one.deliveries = how.deliveries;
  else if (!how.justId) one.deliveries++;
  context.alsoReplicate(delivery(key, name, one));
  return how.justId ? formatId(one.id) : showEntry(entry);
}

function claim(context: Context, argv: Argv): Reply {
  const [, key, name, consumer, idleText] = argv as [string, string, string, string, string];
  const idle = Math.max(
    0,
    integer(idleText, () => failure('ERR Invalid min-idle-time argument for XCLAIM')),
  );
  let at = 5;
  const ids: StreamId[] = [];
  for (; at < argv.length && /^[0-9]/.test(argv[at]!); at++) ids.push(streamId(argv[at]!, 0n));
  if (ids.length === 0) streamId(argv[5]!, 0n);
  const options = new Options(argv, at);
  let how: ClaimOptions = { delivered: context.now, deliveries: null, force: false, justId: false };
  for (let option = options.next(); option !== null; option = options.next()) {
    if (option === 'force') how = { ...how, force: true };
    else if (option === 'justid') how = { ...how, justId: true };
    else if (option === 'idle') how = { ...how, delivered: context.now - integer(options.value()) };
    else if (option === 'time') how = { ...how, delivered: integer(options.value()) };
    else if (option === 'retrycount') how = { ...how, deliveries: integer(options.value()) };
    else if (option === 'lastid') streamId(options.value(), 0n);
    else throw failure(`ERR Unrecognized XCLAIM option '${argv[argv.length - options.left - 1]}'`);
  }
  const place = claimIn(context, key, name, consumer);
  const { stream, group } = place;
  const claimed: Reply[] = [];
  for (const id of ids) {
    let found = group.pending[group.find(id)];
    if (found === undefined && how.force && entryAt(stream, id) !== undefined) {
      found = { id, consumer, delivered: 0, deliveries: 0 };
      group.add(found);
    }
    if (found === undefined || context.now - found.delivered < idle) continue;
    const shown = claimOne(context, place, found, how);
    if (shown !== null) claimed.push(shown);
  }
  return claimed;
}

function claimAutomatically(context: Context, argv: Argv): Reply {
  const [, key, name, consumer, idleText, start] = argv as [string, string, string, string, string, string];
  const idle = Math.max(
    0,
    integer(idleText, () => failure('ERR Invalid min-idle-time argument for XAUTOCLAIM')),
  );
  const from = rangeBound(start, true);
  const options = new Options(argv, 6);
  let count = 100;
  let justId = false;
  for (let option = options.next(); option !== null; option = options.next()) {
    if (option === 'count') count = integer(options.value(), () => failure('ERR COUNT must be > 0'));
    else if (option === 'justid') justId = true;
    else throw syntaxError();
  }
  if (count < 1) throw failure('ERR COUNT must be > 0');
  const place = claimIn(context, key, name, consumer);
  const { group } = place;
  const ahead = group.pending.filter((one) => compareIds(one.id, from) >= 0);
  const claimed: Reply[] = [];
  const gone: Reply[] = [];
  let looked = 0;
  for (const one of ahead) {
    if (claimed.length + gone.length >= count || looked >= 10 * count) break;
    looked++;
    if (context.now - one.delivered < idle) continue;
    const how = { delivered: context.now, deliveries: null, force: false, justId };
    const shown = claimOne(context, place, one, how);
    if (shown === null) gone.push(formatId(one.id));
    else claimed.push(shown);
  }
  const next = ahead[looked];
  return [next === undefined ? '0-0' : formatId(next.id), claimed, gone];
}

export const STREAM_CLAIMS: readonly Command[] = [
  command('xclaim', -6, 'write fast', [1, 1, 1], claim),
  command('xautoclaim', -6, 'write fast', [1, 1, 1], claimAutomatically),
];
