import { type Command, command, container } from '../command.ts';
import { type ConsumerGroup, compareIds, formatId, type Stream, ZERO_ID } from '../database/stream.ts';
import { failure } from '../protocol/errors.ts';
import { Pairs, type Reply } from '../protocol/reply.ts';
import { groupOf } from './stream-groups.ts';
import { showEntry } from './streams.ts';

function showGroup(stream: Stream, name: string, group: ConsumerGroup): Reply {
  const lag = stream.entries.filter(({ id }) => compareIds(id, group.last) > 0).length;
  const read = stream.added - lag;
  return new Pairs([
    'name',
    name,
    'consumers',
    group.consumers.size,
    'pending',
    group.pending.length,
    'last-delivered-id',
    formatId(group.last),
    'entries-read',
    group.read ?? (read === 0 ? null : read),
    'lag',
    lag,
  ]);
}

const SUBCOMMANDS: readonly Command[] = [
  command('xinfo|stream', -3, 'readonly', [2, 2, 1], (context, [, , key]) => {
    const stream = context.read(key!, 'stream')?.stream;
    if (stream === undefined) throw failure('ERR no such key');
    const [first, last] = [stream.entries[0], stream.entries.at(-1)];
    return new Pairs([
      'length',
      stream.entries.length,
      'radix-tree-keys',
      1,
      'radix-tree-nodes',
      2,
      'last-generated-id',
      formatId(stream.last),
      'max-deleted-entry-id',
      formatId(stream.maxDeleted),
      'entries-added',
      stream.added,
      'recorded-first-entry-id',
      formatId(first?.id ?? ZERO_ID),
      'groups',
      stream.groups.size,
      'first-entry',
      first ? showEntry(first) : null,
      'last-entry',
      last ? showEntry(last) : null,
    ]);
  }),
  command('xinfo|groups', 3, 'readonly', [2, 2, 1], (context, [, , key]) => {
    const stream = context.read(key!, 'stream')?.stream;
    if (stream === undefined) throw failure('ERR no such key');
    return [...stream.groups].map(([name, group]) => showGroup(stream, name, group));
  }),
  command('xinfo|consumers', 4, 'readonly', [2, 2, 1], (context, [, , key, name]) => {
    const stream = context.read(key!, 'stream')?.stream;
    if (stream === undefined) throw failure('ERR no such key');
    const group = groupOf(context, key!, name!);
    return [...group.consumers.values()].map(
      (one) =>
        new Pairs([
          'name',
          one.name,
          'pending',
          group.pending.filter(({ consumer }) => consumer === one.name).length,
          'idle',
          context.now - one.seen,
        ]),
    );
  }),
];

export const STREAM_INFORMATION = container('xinfo', SUBCOMMANDS);
